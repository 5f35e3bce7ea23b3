"""Which nodes each ask passes or rests on, as rows; what came and went is all that is written."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, delete, insert, select

from lineage.ask_rows import AskRow
from lineage.batches import batched
from lineage.graph import Node
from lineage.outcomes import passes
from lineage.tables import asks
from lineage.terms import AskId, CompanyId, ItemId, PersonId, RequestId
from lineage.world import CHUNK, World


class Weight(IntEnum):
    """How much an ask counts (§3)."""

    NOTHING = 0
    """Staff never count."""
    VOTE = 1
    """A forum visitor without a proven address votes, but is neither a requester nor credit."""
    FULL = 2


class Pass(NamedTuple):
    """One ask at one node that it passes or rests on."""

    ask: AskId
    request: RequestId
    node: Node
    person: PersonId
    company: CompanyId | None
    weight: int
    vote: bool
    direct: bool
    """Whether it was linked right here, and came from nowhere."""
    asked_at: datetime

    @property
    def requester(self) -> tuple[ItemId, PersonId] | None:
        """Whom the item counts because of this, if anybody."""
        counts = self.weight == Weight.FULL and not self.node.own
        return (self.node.item, self.person) if counts else None

    @property
    def voter(self) -> tuple[ItemId, RequestId] | None:
        """The vote that the item counts because of this, if it is one. Staff cast none."""
        counts = self.vote and self.weight != Weight.NOTHING and not self.node.own
        return (self.node.item, self.request) if counts else None


@dataclass(slots=True)
class Difference:
    """What asks passed before and do not now, and the other way round."""

    gained: list[Pass] = field(default_factory=list)
    lost: list[Pass] = field(default_factory=list)
    followed: list[Pass] = field(default_factory=list)
    """Every row of the asks that were followed, before and after."""
    people: dict[ItemId, int] = field(default_factory=lambda: defaultdict(int))
    """By how many distinct persons each item counts more, or fewer."""
    votes: dict[ItemId, int] = field(default_factory=lambda: defaultdict(int))
    """The same of votes: one whose post is linked to two items may reach a third on both ways."""


def asks_through(conn: Connection, workspace_id: int, items: Collection[ItemId]) -> set[AskId]:
    """The asks that pass or rest on one of these items, as far as it was worked out."""
    return {
        AskId(row.ask_id)
        for chunk in batched(items, CHUNK)
        for row in conn.execute(_THROUGH, {"workspace": workspace_id, "items": chunk})
    }


def bring_up_to_date(
    conn: Connection, workspace_id: int, world: World, asks: Collection[AskId]
) -> Difference:
    """Follow these asks anew, and write what differs."""
    found = Difference()
    for chunk in batched(asks, CHUNK):
        world.load_asks(chunk)
        before = set(_kept(conn, workspace_id, chunk))
        after = {row for ask in chunk if ask in world.asks for row in passes_of(world, world.asks[ask])}
        found.lost += before - after
        found.gained += after - before
        found.followed += before | after
    if found.gained or found.lost:
        _write(conn, workspace_id, found)
    return found


def passes_of(world: World, ask: AskRow) -> Iterable[Pass]:
    """Every node that this ask passes or rests on, by the rules."""
    weight = weight_of(ask)
    for node in world.way_of(ask).passed:
        direct = node == (ask.item, False)
        yield Pass(
            ask.ask, ask.request, node, ask.person, ask.company, weight, ask.vote, direct, ask.asked_at
        )


def weight_of(ask: AskRow) -> Weight:
    """How much this ask counts."""
    if ask.staff:
        return Weight.NOTHING
    return Weight.FULL if ask.proven else Weight.VOTE


def _write(conn: Connection, workspace_id: int, found: Difference) -> None:
    """The rows, and whom the items count because of them: distinct persons before and after."""
    concerned = {one for row in (*found.gained, *found.lost) if (one := row.requester)}
    before, votes_before = _counted(conn, workspace_id, concerned), _votes(conn, workspace_id, found)
    if found.lost:
        conn.execute(_DELETE, [_key(workspace_id, row) for row in found.lost])
    if found.gained:
        conn.execute(_INSERT, [_row(workspace_id, row) for row in found.gained])
    gained = {one for row in found.gained if (one := row.requester)}
    after = _counted(conn, workspace_id, concerned) if found.lost else before | gained
    _differ(found.people, before, after)
    votes_gained = {vote for row in found.gained if (vote := row.voter)}
    votes_after = _votes(conn, workspace_id, found) if found.lost else votes_before | votes_gained
    _differ(found.votes, votes_before, votes_after)


def _differ(
    by: dict[ItemId, int], before: AbstractSet[tuple[ItemId, int]], after: AbstractSet[tuple[ItemId, int]]
) -> None:
    for item, _ in after - before:
        by[item] += 1
    for item, _ in before - after:
        by[item] -= 1


def _counted(
    conn: Connection, workspace_id: int, concerned: set[tuple[ItemId, PersonId]]
) -> set[tuple[ItemId, PersonId]]:
    """Those of these persons whom these items count, by the rows as they are."""
    by_item: dict[ItemId, list[PersonId]] = defaultdict(list)
    for item, person in concerned:
        by_item[item].append(person)
    return {
        (item, PersonId(row.person_id))
        for item, everybody in by_item.items()
        for chunk in batched(everybody, CHUNK)
        for row in conn.execute(_COUNTED, {"workspace": workspace_id, "item": item, "persons": chunk})
    }


def _votes(conn: Connection, workspace_id: int, found: Difference) -> set[tuple[ItemId, RequestId]]:
    """The items that count the votes of which anything came or went, by the rows as they are."""
    concerned = {one[1] for row in (*found.gained, *found.lost) if (one := row.voter)}
    return {
        (ItemId(row.item_id), RequestId(row.request_id))
        for chunk in batched(concerned, CHUNK)
        for row in conn.execute(_VOTES, {"workspace": workspace_id, "requests": chunk})
    }


def _kept(conn: Connection, workspace_id: int, asks: Sequence[AskId]) -> Iterable[Pass]:
    for row in conn.execute(_OF_ASKS, {"workspace": workspace_id, "asks": asks}):
        yield as_pass(row)


def as_pass(row: Any) -> Pass:
    """A row of the table as the value it was made from."""
    return Pass(
        row.ask_id, row.request_id, Node(row.item_id, row.own), row.person_id, row.company_id, row.weight,
        row.vote, row.direct, row.asked_at,
    )  # fmt: skip


def _key(workspace_id: int, row: Pass) -> dict[str, Any]:
    return {
        "b_workspace": workspace_id, "b_ask": row.ask, "b_item": row.node.item, "b_own": row.node.own,
    }  # fmt: skip


def _row(workspace_id: int, row: Pass) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id, "ask_id": row.ask, "item_id": row.node.item, "own": row.node.own,
        "person_id": row.person, "company_id": row.company, "weight": int(row.weight), "vote": row.vote,
        "direct": row.direct, "asked_at": row.asked_at,
    }  # fmt: skip


_here = passes.c.workspace_id == bindparam("workspace")
_THROUGH = select(passes.c.ask_id).where(_here, passes.c.item_id.in_(bindparam("items", expanding=True)))
_OF_ASKS = (
    select(passes, asks.c.request_id)
    .join(asks, asks.c.id == passes.c.ask_id)
    .where(_here, passes.c.ask_id.in_(bindparam("asks", expanding=True)))
)
_VOTES = (
    select(passes.c.item_id, asks.c.request_id)
    .join(asks, asks.c.id == passes.c.ask_id)
    .where(_here, asks.c.workspace_id == bindparam("workspace"))
    .where(asks.c.request_id.in_(bindparam("requests", expanding=True)))
    .where(passes.c.own.is_(False), passes.c.vote, passes.c.weight != Weight.NOTHING)
)
_COUNTED = (
    select(passes.c.person_id)
    .where(_here, passes.c.item_id == bindparam("item"), passes.c.own.is_(False))
    .where(passes.c.person_id.in_(bindparam("persons", expanding=True)), passes.c.weight == Weight.FULL)
)
_INSERT = insert(passes)
_DELETE = delete(passes).where(
    and_(
        passes.c.workspace_id == bindparam("b_workspace"),
        passes.c.ask_id == bindparam("b_ask"),
        passes.c.item_id == bindparam("b_item"),
        passes.c.own == bindparam("b_own"),
    )
)
