"""Jira's webhooks, read as what is dirty. They are unordered, repeated and late, so nothing else is believed.

Only a deletion is news by itself, because nothing else proves one.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

CHILD = "a child changed"
"""In place of an event's name, for a parent: nothing is told of the parent itself."""

PARENT_FIELDS = frozenset({"parent", "issueparentassociation", "epic link"})
"""What Jira's changelog calls the parent, old names and new; `from` is an issue's id."""


class LinkHeard(NamedTuple):
    """A link that came or went; ids as text. The source says the outward words of the destination."""

    link_id: str
    type_id: str
    source: str
    destination: str


@dataclass(frozen=True, slots=True)
class Heard:
    """One object of Jira that changed. `at` is the event's own time; `actor` the account that did it.

    `parent` is whose child an issue is, where that is told.
    """

    object: str
    """`issue`, `version` or `project`."""
    id: str
    event: str
    at: datetime | None = None
    deleted: bool = False
    link: LinkHeard | None = None
    actor: str | None = field(default=None)
    parent: str | None = None


def read(body: bytes) -> list[Heard]:
    """What one webhook says. Empty for an event that we know nothing to do with.

    Raises ValueError for what no Jira sends.
    """
    try:
        said = json.loads(body)
    except RecursionError as e:
        raise ValueError("The body is nested too deeply.") from e
    event = _object(said, "The body").get("webhookEvent")
    if event is None:
        raise ValueError("The body is no Jira webhook: it has no webhookEvent.")
    reader = READERS.get(str(event))
    return reader(said, str(event)) if reader else []


def _issue(said: dict[str, Any], event: str) -> list[Heard]:
    """The issue, and whose child it is or was: no parent says by itself that its children changed."""
    deleted, ident = event == "jira:issue_deleted", _id(said, "issue")
    parent = _number_or_none(_in(said, "issue", "fields", "parent", "id"))
    heard = Heard("issue", ident, event, _at(said), deleted=deleted, actor=_actor(said), parent=parent)
    above = dict.fromkeys(one for one in (parent, *_former_parents(said)) if one and one != ident)
    return [heard, *(Heard("issue", one, CHILD) for one in above)]


def _former_parents(said: dict[str, Any]) -> Iterator[str | None]:
    items = _in(said, "changelog", "items")
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and str(item.get("field")).lower() in PARENT_FIELDS:
            yield _number_or_none(item.get("from"))


def _in(said: Any, *path: str) -> Any:
    for name in path:
        said = said.get(name) if isinstance(said, dict) else None
    return said


def _link(said: dict[str, Any], event: str) -> list[Heard]:
    """Both ends are dirty. Ids are numbers here, and no user is told."""
    link = _object(said.get("issueLink"), "issueLink")
    heard = LinkHeard(
        _number(link.get("id"), "issueLink.id"),
        _id(link, "issueLinkType"),
        _number(link.get("sourceIssueId"), "sourceIssueId"),
        _number(link.get("destinationIssueId"), "destinationIssueId"),
    )
    ends = (heard.source, heard.destination)
    return [Heard("issue", end, event, at=_at(said), link=heard, actor=_actor(said)) for end in ends]


def _version(said: dict[str, Any], event: str) -> list[Heard]:
    deleted = event == "jira:version_deleted"
    return [Heard("version", _id(said, "version"), event, at=_at(said), deleted=deleted, actor=_actor(said))]


def _project(said: dict[str, Any], event: str) -> list[Heard]:
    deleted = event in ("project_deleted", "project_soft_deleted")
    return [Heard("project", _id(said, "project"), event, at=_at(said), deleted=deleted, actor=_actor(said))]


READERS: dict[str, Callable[[dict[str, Any], str], list[Heard]]] = {
    "jira:issue_created": _issue,
    "jira:issue_updated": _issue,
    "jira:issue_deleted": _issue,
    "issuelink_created": _link,
    "issuelink_deleted": _link,
    "jira:version_created": _version,
    "jira:version_updated": _version,
    "jira:version_released": _version,
    "jira:version_unreleased": _version,
    "jira:version_moved": _version,
    "jira:version_merged": _version,
    "jira:version_deleted": _version,
    "project_created": _project,
    "project_updated": _project,
    "project_deleted": _project,
    "project_soft_deleted": _project,
    "project_restored_deleted": _project,
    "project_archived": _project,
    "project_restored_archived": _project,
}
"""Prefixes are irregular in Jira itself, so names are listed and never put together."""


def stamp_ms(body: bytes) -> int | None:
    """The event's own time in epoch milliseconds; None where it tells none. Raises ValueError for no JSON."""
    try:
        said = json.loads(body)
    except RecursionError as e:
        raise ValueError("The body is nested too deeply.") from e
    stamp = said.get("timestamp") if isinstance(said, dict) else None
    return stamp if isinstance(stamp, int) and not isinstance(stamp, bool) else None


def _at(said: dict[str, Any]) -> datetime | None:
    """None where it tells none. Raises ValueError for a time that is none."""
    stamp = said.get("timestamp")
    if stamp is None:
        return None
    try:
        return datetime.fromtimestamp(stamp / 1000, UTC)
    except (TypeError, OverflowError, OSError) as e:
        raise ValueError("The timestamp is no number of milliseconds.") from e


def _actor(said: dict[str, Any]) -> str | None:
    user = said.get("user")
    account = user.get("accountId") if isinstance(user, dict) else None
    return account if isinstance(account, str) else None


def _object(value: Any, name: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise ValueError(f"{name} is no object.")


def _id(said: dict[str, Any], name: str) -> str:
    of = said.get(name)
    return _number(of.get("id") if isinstance(of, dict) else None, name)


def _number_or_none(value: Any) -> str | None:
    try:
        return _number(value, "")
    except ValueError:
        return None


def _number(value: Any, name: str) -> str:
    """An id as text, whether it came as a number or as text."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{name} has no id.")
    return text
