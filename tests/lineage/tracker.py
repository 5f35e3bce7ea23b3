"""Issues and their links as a tracker has them, and what reading one issue shows."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any

from lineage.changes import IssueSeen, VersionSeen
from lineage.seen import ChildSeen, EdgeSeen
from lineage.terms import EdgeKind, ItemId

TYPES = {EdgeKind.MERGED: "10002", EdgeKind.SPLIT: "10004"}
"""Which link types mean what, unless somebody says otherwise."""


@dataclass
class Tracker:
    issues: dict[str, IssueSeen] = field(default_factory=dict)
    links: dict[str, EdgeSeen] = field(default_factory=dict)
    meant: dict[str, EdgeKind | None] = field(
        default_factory=lambda: {of: kind for kind, of in TYPES.items()}
    )
    versions: dict[str, VersionSeen] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    parents: dict[ItemId, ItemId] = field(default_factory=dict)
    """Whose child an issue is, as a sub-task or in an epic."""
    _link_ids: Iterator[int] = field(default_factory=lambda: count(1001))  # never the same twice

    def id(self, key: str) -> ItemId:
        if key in self.issues:
            return self.issues[key].item
        project, number = key.split("-")
        return ItemId(f"{1 + 'KS OPS'.index(project)}{int(number):04}")

    def knows(self, key: str) -> bool:
        return key in self.issues

    def make(self, key: str, *, at: datetime, **fields: Any) -> None:
        self.issues[key] = IssueSeen(
            item=self.id(key),
            key=key,
            summary=f"internal words about {key}",
            project=key.split("-", maxsplit=1)[0],
            issue_type="Story",
            status="Open",
            category="new",
            resolution_id=None,
            resolution=None,
            meaning=None,
            created=at,
            updated=at,
            state_at=at,
            url=f"https://jira.example/browse/{key}",
        )
        if fields:
            self.change(key, at=at, **fields)

    def change(self, key: str, *, at: datetime, **fields: Any) -> None:
        issue = self.issues[key]
        moved = ("category" in fields and fields["category"] != issue.category) or "resolution_id" in fields
        state_at = fields.pop("state_at", at if moved else issue.state_at)
        self.issues[key] = replace(issue, updated=at, state_at=state_at, **fields)

    def link(self, kind: EdgeKind, src: str, dst: str, *, at: datetime, link_id: str | None = None) -> str:
        ident = link_id or str(next(self._link_ids))
        self.links[ident] = EdgeSeen(ident, kind, self.id(src), self.id(dst), dst, at, TYPES[kind])
        for key in (src, dst):
            self.change(key, at=at)
        return ident

    def unlink(self, src: str, dst: str, *, at: datetime) -> None:
        ends = (self.id(src), self.id(dst))
        self.links = {ident: edge for ident, edge in self.links.items() if (edge.src, edge.dst) != ends}
        for key in (src, dst):
            self.change(key, at=at)

    def adopt(self, child: str, parent: str | None, *, at: datetime) -> None:
        """The issue becomes a child of this one, or nobody's. The parents do not say that they changed."""
        if parent is None:
            self.parents.pop(self.id(child), None)
        else:
            self.parents[self.id(child)] = self.id(parent)
        self.change(child, at=at)

    def delete(self, key: str, *, at: datetime) -> None:
        """The issue goes for good, and with it what its neighbours list of it."""
        self.gone.add(key)
        ident = self.id(key)
        for edge in [edge for edge in self.links.values() if ident in (edge.src, edge.dst)]:
            ends = {name for name, one in self.issues.items() if one.item in (edge.src, edge.dst)}
            del self.links[edge.link_id]
            for name in ends:
                self.change(name, at=at)

    def version(self, name: str, *, released: bool | None = None) -> VersionSeen:
        """The fix version of this name; made where there is none, changed where `released` says so."""
        known = self.versions.get(name)
        out = released if released is not None else bool(known and known.released)
        self.versions[name] = VersionSeen(f"v{name}", name, out)
        return self.versions[name]

    def move(self, key: str, to: str, *, at: datetime) -> None:
        """The issue goes to another project and gets another key; it keeps its id."""
        issue = self.issues.pop(key)
        self.issues[to] = replace(issue, key=to, project=to.split("-", maxsplit=1)[0], updated=at)

    def seen(self, key: str) -> IssueSeen:
        """The issue as reading it shows it now."""
        issue = self.issues[key]
        edges = tuple(
            replace(edge, kind=kind)
            for edge in self.links.values()
            if issue.item in (edge.src, edge.dst) and (kind := self.meant[str(edge.type_id)])
        )
        versions = tuple(self.versions[one.name] for one in issue.versions)
        children = tuple(
            ChildSeen(one.item, one.key, done=one.category == "done")
            for one in self.issues.values()
            if self.parents.get(one.item) == issue.item and one.key not in self.gone
        )
        parent = self.parents.get(issue.item)
        return replace(issue, edges=edges, versions=versions, children=children, parent=parent)
