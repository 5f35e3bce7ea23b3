"""What happened on a ticket: audits, comments, relations; a user's tickets; the export of all changes."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.zendesk.problems import bad_request, forbidden
from sandbox.zendesk.records import Json, Ticket
from sandbox.zendesk.rest.here import account, actor, base, decoded, encoded, page
from sandbox.zendesk.shapes import audit_json, comment_json, ticket_json

routes = Blueprint("zendesk_histories", __name__, url_prefix="/api/v2")

MOST = 1000


@routes.get("/tickets/<int:ident>/audits")
def audits(ident: int) -> ResponseReturnValue:
    """Oldest first unless `sort_order=desc` or `sort=-created_at`. Archived tickets do not page."""
    ticket = account().ticket(ident)
    found = [audit_json(one) for one in account().listed_audits(ticket)]
    if newest_first():
        found.reverse()
    if ticket.archived:
        return jsonify(audits=found[:100], next_page=None, previous_page=None, count=len(found))
    return jsonify(page("audits", found))


@routes.get("/tickets/<int:ident>/comments")
def comments(ident: int) -> ResponseReturnValue:
    found = [comment_json(audit, event) for audit, event in account().ticket(ident).comments()]
    if newest_first():
        found.reverse()
    return jsonify(page("comments", found))


@routes.get("/users/<int:ident>/tickets/requested")
def requested(ident: int) -> ResponseReturnValue:
    """All tickets of a user, closed and archived ones too, but for deleted ones."""
    user = account().user(ident)
    found = [
        ticket_json(one, base())
        for one in account().tickets.values()
        if one.requester_id == user.id and one.deleted_at is None
    ]
    return jsonify(page("tickets", found))


def newest_first() -> bool:
    return request.args.get("sort_order") == "desc" or request.args.get("sort", "").startswith("-")


@routes.get("/tickets/<int:ident>/related")
def related(ident: int) -> ResponseReturnValue:
    ticket = account().ticket(ident)
    incidents = sum(1 for one in account().tickets.values() if one.problem_id == ticket.id)
    return jsonify(
        topic_id=None,
        jira_issue_ids=[],
        followup_source_ids=[str(one) for one in ticket.followup_source_ids],
        from_archive=ticket.archived,
        incidents=incidents,
    )


@routes.get("/incremental/tickets/cursor")
def export() -> ResponseReturnValue:
    """Every ticket that changed, deleted ones too, by `generated_timestamp`; not the last minute."""
    if actor().role != "admin":
        raise forbidden()
    now = account().clock.now()
    account().limits.export(now)
    until = now - timedelta(seconds=account().knobs.export_lag_s)
    position = start(until)
    size = min(int(request.args.get("per_page", MOST)), MOST)
    waiting = [one for one in account().tickets.values() if one.generated <= until and place(one) > position]
    waiting.sort(key=place)
    sent = waiting[:size]
    cursor = encoded("{:.6f}||{}".format(*(place(sent[-1]) if sent else position)))
    return jsonify(export_page(sent, cursor, ended=len(waiting) <= size))


def export_page(sent: list[Ticket], cursor: str, *, ended: bool) -> Json:
    url = f"{base()}/api/v2/incremental/tickets/cursor.json?cursor={cursor}"
    return {
        "tickets": [ticket_json(one, base()) for one in sent],
        "after_url": url,
        "before_url": None,
        "after_cursor": cursor,
        "before_cursor": None,
        "end_of_stream": ended,
    }


def place(ticket: Ticket) -> tuple[float, int]:
    """Where a ticket stands in the export."""
    return round(ticket.generated.timestamp(), 6), ticket.id


def start(until: datetime) -> tuple[float, int]:
    """Where the caller wants to begin. Raises Problem 400 and 422."""
    if cursor := request.args.get("cursor"):
        at, _, ident = decoded(cursor).partition("||")
        return float(at), int(ident)
    if not (asked := request.args.get("start_time", "")).isdigit():
        raise bad_request("InvalidValue", "start_time or cursor is required")
    if datetime.fromtimestamp(int(asked), UTC) > until:
        text = "Too recent start_time. Use a start_time older than 60 seconds"
        raise bad_request("InvalidValue", text, status=422)
    return float(asked), -1
