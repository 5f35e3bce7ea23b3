"""What is made in Jira because an engineer said so in the panel: issues, links between them, a step to done.

Jira has no idempotency key for a new issue. So each is made with a mark of ours in a property that is part
of the very call that makes it; whoever does not know whether a call arrived looks for the mark among the
newest issues of the project. The search index is late by seconds: first let some time pass.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from connectors.errors import NotFound, Refused
from connectors.jira import reader
from connectors.jira.client import API, Jira
from connectors.jira.documents import document
from connectors.jira.taking import object_of, rows_of, texts_of
from lineage.terms import ItemId
from store.errors import GiveUp

MARK = "kithspark.made"
"""The property of an issue that we made. It holds the mark and nothing else: whoever browses may read it."""
FILLED = frozenset({"project", "issuetype", "summary", "description", "parent", "reporter"})
PAGE = 200
LOOK_BACK = timedelta(hours=1)
"""Their clock may not be ours."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An issue to be made. `kind`: id of its type; `parent`: for a sub-task, else empty.

    `fields`: what else it must have, by id, as Jira takes it.
    """

    project: str
    kind: str
    summary: str
    description: str
    mark: str
    parent: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    item: ItemId
    key: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of issue that can be made in a project."""

    id: str
    name: str
    subtask: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A way on that the workflow offers an issue now: to this status, of this category."""

    id: str
    to: str
    category: str


def kinds_in(jira: Jira, project: str) -> list[Kind]:
    """The types of issue that our account may make there. Raises what the client raises."""
    answer = _get(jira, f"/issue/createmeta/{quote(project, safe='')}/issuetypes?maxResults={PAGE}")
    found = rows_of(answer, "issueTypes")
    named = [(texts_of(one, "id", "name"), bool(one.get("subtask"))) for one in found]
    return [Kind(ident, name, subtask) for (ident, name), subtask in named]


def kind_named(jira: Jira, project: str, name: str) -> Kind:
    """The type of this name that our account may make there. Raises GiveUp, and what the client raises."""
    for kind in kinds_in(jira, project):
        if kind.name == name:
            return kind
    raise GiveUp(
        f"Jira lets our account make no {name} in {project}. Make the parts in Jira, then split again and "
        "pick them."
    )


def make(jira: Jira, wanted: Wanted) -> Made:
    """A new issue, marked. After Unavailable with `sent` it may be there or not: see `made_before`."""
    fields: dict[str, Any] = {
        **wanted.fields,
        "project": {"key": wanted.project},
        "issuetype": {"id": wanted.kind},
        "summary": wanted.summary,
        "description": document(wanted.description),
    }
    if wanted.parent:
        fields["parent"] = {"id": wanted.parent}
    mark = {"key": MARK, "value": {"mark": wanted.mark}}
    answer = _post(jira, "/issue", {"fields": fields, "properties": [mark]})
    return Made(ItemId(reader.item_id(answer)), *texts_of(answer, "key"))


def made_before(jira: Jira, project: str, mark: str, *, since: datetime, now: datetime) -> Made | None:
    """The issue that bears this mark and was made since then, as the search sees it."""
    minutes = math.ceil((now - since + LOOK_BACK) / timedelta(minutes=1))
    jql = f'project = "{project}" AND created >= "-{minutes}m" ORDER BY created DESC'
    token, seen = None, set[str]()
    while True:
        body = {"jql": jql, "fields": ["summary"], "properties": [MARK], "maxResults": PAGE}
        page = _post(jira, "/search/jql", body | ({"nextPageToken": token} if token else {}))
        rows = rows_of(page, "issues")
        for issue in rows:
            kept = (issue.get("properties") or {}).get(MARK)
            if isinstance(kept, dict) and kept.get("mark") == mark:
                return Made(ItemId(reader.item_id(issue)), *texts_of(issue, "key"))
        token = page.get("nextPageToken")
        if not rows or not token or token in seen:
            return None
        seen.add(token)


def link(jira: Jira, kind: str, *, source: ItemId, destination: ItemId) -> None:
    """The source says the outward words of this type of the destination. A link that is there stays alone.

    Jira calls the source of a link its inward issue.
    """
    ends = {"inwardIssue": {"id": source}, "outwardIssue": {"id": destination}}
    _send(jira, "post", "/issueLink", {"type": {"id": kind}, **ends})


def unlink(jira: Jira, link_id: str) -> None:
    """Remove a link; one that is gone already stays gone."""
    try:
        jira.session.delete(f"{jira.url}{API}/issueLink/{quote(link_id, safe='')}")
    except NotFound:
        return


def steps(jira: Jira, item: ItemId) -> list[Step]:
    """The transitions that our account may take this issue through now."""
    found = []
    for one in rows_of(_get(jira, f"/issue/{item}/transitions"), "transitions"):
        to = one.get("to") or {}
        category = (to.get("statusCategory") or {}).get("key")
        found.append(Step(texts_of(one, "id")[0], texts_of(to, "id")[0], str(category or "")))
    return found


def take(jira: Jira, item: ItemId, step: Step, *, resolution: str | None = None) -> None:
    """Move the issue on. `resolution`: an id, where the screen of this transition takes one."""
    body: dict[str, Any] = {"transition": {"id": step.id}}
    if resolution:
        try:
            _send(
                jira,
                "post",
                f"/issue/{item}/transitions",
                body | {"fields": {"resolution": {"id": resolution}}},
            )
        except Refused as no:
            if no.status != 400:
                raise
        else:
            return
    _send(jira, "post", f"/issue/{item}/transitions", body)


def _get(jira: Jira, path: str) -> dict[str, Any]:
    return object_of(jira.session.get(f"{jira.url}{API}{path}"))


def _post(jira: Jira, path: str, body: dict[str, Any]) -> dict[str, Any]:
    return object_of(jira.session.post(f"{jira.url}{API}{path}", data=json.dumps(body)))


def _send(jira: Jira, method: str, path: str, body: dict[str, Any]) -> None:
    """A call whose answer is empty."""
    jira.session.request(method.upper(), f"{jira.url}{API}{path}", data=json.dumps(body))
