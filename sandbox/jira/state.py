"""What one Jira site holds: projects, issues, links, versions, history; and how its ids are given out."""

import itertools
import threading
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.clock import Clock
from sandbox.jira.words import (
    ISSUE_TYPES,
    LINK_TYPES,
    RESOLUTIONS,
    STATUSES,
    USERS,
    LinkType,
    Named,
    Status,
    User,
)

HISTORY_SHOWN = 40
"""`expand=changelog` gives at most this many entries, the newest first."""


KINDS = ("issue", "link", "version", "project", "history", "remote link")
"""What has ids."""


@dataclass(slots=True)
class Project:
    """A project. `public`: may be browsed without signing in; `open_to_new`: our account may create there."""

    id: str
    key: str
    name: str
    public: bool = False
    open_to_new: bool = True
    former_keys: list[str] = field(default_factory=list)
    last_number: int = 0


@dataclass(frozen=True, slots=True)
class AskedField:
    """A field that a new issue must have. `kind`: string, textarea, number, date, option, user, or
    "array of option", "array of string"; `values`: what may be chosen, by id.
    """

    name: str
    kind: str = "string"
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Version:
    """A fix version of one project."""

    id: str
    name: str
    project_id: str
    released: bool = False
    release_date: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """The source says the type's outward words of the destination. Ids are Jira's, as text."""

    id: str
    type: LinkType
    source: str
    destination: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry of an issue's changelog; `items` in Jira's own shape."""

    id: str
    at: datetime
    author: User
    items: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Alias:
    """A word of JQL for a value inside a property. `type`: number, string, text or date.

    `since`: the index holds what was written from then on; None: everything.
    """

    key: str
    path: str
    type: str = "number"
    since: datetime | None = None


@dataclass(slots=True)
class Issue:
    """One issue. Its id is for ever; its key and project are not."""

    id: str
    key: str
    project_id: str
    type: Named
    summary: str
    description: str
    status: Status
    creator: User
    created: datetime
    updated: datetime
    category_at: datetime
    resolution: Named | None = None
    resolved_at: datetime | None = None
    parent_id: str | None = None
    version_ids: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    components: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    """The asked fields of the site, as they were given."""
    history: list[HistoryEntry] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)
    written_at: dict[str, datetime] = field(default_factory=dict)
    """When each property was written last."""
    remote_links: dict[str, dict[str, Any]] = field(default_factory=dict)


class NoSuchIssue(LookupError):
    """No issue of that id or key: deleted, hidden, or never there."""


@dataclass
class Site:
    """Everything in memory behind one lock. Ask for `now` instead of the clock: no two changes share a stamp.

    `index_lag_s`: how long the search index needs to learn of a change (0: at once).
    `aliases`: JQL words for property values, which an app brings.
    `search_quirk`: how search misbehaves: "", "repeats token" or "never last".
    `utc_offset`: the time zone of the profile that reads. `denied`: permission keys that nobody has.
    `forbidden`: account id and permission key, of what one person lacks; `no_admin`: the caller of REST is
    no Jira administrator. `asked_fields`: by project key, the fields besides the usual ones that a new issue
    must have there, by id, with their names, or as an `AskedField`.
    `hidden`: account id and issue id, of an issue that one person may not browse; `uneditable`: not edit.
    `per_issue_writes`: how often one issue may be written within two seconds; None: as often as one likes.
    """

    clock: Clock
    first_id: int = 10001
    url: str = ""
    index_lag_s: float = 0.0
    search_quirk: str = ""
    utc_offset: str = "+0000"
    per_issue_writes: int | None = None
    aliases: dict[str, Alias] = field(default_factory=dict)
    users: list[User] = field(default_factory=lambda: list(USERS))
    link_types: list[LinkType] = field(default_factory=lambda: list(LINK_TYPES))
    resolutions: list[Named] = field(default_factory=lambda: list(RESOLUTIONS))
    projects: dict[str, Project] = field(default_factory=dict)
    issues: dict[str, Issue] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    versions: dict[str, Version] = field(default_factory=dict)
    former_issue_keys: dict[str, str] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    denied: set[str] = field(default_factory=set)
    forbidden: set[tuple[str, str]] = field(default_factory=set)
    no_admin: bool = False
    asked_fields: dict[str, dict[str, str | AskedField]] = field(default_factory=dict)
    hidden: set[tuple[str, str]] = field(default_factory=set)
    uneditable: set[tuple[str, str]] = field(default_factory=set)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _unindexed: dict[str, list[tuple[datetime, Issue | None]]] = field(default_factory=dict)
    _ids: dict[str, Iterator[int]] = field(default_factory=dict)
    _last: datetime | None = None

    def now(self) -> datetime:
        """The site's time in whole milliseconds, never the same twice: what `updated` is stamped with."""
        now = self.clock.now()
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        if self._last is not None and now <= self._last:
            now = self._last + timedelta(milliseconds=1)
        self._last = now
        return now

    def new_id(self, of: str) -> str:
        """The next id of this kind of thing; of each kind in a range of its own, so that a mix-up shows."""
        start = self.first_id + 10_000 * KINDS.index(of)
        return str(next(self._ids.setdefault(of, itertools.count(start))))

    def issue(self, id_or_key: str) -> Issue:
        """By id, key, or a key it had before it moved. Raises NoSuchIssue."""
        wanted = id_or_key.upper()
        if wanted in self.issues:
            return self.issues[wanted]
        for issue in self.issues.values():
            if issue.key == wanted:
                return issue
        known = self.former_issue_keys.get(wanted)
        if known in self.issues:
            return self.issues[known]
        raise NoSuchIssue(id_or_key)

    def project(self, id_or_key: str) -> Project:
        """By id or key, former keys included. Raises KeyError."""
        wanted = id_or_key.upper()
        for project in self.projects.values():
            if wanted in (project.id, project.key, *project.former_keys):
                return project
        raise KeyError(id_or_key)

    def links_of(self, issue: Issue) -> list[Link]:
        return [link for link in self.links.values() if issue.id in (link.source, link.destination)]

    def children_of(self, issue: Issue) -> list[Issue]:
        return [child for child in self.issues.values() if child.parent_id == issue.id]

    def subtasks_of(self, issue: Issue) -> list[Issue]:
        return [child for child in self.children_of(issue) if child.type.name == "Sub-task"]

    def issue_type(self, id_or_name: str) -> Named:
        """Raises KeyError."""
        for kind in ISSUE_TYPES:
            if id_or_name in (kind.id, kind.name):
                return kind
        raise KeyError(id_or_name)

    def status_of(self, category: str) -> Status:
        """The workflow's status in this category. Raises KeyError."""
        for status in STATUSES:
            if status.category == category:
                return status
        raise KeyError(category)

    def resolution_called(self, id_or_name: str) -> Named:
        """Raises KeyError."""
        for resolution in self.resolutions:
            if id_or_name in (resolution.id, resolution.name):
                return resolution
        raise KeyError(id_or_name)

    def link_type(self, id_or_name: str) -> LinkType:
        """Raises KeyError."""
        for kind in self.link_types:
            if id_or_name in (kind.id, kind.name):
                return kind
        raise KeyError(id_or_name)

    def will_change(self, issue: Issue | str) -> None:
        """Call before each change (with the id of one about to be made): what the index still knows."""
        if not self.index_lag_s:
            return
        ident = issue if isinstance(issue, str) else issue.id
        before = None if isinstance(issue, str) else deepcopy(issue)
        self._unindexed.setdefault(ident, []).append((self.clock.now(), before))

    def indexed(self, reconcile: set[str]) -> list[Issue]:
        """The issues as search sees them: late by `index_lag_s`, but for those to be reconciled."""
        horizon = self.clock.now() - timedelta(seconds=self.index_lag_s)
        seen: list[Issue] = []
        for issue in self.issues.values():
            pending = [before for at, before in self._unindexed.get(issue.id, []) if at > horizon]
            if not pending or issue.id in reconcile:
                seen.append(issue)
            elif pending[0] is not None:
                seen.append(pending[0])
        return seen
