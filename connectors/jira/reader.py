"""Jira's issue JSON, read as what was seen. The only file that knows its field names.

Whatever is missing or odd raises Unavailable: a garbled answer is asked for again, never guessed.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from connectors.errors import Unavailable
from connectors.jira.answers import Hit, IssueJson
from connectors.jira.mapping import LinkMapping
from lineage.changes import IssueSeen, VersionSeen
from lineage.seen import ChildSeen, EdgeSeen
from lineage.terms import ItemId

FIELDS = (
    "summary",
    "status",
    "statuscategorychangedate",
    "resolution",
    "resolutiondate",
    "issuetype",
    "project",
    "parent",
    "subtasks",
    "issuelinks",
    "fixVersions",
    "components",
    "created",
    "updated",
)
"""What `read` needs to be asked for, besides `expand=changelog`."""
CHILD_FIELDS = ("status",)
HIT_FIELDS = ("summary", "status", "project")
CATEGORIES = frozenset({"new", "indeterminate", "done"})


def read(
    issue: IssueJson, *, mapping: LinkMapping, site: str = "", below: Sequence[IssueJson] = ()
) -> IssueSeen:
    """One issue. `site`: the address people use; else it is taken from the issue's own `self`. `below`: the
    children that a search found, of an issue that does not list its own.

    `state_at` is Jira's resolution date of a done issue, else when the status category changed, else
    `updated`. Raises Unavailable.
    """
    fields = _need(issue, "fields", dict)
    item, key = item_id(issue), _need(issue, "key", str)
    category = _category(fields)
    updated = _moment(fields, "updated")
    resolution = fields.get("resolution")
    resolution_id = _ident(resolution, "resolution") if resolution else None
    done_at = _moment_or_none(fields, "resolutiondate") if category == "done" else None
    edges, unmapped = _links(issue, item, mapping=mapping)
    return IssueSeen(
        item=item,
        key=key,
        summary=_need(fields, "summary", str),
        project=_need(_need(fields, "project", dict), "key", str),
        issue_type=_need(_need(fields, "issuetype", dict), "name", str),
        status=_need(_need(fields, "status", dict), "name", str),
        category=category,
        resolution_id=resolution_id,
        resolution=_need(resolution, "name", str) if resolution else None,
        meaning=mapping.meaning(resolution_id) if resolution_id else None,
        created=_moment(fields, "created"),
        updated=updated,
        state_at=done_at or _moment_or_none(fields, "statuscategorychangedate") or updated,
        edges=edges,
        unmapped_links=unmapped,
        versions=tuple(version(one) for one in _list(fields, "fixVersions")),
        components=tuple(sorted({_need(one, "name", str) for one in _list(fields, "components")})),
        children=_children(fields, below),
        parent=item_id(fields["parent"]) if fields.get("parent") else None,
        url=f"{site.rstrip('/') or _site(issue)}/browse/{key}",
    )


def stands_above(issue: IssueJson) -> bool:
    """Whether it is an epic, or higher still: Jira lists sub-tasks at their issue, but no epic's issues."""
    level = _need(_need(issue, "fields", dict), "issuetype", dict).get("hierarchyLevel")
    return isinstance(level, int) and level > 0


def item_id(issue: IssueJson) -> ItemId:
    """The issue's numeric id, as text. Raises Unavailable."""
    return ItemId(_ident(issue, "issue"))


def version(json: Any) -> VersionSeen:
    """A fix version, in an issue or by itself. Raises Unavailable."""
    return VersionSeen(_ident(json, "version"), _need(json, "name", str), bool(json.get("released")))


def hit(issue: IssueJson) -> Hit:
    """An issue of a search for people. Raises Unavailable."""
    fields = _need(issue, "fields", dict)
    return Hit(
        item=item_id(issue),
        key=_need(issue, "key", str),
        summary=_need(fields, "summary", str),
        status=_need(_need(fields, "status", dict), "name", str),
        category=_category(fields),
        project=_need(_need(fields, "project", dict), "key", str),
    )


def _children(fields: dict[str, Any], below: Sequence[IssueJson]) -> tuple[ChildSeen, ...]:
    found = {item_id(child): child for child in (*_list(fields, "subtasks"), *below)}
    return tuple(
        ChildSeen(item, _need(child, "key", str), done=_category(_need(child, "fields", dict)) == "done")
        for item, child in found.items()
    )


def _links(
    issue: IssueJson, item: ItemId, *, mapping: LinkMapping
) -> tuple[tuple[EdgeSeen, ...], tuple[str, ...]]:
    """The mapped links in our direction, by Jira's link id, and the names of the other types."""
    edges: list[EdgeSeen] = []
    others: dict[str, None] = {}
    for link in _list(_need(issue, "fields", dict), "issuelinks"):
        kind = _need(link, "type", dict)
        edge = mapping.edge(_ident(kind, "link type"))
        if edge is None:
            others[_need(kind, "name", str)] = None
            continue
        is_source = "outwardIssue" in link
        other = _need(link, "outwardIssue" if is_source else "inwardIssue", dict)
        ends = (item, item_id(other)) if is_source else (item_id(other), item)
        keys = (_need(issue, "key", str), _need(other, "key", str))
        at = _made_at(issue, words=_need(kind, "outward" if is_source else "inward", str), key=keys[1])
        if _ident(kind, "link type") in mapping.backwards:
            ends, is_source = (ends[1], ends[0]), not is_source
        dst_key = keys[1] if is_source else keys[0]
        type_id = _ident(kind, "link type")
        edges.append(EdgeSeen(_ident(link, "link"), edge, *ends, dst_key=dst_key, at=at, type_id=type_id))
    edges.sort(key=lambda one: int(one.link_id))
    return tuple(edges), tuple(others)


def _made_at(issue: IssueJson, *, words: str, key: str) -> datetime | None:
    """When the changelog says that this link was made: the newest entry of these words, else to this key."""
    made = [(item, at) for item, at in _link_items(issue) if item.get("to") == key]
    exact = [at for item, at in made if f" {words} {key}" in str(item.get("toString"))]
    return max(exact or [at for _, at in made], default=None)


def _link_items(issue: IssueJson) -> Iterator[tuple[dict[str, Any], datetime]]:
    changelog = issue.get("changelog") or {}
    for entry in _list(changelog, "histories"):
        for item in _list(entry, "items"):
            if isinstance(item, dict) and item.get("field") == "Link":
                yield item, _moment(entry, "created")


def _category(fields: dict[str, Any]) -> str:
    """`undefined`, which Jira has for broken workflows, is not started."""
    status = _need(fields, "status", dict)
    key = _need(_need(status, "statusCategory", dict), "key", str)
    return key if key in CATEGORIES else "new"


def _site(issue: IssueJson) -> str:
    parts = urlsplit(_need(issue, "self", str))
    path = parts.path.partition("/rest/")[0]
    return f"{parts.scheme}://{parts.netloc}{path}"


def _need(of: Any, name: str, kind: type) -> Any:
    """`of[name]`, of this type. Raises Unavailable."""
    value = of.get(name) if isinstance(of, dict) else None
    if not isinstance(value, kind):
        raise garbled(f"{name!r} is missing or not what it should be")
    return value


def _list(of: Any, name: str) -> list[Any]:
    """A list that may be left out."""
    left_out = isinstance(of, dict) and of.get(name) is None
    return [] if left_out else list(_need(of, name, list))


def _ident(of: Any, what: str) -> str:
    """An id, which Jira writes as text here and as a number there."""
    value = of.get("id") if isinstance(of, dict) else None
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit()):
        raise garbled(f"the {what} has no id")
    return text


def _moment(of: Any, name: str) -> datetime:
    """`2026-11-23T10:00:00.000+0100`, in UTC."""
    text = _need(of, name, str)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise garbled(f"{name!r} is no time") from None
    if at.tzinfo is None:
        raise garbled(f"{name!r} has no time zone")
    return at.astimezone(UTC)


def _moment_or_none(of: Any, name: str) -> datetime | None:
    return _moment(of, name) if of.get(name) else None


def garbled(why: str) -> Unavailable:
    """What a garbled answer is raised as."""
    return Unavailable(f"Jira: garbled answer, {why}. It is asked again; if it lasts, report it.")
