"""Tickets: read, write, merge, delete, restore."""

from flask import Blueprint, g, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.zendesk import merging, writing
from sandbox.zendesk.access import sees
from sandbox.zendesk.problems import bad_request, forbidden, missing
from sandbox.zendesk.records import Json, Ticket
from sandbox.zendesk.rest.here import account, actor, base, given, page
from sandbox.zendesk.rest.idempotency import once
from sandbox.zendesk.shapes import audit_json, iso, ticket_json

routes = Blueprint("zendesk_tickets", __name__, url_prefix="/api/v2")

MANY = 100


def shown(ticket: Ticket) -> Json:
    return ticket_json(ticket, base())


@routes.get("/tickets/<int:ident>")
def show(ident: int) -> ResponseReturnValue:
    ticket = account().ticket(ident)
    if not sees(actor(), ticket):
        raise forbidden()
    return jsonify(ticket=shown(ticket))


@routes.get("/tickets/show_many")
def show_many() -> ResponseReturnValue:
    """By ids, at most 100; deleted ones are left out."""
    ids = [int(one) for one in request.args.get("ids", "").split(",") if one.strip().isdigit()]
    if len(ids) > MANY:
        raise bad_request("TooManyValues", f"ids: {len(ids)} values given, {MANY} allowed")
    found = [account().tickets[i] for i in ids if i in account().tickets]
    return jsonify(
        page("tickets", [shown(one) for one in found if one.deleted_at is None and sees(actor(), one)])
    )


@routes.get("/tickets")
def index() -> ResponseReturnValue:
    """All, or those with one `external_id`, which need not be unique."""
    wanted = request.args.get("external_id")
    found = [
        one
        for one in account().tickets.values()
        if one.deleted_at is None and sees(actor(), one) and (wanted is None or one.external_id == wanted)
    ]
    return jsonify(page("tickets", [shown(one) for one in found]))


@routes.post("/tickets")
def create() -> ResponseReturnValue:
    """With an `Idempotency-Key`, the same key gives the same answer for two hours."""
    return once(created)


def created() -> tuple[int, Json]:
    ticket, audit = writing.create(account(), given("ticket"), actor=actor())
    return 201, {"ticket": shown(ticket), "audit": audit_json(audit)}


@routes.put("/tickets/<int:ident>")
def update(ident: int) -> ResponseReturnValue:
    ticket = account().ticket(ident)
    g.rate_headers |= account().limits.update(ident, actor().id, account().clock.now())
    audit = writing.update(account(), ticket, given("ticket"), actor=actor())
    return jsonify(ticket=shown(ticket), audit=audit_json(audit))


@routes.post("/tickets/<int:ident>/merge")
def merge(ident: int) -> ResponseReturnValue:
    body = request.get_json()
    job = merging.merge_tickets(account(), account().ticket(ident), body, actor=actor())
    return jsonify(job_status={**job, "url": f"{base()}/api/v2/job_statuses/{job['id']}.json"})


@routes.get("/job_statuses/<ident>")
def job_status(ident: str) -> ResponseReturnValue:
    if ident not in account().jobs:
        raise missing()
    url = f"{base()}/api/v2/job_statuses/{ident}.json"
    return jsonify(job_status={**account().jobs[ident], "url": url})


@routes.delete("/tickets/<int:ident>")
def delete(ident: int) -> ResponseReturnValue:
    merging.delete_ticket(account(), account().ticket(ident), actor=actor())
    return "", 204


@routes.get("/deleted_tickets")
def deleted() -> ResponseReturnValue:
    found = [one for one in account().tickets.values() if one.deleted_at and one.deleted_by]
    return jsonify(page("deleted_tickets", [deleted_json(one) for one in found]))


def deleted_json(ticket: Ticket) -> Json:
    by = account().user(ticket.deleted_by or 0)
    return {
        "id": ticket.id,
        "subject": ticket.subject,
        "actor": {"id": by.id, "name": by.name},
        "deleted_at": iso(ticket.deleted_at or ticket.updated),
        "previous_state": ticket.status,
    }


@routes.put("/deleted_tickets/<int:ident>/restore")
def restore(ident: int) -> ResponseReturnValue:
    merging.restore_ticket(account(), merging.deleted_ticket(account(), ident), actor=actor())
    return "", 200


@routes.delete("/deleted_tickets/<int:ident>")
def erase(ident: int) -> ResponseReturnValue:
    job = merging.erase_ticket(account(), merging.deleted_ticket(account(), ident), actor=actor())
    return jsonify(job_status={**job, "url": f"{base()}/api/v2/job_statuses/{job['id']}.json"})
