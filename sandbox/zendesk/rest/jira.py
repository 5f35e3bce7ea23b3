"""Both APIs of links to Jira issues, and the old address of the first. Admins only, where it is allowed."""

from collections.abc import Callable

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.zendesk import jira_links
from sandbox.zendesk.jira_links import JiraLink
from sandbox.zendesk.problems import bad_request, forbidden, missing
from sandbox.zendesk.records import Json
from sandbox.zendesk.rest.here import account, actor, base, decoded, encoded

routes = Blueprint("zendesk_jira_links", __name__)

MOST, MOST_OF_THE_SECOND = 1000, 100


def allowed(external_id: str | None) -> None:
    """Raises Problem 403 and 404."""
    if account().knobs.jira_integration != external_id:
        raise missing()
    if actor().role != "admin" or not account().knobs.manage_links:
        raise forbidden()


def wanted() -> list[JiraLink]:
    """In order of their ids, as filtered by ticket or issue."""
    ticket, issue = request.args.get("filter[ticket_id]"), request.args.get("filter[issue_id]")
    return [
        one
        for one in sorted(account().jira_links, key=lambda one: one.id)
        if ticket in (None, str(one.ticket)) and issue in (None, one.issue)
    ]


def cursor_page(links: list[JiraLink], shown: Callable[[JiraLink], Json], *, most: int) -> Json:
    """Not the usual page: `links` is what was asked for, so where the next page is stands in `meta` alone."""
    size = int(request.args.get("page[size]", most))
    if not 0 < size <= most:
        raise bad_request("InvalidPaginationParameter", f"page[size] must be from 1 to {most}")
    after = request.args.get("page[after]")
    position = int(decoded(after)) if after else 0
    left = [one for one in links if one.id > position]
    page = left[:size]
    cursor = encoded(page[-1].id) if page else None
    first = encoded(page[0].id) if page else None
    meta = {"has_more": len(left) > size, "after_cursor": cursor, "before_cursor": first}
    return {"links": [shown(one) for one in page], "meta": meta}


@routes.get("/api/v2/jira/links")
def first() -> ResponseReturnValue:
    allowed(None)
    return jsonify(cursor_page(wanted(), lambda one: jira_links.first_json(one, base()), most=MOST))


@routes.get("/api/services/jira/links")
def old() -> ResponseReturnValue:
    """The links after `since_id`; there are no more once none comes."""
    allowed(None)
    since = int(request.args.get("since_id", 0))
    page = [one for one in wanted() if one.id > since][:MOST]
    return jsonify(links=[jira_links.first_json(one, base()) for one in page], total=len(page))


@routes.post("/api/services/jira/links")
def create() -> ResponseReturnValue:
    allowed(None)
    asked = (request.get_json(silent=True) or {}).get("link") or {}
    try:
        ticket, issue, key = int(asked["ticket_id"]), str(asked["issue_id"]), str(asked["issue_key"])
    except (KeyError, ValueError, TypeError):
        raise bad_request("RecordInvalid", "ticket_id, issue_id and issue_key are required") from None
    made = jira_links.add(account(), ticket, issue, key, made=None)
    return jsonify(link=jira_links.first_json(made, base())), 201


@routes.get("/api/v2/integrations/jira/<external_id>/links")
def second(external_id: str) -> ResponseReturnValue:
    allowed(external_id)
    links = wanted()
    page = cursor_page(links, lambda one: jira_links.second_json(one, external_id), most=MOST_OF_THE_SECOND)
    return jsonify(page)
