"""Tickets that become one, that are deleted and come back; users that become one."""

from sandbox.zendesk.account import Account
from sandbox.zendesk.changes import Draft
from sandbox.zendesk.problems import bad_request, missing
from sandbox.zendesk.records import Json, Ticket, User, via
from sandbox.zendesk.shapes import iso, ticket_detail
from sandbox.zendesk.writing import comment, finish, new_audit

MERGEABLE = ("new", "open", "pending", "hold")
"""Neither side of a merge may be solved or closed."""


def merge_tickets(account: Account, target: Ticket, given: Json, *, actor: User) -> Json:
    """Merge `given["ids"]` into the target; the job that tells of it, done when it is next asked for."""
    sources = [account.ticket(int(ident)) for ident in given.get("ids") or []]
    results: list[Json] = []
    for source in sources:
        fits = source is not target and source.status in MERGEABLE and target.status in MERGEABLE
        if fits:
            merge_one(account, source, target, given, actor=actor)
        outcome = {"action": "merge", "id": source.id, "success": fits}
        results.append(
            {**outcome, "status": "Updated"} if fits else {**outcome, "error": "TicketMergeFailed"}
        )
    return new_job(account, "Merge tickets", results)


def merge_one(account: Account, source: Ticket, target: Ticket, given: Json, *, actor: User) -> None:
    """The source is closed with a tag and a comment; the target gets a comment, and keeps its requester."""
    last = source.comments()[-1][1]["body"]
    into = given.get("target_comment") or (
        f'Request #{source.id} "{source.subject}" was closed and merged into this request. '
        f"Last comment in request #{source.id}:\n\n{last}"
    )
    away = given.get("source_comment") or (
        f'This request was closed and merged into request #{target.id} "{target.subject}".'
    )
    public = bool(given.get("target_comment_is_public"))
    if public and source.requester_id != target.requester_id:
        target.collaborator_ids = [*target.collaborator_ids, source.requester_id]
    how = via("web", rel="merge", source={"ticket_ids": [source.id]})
    kept = Draft(account, target, new_audit(account, target, actor, how, None))
    comment(kept, {"body": into, "public": public}, actor=actor)
    finish(kept, created=False)

    how = via("web", rel="merge", source={"ticket_id": target.id, "subject": target.subject})
    gone = Draft(account, source, new_audit(account, source, actor, how, None))
    comment(gone, {"body": away, "public": bool(given.get("source_comment_is_public"))}, actor=actor)
    gone.set_tags([*source.tags, "closed_by_merge"])
    gone.set_status("closed")
    gone.told.append(("ticket.merged", {"target_ticket_id": str(target.id)}))
    finish(gone, created=False)


def new_job(account: Account, kind: str, results: list[Json]) -> Json:
    """A job, queued as the first answer tells it."""
    ident = "V3-" + "".join(account.rng.choices("0123456789abcdef", k=32))
    job = {"id": ident, "job_type": kind, "total": len(results), "progress": None, "status": "queued"}
    account.jobs[ident] = {
        **job,
        "progress": len(results),
        "status": "completed",
        "message": f"Completed at {account.stamp():%Y-%m-%d %H:%M:%S} +0000",
        "results": results,
    }
    return {**job, "message": None, "results": None}


def tell_ticket(account: Account, ticket: Ticket, kind: str, *, actor: User) -> None:
    account.tell(kind, f"zen:ticket:{ticket.id}", ticket_detail(ticket, actor_id=actor.id), {})


def delete_ticket(account: Account, ticket: Ticket, *, actor: User) -> None:
    """Softly: it can be restored."""
    ticket.deleted_at, ticket.deleted_by = account.stamp(), actor.id
    ticket.generated = account.clock.now()
    tell_ticket(account, ticket, "ticket.soft_deleted", actor=actor)


def deleted_ticket(account: Account, ident: int) -> Ticket:
    """Raises Problem 404 for a ticket that is not among the deleted ones."""
    ticket = account.tickets.get(ident)
    if ticket is None or ticket.deleted_at is None:
        raise missing()
    return ticket


def restore_ticket(account: Account, ticket: Ticket, *, actor: User) -> None:
    ticket.deleted_at = ticket.deleted_by = None
    ticket.generated = account.clock.now()
    tell_ticket(account, ticket, "ticket.undeleted", actor=actor)


def erase_ticket(account: Account, ticket: Ticket, *, actor: User) -> Json:
    """For good: nothing of it is left."""
    tell_ticket(account, ticket, "ticket.permanently_deleted", actor=actor)
    del account.tickets[ticket.id]
    return new_job(account, "Permanently delete tickets", [{"id": ticket.id, "success": True}])


def merge_users(account: Account, loser: User, survivor: User) -> None:
    """Everything of the loser becomes the survivor's. End users only: Problem 422 else."""
    if loser.staff or loser is survivor:
        raise bad_request("RecordInvalid", "Only end users can be merged", status=422)
    for one in loser.identities:
        one.primary = False
        survivor.identities.append(one)
    loser.identities, loser.active, loser.merged_into = [], False, survivor.id
    for ticket in account.tickets.values():
        if ticket.requester_id == loser.id:
            # No ticket event: `updated_at` stays, only the export notices.
            ticket.requester_id, ticket.generated = survivor.id, account.clock.now()
        ticket.collaborator_ids = [survivor.id if i == loser.id else i for i in ticket.collaborator_ids]
    survivor.updated = loser.updated = account.stamp()
    detail = user_detail(loser)
    account.tell("user.merged", f"zen:user:{loser.id}", detail, {"user": {"id": str(survivor.id)}})


def user_detail(user: User) -> Json:
    return {
        "id": str(user.id),
        "email": user.email,
        "external_id": user.external_id,
        "organization_id": str(user.organization_id or 0),
        "role": user.role,
        "created_at": iso(user.created),
        "updated_at": iso(user.updated),
    }


def suspend(account: Account, user: User, *, suspended: bool) -> None:
    previous, user.suspended, user.updated = user.suspended, suspended, account.stamp()
    event = {"current": suspended, "previous": previous}
    account.tell("user.suspended_changed", f"zen:user:{user.id}", user_detail(user), event)
