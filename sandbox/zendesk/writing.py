"""Creating and updating tickets, by the rules that matter to somebody who writes a reply."""

from datetime import datetime
from typing import Any

from sandbox.zendesk.account import Account
from sandbox.zendesk.changes import EDITABLE_WHEN_CLOSED, PLAIN, Draft
from sandbox.zendesk.comments import add_comment
from sandbox.zendesk.problems import bad_request, collided, invalid
from sandbox.zendesk.records import Audit, Json, Ticket, User, via
from sandbox.zendesk.shapes import ticket_detail
from sandbox.zendesk.triggers import note_mark, run_triggers

API = via("api")


def update(account: Account, ticket: Ticket, given: Json, *, actor: User, how: Json = API) -> Audit:
    """Apply what a PUT gives. Nothing is applied when a Problem (409, 422) is raised.

    An update that changes nothing makes no audit and does not move `updated_at`: its audit has no events.
    """
    check_closed(ticket, given)
    check_stamp(ticket, given)
    before = dict(vars(ticket))
    draft = Draft(account, ticket, new_audit(account, ticket, actor, how, given.get("metadata")))
    try:
        draft.apply(given)
        if given.get("comment"):
            comment(draft, given["comment"], actor=actor)
    except Exception:
        vars(ticket).update(before)
        raise
    if draft.audit.events:
        finish(draft, created=False)
        if ticket.type == "problem" and any(_solves(event) for event in draft.audit.events):
            solve_incidents(account, ticket, draft.audit, actor=actor)
    return draft.audit


def _solves(event: Json) -> bool:
    return (event.get("field_name"), event.get("value")) == ("status", "solved")


def solve_incidents(account: Account, problem: Ticket, solved: Audit, *, actor: User) -> None:
    """Whoever solves a problem solves its incidents, with the same comment."""
    words = [{"body": one["body"], "public": one["public"]} for one in solved.comments()]
    how = via("system", rel="problem", source={"ticket_id": problem.id, "subject": problem.subject})
    for one in list(account.tickets.values()):
        if one.problem_id != problem.id or one.status in ("solved", "closed") or one.deleted_at:
            continue
        draft = Draft(account, one, new_audit(account, one, actor, how, None))
        for each in words:
            comment(draft, each, actor=actor)
        draft.set_assignee(one.assignee_id or actor.id)
        draft.set_status("solved")
        finish(draft, created=False)


def comment(draft: Draft, given: Json, *, actor: User) -> None:
    """A comment; the requester's own opens a waiting ticket again."""
    event = add_comment(draft.account, draft.ticket, draft.audit, given, actor=actor)
    author = draft.account.user(event["author_id"])
    if not author.staff and draft.ticket.status in ("pending", "hold", "solved"):
        draft.set_status("open")
    told = {"id": str(event["id"]), "body": event["body"], "is_public": event["public"]}
    by = {"id": str(author.id), "is_staff": author.staff, "name": author.name}
    draft.told.append(("ticket.comment_added", {"comment": {**told, "author": by}}))


def create(account: Account, given: Json, *, actor: User, how: Json = API) -> tuple[Ticket, Audit]:
    """A new ticket with its first comment. Raises Problem 422."""
    words = given.get("comment") or {"body": given.get("description")}
    if not (words.get("body") or words.get("html_body")):
        raise invalid("base", "Description: cannot be blank")
    requester = requester_of(account, given) or actor
    if requester.suspended:
        raise invalid("requester", f"Requester: {requester.name} is suspended.")
    if given.get("status") == "solved" and not given.get("assignee_id"):
        raise invalid("base", "Assignee: is required when solving a ticket")
    source = followed(account, given)
    ticket = new_ticket(account, given, requester=requester, actor=actor, how=how)
    if source is not None:
        join(account, ticket, source, given)
    draft = Draft(account, ticket, new_audit(account, ticket, actor, ticket.via, given.get("metadata")))
    first = {"author_id": given.get("submitter_id") or actor.id, **words}
    event = add_comment(account, ticket, draft.audit, first, actor=actor)
    ticket.description = event["body"]
    draft.set_assignee(given.get("assignee_id"))
    draft.set_status(given.get("status") or ticket.status)
    created_events(account, draft)
    account.tickets[ticket.id] = ticket
    finish(draft, created=True, followup_of=source.id if source else None)
    return ticket, draft.audit


def requester_of(account: Account, given: Json) -> User | None:
    """By id; or by address, and then made where nobody has that. Raises Problem 404 and 422."""
    if given.get("requester_id"):
        return account.user(int(given["requester_id"]))
    told = given.get("requester")
    if not told:
        return None
    if not isinstance(told, dict) or "@" not in str(told.get("email")):
        raise invalid("requester", "Requester: Email is not properly formatted")
    email = str(told["email"])
    return account.user_by_email(email) or account.add_user(str(told.get("name") or email), email)


def new_ticket(account: Account, given: Json, *, requester: User, actor: User, how: Json) -> Ticket:
    now = account.stamp()
    ticket = Ticket(
        id=account.new_ticket_id(),
        subject=given.get("subject") or "",
        requester_id=requester.id,
        submitter_id=int(given.get("submitter_id") or actor.id),
        created=now,
        updated=now,
        generated=account.clock.now(),
        via=how,
        organization_id=given.get("organization_id") or requester.organization_id,
        tags=sorted({tag.casefold() for tag in given.get("tags") or []}),
    )
    for name in PLAIN[1:]:
        if given.get(name):
            setattr(ticket, name, given[name])
    return ticket


def followed(account: Account, given: Json) -> Ticket | None:
    """The closed ticket that a new one continues; one that is not closed is silently not linked."""
    ident = given.get("via_followup_source_id")
    if not ident:
        return None
    source = account.tickets.get(int(ident))
    return source if source is not None and source.status == "closed" else None


def join(account: Account, ticket: Ticket, source: Ticket, given: Json) -> None:
    """Make `ticket` the follow-up of `source`."""
    origin = {"ticket_id": source.id, "subject": source.subject, "channel": source.via["channel"]}
    ticket.via = via(ticket.via["channel"], rel="follow_up", source=origin)
    ticket.followup_source_ids.append(source.id)
    if "tags" not in given:
        ticket.tags = list(source.tags)
    source.followup_ids.append(ticket.id)
    source.generated = account.clock.now()


def created_events(account: Account, draft: Draft) -> None:
    """The first audit tells the first values, not changes."""
    draft.audit.events[1:] = []
    for name in ("subject", "status", "priority", "type", "requester_id", "organization_id", "assignee_id"):
        value: Any = getattr(draft.ticket, name)
        if value is not None:
            event = {"id": account.new_id(), "type": "Create", "field_name": name}
            draft.audit.events.append({**event, "value": str(value)})
    tags = {"id": account.new_id(), "type": "Create", "field_name": "tags", "value": draft.ticket.tags}
    draft.audit.events.append(tags)
    draft.told[:] = [("ticket.created", {})]


def new_audit(account: Account, ticket: Ticket, actor: User, how: Json, mark: Any) -> Audit:
    if mark is not None and not isinstance(mark, dict):
        raise bad_request("InvalidValue", "metadata must be an object")
    return Audit(account.new_id(), ticket.id, actor.id, account.stamp(), how, dict(mark or {}))


def finish(draft: Draft, *, created: bool, followup_of: int | None = None) -> None:
    """Keep the audit, run the triggers, move the stamps and tell the webhooks."""
    account, ticket = draft.account, draft.ticket
    ticket.audits.append(draft.audit)
    run_triggers(account, ticket, draft.audit, created=created)
    ticket.updated, ticket.generated = draft.audit.created, account.clock.now()
    note_mark(account, ticket, draft.audit, followup_of)
    detail = ticket_detail(ticket, actor_id=draft.audit.author_id)
    for kind, event in draft.told:
        account.tell(kind, f"zen:ticket:{ticket.id}", detail, event)


def check_closed(ticket: Ticket, given: Json) -> None:
    """A closed ticket takes tags, subject and priority, and nothing else. Raises Problem 422."""
    if ticket.status == "closed" and set(given) - EDITABLE_WHEN_CLOSED - {"metadata", "id"}:
        raise invalid("status", "Status: closed prevents ticket update")


def check_stamp(ticket: Ticket, given: Json) -> None:
    """`safe_update`, be it true or false, compares whole seconds. Raises Problem 409."""
    if "safe_update" not in given or not given.get("updated_stamp"):
        return
    try:
        stamp = datetime.fromisoformat(str(given["updated_stamp"]))
    except ValueError:
        raise bad_request("InvalidValue", "updated_stamp is not a date") from None
    if stamp != ticket.updated:
        raise collided()
