"""What happened to an issue, to what somebody asked, or to a person: the history, found and read out (§6)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select, union

from lineage.batches import batched
from lineage.history import About
from lineage.questions.history_words import Names, in_words, issues_in
from lineage.questions.views import Shape, moment
from lineage.tables import asks, history, history_about, items, persons, requests
from lineage.terms import AskId, ItemId, PersonId
from lineage.votes import voted_for
from lineage.world import CHUNK, World
from store.workspaces import Workspace

PLACES = 100
"""Things whose rows are looked up in one statement."""

OF_THE_PERSON = ("PartsChosen", "Assigned", "PutBack", "OptedOut", "OptedIn")
"""What a person decides matters to all of their asks; the rest of their history is that of other asks."""

TELLERS = {
    "IssueSeen": "Jira", "IssueDeleted": "Jira", "IssueUnreadable": "Jira", "VersionSeen": "Jira",
    "TicketSeen": "Zendesk", "CompanySeen": "HubSpot", "Voted": "the voter", "VoteWithdrawn": "the voter",
    "Told": "Kithspark", "Recalled": "Kithspark",
}  # fmt: skip
"""Who said so, where nobody clicked."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that happened. `at` is when, by its teller's own time, `heard_at` when we heard of it.

    `who` is a person by name or address, or the system that told; `cause` names the delivery, click or poll.
    """

    at: datetime
    heard_at: datetime
    who: str
    what: str
    cause: str
    issues: frozenset[str] = frozenset()
    """The ids of those that `what` names."""

    def as_json(self) -> Shape:
        return {
            "at": moment(self.at), "heard_at": moment(self.heard_at), "who": self.who, "what": self.what,
            "cause": self.cause,
        }  # fmt: skip


def history_of(
    conn: Connection,
    workspace: Workspace,
    *,
    item_id: ItemId | None = None,
    asks: Collection[AskId] = (),
    person_id: PersonId | None = None,
    limit: int = 100,
) -> list[HistoryEntry]:
    """The newest `limit` rows about this issue, or these asks, or this person, in the order they happened.

    An issue: what became of it, who asked, what was said of it. An ask: its request, and what became of
    the issues that it is on or came by. A person: all they asked and were told.
    """
    about: set[About] = set()
    if item_id is not None:
        about |= {About("item", item_id), About("asked", item_id)}
    if asks:
        about |= _about_asks(conn, workspace, asks)
    if person_id is not None:
        about.add(About("person", str(person_id)))
        about |= _posts(conn, requests.c.person_id == person_id, workspace)
    return _entries(conn, workspace, _rows(conn, workspace, about, limit))


def _about_asks(conn: Connection, workspace: Workspace, wanted: Collection[AskId]) -> set[About]:
    world = World(conn, workspace.id)
    world.load_asks(wanted)
    about = {
        About("item", node.item) for ask in wanted if ask in world.asks for node in world.rest(ask).passed
    }
    query = (
        select(asks.c.item_id, asks.c.request_id, requests.c.person_id)
        .join(requests, requests.c.id == asks.c.request_id)
        .where(asks.c.workspace_id == workspace.id)
    )
    for chunk in batched(wanted, CHUNK):
        found = conn.execute(query.where(asks.c.id.in_(chunk))).all()
        for row in found:
            about |= {About("item", row.item_id), About("request", str(row.request_id))}
            about.add(About(DECIDED, str(row.person_id)))
        about |= _posts(conn, requests.c.id.in_([row.request_id for row in found]), workspace)
    return about


DECIDED = "decided"
"""Here alone: of a person, only what they decided."""


def _posts(conn: Connection, which: Any, workspace: Workspace) -> set[About]:
    """The posts for which these requests are votes: placing a post links all of them."""
    query = select(requests.c.origin).where(requests.c.workspace_id == workspace.id, which)
    return {About("post", post) for origin in conn.scalars(query) if (post := voted_for(origin))}


def _rows(conn: Connection, workspace: Workspace, about: Iterable[About], limit: int) -> list[Row[Any]]:
    found: dict[int, Row[Any]] = {}
    for chunk in batched(sorted(about), PLACES):
        newest = union(*(select(_newest(workspace, one, limit).subquery()) for one in chunk))
        query = select(history).where(history.c.id.in_(newest)).order_by(history.c.id.desc()).limit(limit)
        found |= {row.id: row for row in conn.execute(query)}
    return [found[ident] for ident in sorted(found)[-limit:]]


def _newest(workspace: Workspace, one: About, limit: int) -> Select[int]:
    table = history_about
    role = "person" if one.role == DECIDED else one.role
    query = select(table.c.history_id).where(
        table.c.workspace_id == workspace.id, table.c.role == role, table.c.ref == one.ref
    )
    if one.role == DECIDED:
        kinds = history.c.kind.in_(OF_THE_PERSON)
        query = query.join(history, history.c.id == table.c.history_id).where(kinds)
    return query.order_by(table.c.history_id.desc()).limit(limit)


def _entries(conn: Connection, workspace: Workspace, rows: Sequence[Row[Any]]) -> list[HistoryEntry]:
    names = _names(conn, workspace, rows)
    entries = [
        HistoryEntry(
            row.happened_at,
            row.heard_at,
            row.who or TELLERS.get(row.kind, ""),
            in_words(row.kind, row.change, row.effects or (), names),
            row.cause,
            frozenset(issues_in(row.change, row.effects or ())),
        )
        for row in rows
    ]
    return sorted(entries, key=lambda entry: entry.at)


def _names(conn: Connection, workspace: Workspace, rows: Sequence[Row[Any]]) -> Names:
    issues = {one for row in rows for one in issues_in(row.change, row.effects or ())}
    people = {row.change["person"] for row in rows if "person" in row.change}
    keys: dict[str, str] = {}
    called: dict[str, str] = {}
    for chunk in batched(sorted(issues), CHUNK):
        query = select(items.c.id, items.c.key).where(items.c.workspace_id == workspace.id)
        keys |= {row.id: row.key for row in conn.execute(query.where(items.c.id.in_(chunk)))}
    for of in batched(sorted(people), CHUNK):
        named = select(persons.c.id, persons.c.name).where(
            persons.c.workspace_id == workspace.id, persons.c.erased_at.is_(None), persons.c.id.in_(of)
        )
        called |= {str(row.id): row.name for row in conn.execute(named)}
    return Names(keys, called)
