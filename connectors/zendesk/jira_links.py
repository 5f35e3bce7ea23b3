"""The links to Jira issues that Zendesk's own Jira app keeps, page by page, from whichever of its APIs.

Ids come as strings, a key is that of the day on which the link was made, and the second API tells no time.
All of them answer 403 until an administrator allows "Manage links" in the app's settings.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from connectors.errors import NotFound, Unauthorized, Unavailable
from connectors.zendesk.answers import Json
from connectors.zendesk.client import Zendesk, objects
from connectors.zendesk.reader import when

FIRST, OLD = "first", "old"
"""Which API: the first, or the first at its old address; anything else is an integration of the second."""

MOST, MOST_OF_THE_SECOND = 1000, 100
ID_CHARS, KEY_CHARS = 40, 120

SHUT = (
    'Zendesk answers 403 when it is asked for its links to Jira: an administrator allows "Manage links" in '
    "the settings of Zendesk's Jira app, and the owner of the OAuth client must be an administrator. Then "
    "start the import again."
)


@dataclass(frozen=True, slots=True)
class JiraLink:
    """`at`: when it was made; None where that is not told. `key` may be stale."""

    ticket: str
    issue: str
    key: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Links:
    """One page, and the `cursor` of the next; empty after the last."""

    links: tuple[JiraLink, ...]
    cursor: str
    source: str
    """The API that answered: the old address where the account has no other."""


def page(client: Zendesk, source: str, cursor: str) -> Links:
    """One page. Raises Unauthorized with what to do, NotFound, and whatever the client raises."""
    try:
        if source == FIRST:
            try:
                return _by_cursor(client, source, f"jira/links?page[size]={MOST}", cursor)
            except NotFound:
                if cursor:
                    raise
                source = OLD
        if source == OLD:
            return _by_number(client, cursor)
        where = f"integrations/jira/{quote(source, safe='')}/links?page[size]={MOST_OF_THE_SECOND}"
        return _by_cursor(client, source, where, cursor)
    except Unauthorized as refusal:
        if refusal.whole_account:
            raise
        raise Unauthorized(SHUT, status=refusal.status) from refusal


def _by_cursor(client: Zendesk, source: str, path: str, cursor: str) -> Links:
    answer = client.get(f"{path}&page[after]={quote(cursor, safe='')}" if cursor else path)
    found, meta = tuple(map(_link, objects(answer, "links"))), answer.get("meta")
    if not isinstance(meta, dict):
        raise Unavailable(
            "Zendesk's page of links does not say whether more follow. It is asked again later."
        )
    after = str(meta.get("after_cursor") or "") if meta.get("has_more") else ""
    if after and after == cursor:
        raise Unavailable("Zendesk's list of links leads in a circle. It is read again later.")
    return Links(found, after, source)


def _by_number(client: Zendesk, cursor: str) -> Links:
    """The old address gives what follows a link's number, and ends with a page of nothing."""
    rows = objects(client.get(f"/api/services/jira/links.json?since_id={cursor or 0}"), "links")
    last = max((_number(row) for row in rows), default=0)
    if rows and last <= int(cursor or 0):
        raise Unavailable("Zendesk's list of links leads in a circle. It is read again later.")
    return Links(tuple(map(_link, rows)), str(last) if rows else "", OLD)


def _link(row: Json) -> JiraLink:
    ticket, issue = (str(row.get(name) or "")[:ID_CHARS] for name in ("ticket_id", "issue_id"))
    if not (ticket and issue):
        raise Unavailable("Zendesk's list has a link without its ticket or issue. It is read again later.")
    made = row.get("created_at")
    try:
        return JiraLink(
            ticket, issue, str(row.get("issue_key") or "")[:KEY_CHARS], when(str(made)) if made else None
        )
    except ValueError:
        raise Unavailable("Zendesk's list has a link with no usable time. It is read again later.") from None


def _number(row: Json) -> int:
    number = row.get("id")
    if not isinstance(number, int):
        raise Unavailable("Zendesk's list has a link without its number. It is read again later.")
    return number
