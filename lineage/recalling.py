"""After a restore: what the tickets prove that we told, recorded as if we had never forgotten it.

A message names what it told by the words of its mark, in an order that only we can make: person, item, what
happened, which time. So each message of ours is played again, oldest first: the words that would have been
made then, from what is known, are compared with those that stand there.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select

from lineage import outbox
from lineage.found_words import note_recalled
from lineage.graph import Node
from lineage.marks import names_of, word
from lineage.news import CONTRADICTS, Happened
from lineage.outbox import Receipt
from lineage.outcomes import UNDER_WAY, found_words, notices, told, told_asks
from lineage.person_news import ask_now, hear
from lineage.telling import answer_here_from_now_on, tell
from lineage.terms import AskId, Kind, PersonId, State
from lineage.world import World
from store import installation
from store.database import insert_or_ignore
from store.rows import find_rows
from store.workspaces import Workspace

NEARLY = timedelta(seconds=2)
"""Vendors' stamps have whole seconds, and clocks differ a little."""

OVER = frozenset({State.DELIVERED, State.DECLINED})
KINDS = {Happened.LINKED: Kind.LINKED, Happened.STARTED: Kind.STARTED, Happened.DECLINED: Kind.DECLINED}


@dataclass(frozen=True, slots=True)
class Message:
    """One message of ours, as a ticket shows it: the words of its mark, where it stands and since when."""

    words: frozenset[str]
    receipt: Receipt
    at: datetime


def recall(
    conn: Connection, workspace: Workspace, person: PersonId, messages: Iterable[Message], *, now: datetime
) -> int:
    """Records what these messages told this person, as far as nobody knew. How many told something new."""
    known, new = _known_audits(conn, workspace.id, person), 0
    for message in sorted(messages, key=lambda one: (one.at, one.receipt.audit_id)):
        if message.receipt.audit_id in known:
            continue
        place = message.receipt.where
        left = set(message.words) - _in_doubt(conn, workspace, person, message, now=now)
        facts, spoken = _facts(conn, workspace, person, left, message.at)
        if facts:
            tell(conn, workspace.id, person, facts, place=place, now=message.at)
            note_recalled(conn, workspace, person, facts, place, at=message.at)
            there = {"place": message.receipt.place, "ticket": message.receipt.ticket}
            answer_here_from_now_on(conn, workspace.id, person, facts, **there)
        new += bool(facts) or left != message.words
        for one in sorted(left - spoken):
            values = {"workspace_id": workspace.id, "word": one}
            insert_or_ignore(conn, found_words, {**values, "place": place, "at": message.at})
    return new


def _known_audits(conn: Connection, workspace_id: int, person: PersonId) -> set[str]:
    query = select(notices.c.receipt).where(
        notices.c.workspace_id == workspace_id, notices.c.person_id == person, notices.c.receipt.is_not(None)
    )
    return {str(receipt["audit_id"]) for receipt in conn.scalars(query) if receipt.get("audit_id")}


def _in_doubt(
    conn: Connection, workspace: Workspace, person: PersonId, message: Message, *, now: datetime
) -> set[str]:
    """The words of a notice that was on its way when the backup was made: it arrived."""
    theirs = select(notices).where(notices.c.workspace_id == workspace.id, notices.c.person_id == person)
    arrived = set[str]()
    for row in conn.execute(theirs.where(notices.c.state.in_(UNDER_WAY)).order_by(notices.c.id)).all():
        if found := message.words & set(row.mark or ()):
            outbox.found(conn, workspace, row, message.receipt, words=found, now=now)
            arrived |= found
    return arrived


def _facts(
    conn: Connection, workspace: Workspace, person: PersonId, words: Collection[str], at: datetime
) -> tuple[list[dict[str, Any]], set[str]]:
    """What these words tell, from what was known when they were said; and those of them that were read."""
    if not words:
        return [], set()
    world, latest = World(conn, workspace.id), at + NEARLY
    hear(conn, workspace.id, world, [person])
    heard = find_rows(conn, told, workspace_id=workspace.id, person_id=person)
    times = _times(heard)
    made = _Words(installation.load(conn).id, workspace.id, names_of(conn, workspace.id, person))
    facts, spoken = [], set[str]()
    for node, of in _nodes(world, person, latest).items():
        for happened in Happened:
            asks = [ask for ask in of if not _of_the_ask(happened) or world.asks[ask].item == node.item]
            said = made.among(words, node.item, node.own, happened, times[node.item, happened] + 1)
            if asks and said:
                spoken |= said
                facts += [_fact(world, ask, node, happened) for ask in asks]
    for row in heard:
        if row.retracted_at is not None or row.at > latest or row.happened not in CONTRADICTS:
            continue
        nth = times[row.item_id, row.happened] + 1
        if said := made.among(words, row.item_id, row.own, Kind.CORRECTION, nth):
            spoken |= said
            facts += _corrected(conn, workspace.id, row)
    return facts, spoken


@dataclass(frozen=True, slots=True)
class _Words:
    """Makes the words that a mark may have for this person."""

    installation: str
    workspace: int
    names: Sequence[str]

    def among(self, words: Collection[str], *told_of: object) -> set[str]:
        return {word(self.installation, self.workspace, who, *told_of) for who in self.names} & set(words)


def _times(heard: Sequence[Row[Any]]) -> Mapping[tuple[str, str], int]:
    """How often each was told so far."""
    times: dict[tuple[str, str], int] = defaultdict(int)
    for row in heard:
        times[row.item_id, row.happened] = max(row.nth, times[row.item_id, row.happened])
    return times


def _nodes(world: World, person: PersonId, latest: datetime) -> dict[Node, list[AskId]]:
    """Everything of which this person may have been told by then, with the asks for which it speaks."""
    nodes: dict[Node, list[AskId]] = defaultdict(list)
    for ask in world.asks_of(person):
        if world.asks[ask].linked_at > latest:
            continue
        rest = world.rest(ask)
        for node in {*rest.passed, *rest.shares}:
            if rest.since.get(node, latest) <= latest:
                nodes[node].append(ask)
    return nodes


def _of_the_ask(happened: Happened) -> bool:
    """Whether it is said of an ask as a whole, under the name of the item that it was linked to."""
    return happened in {Happened.LINKED, Happened.CLOSING}


def _fact(world: World, ask: AskId, node: Node, happened: Happened) -> dict[str, Any]:
    """As `lineage/facts.py` writes it."""
    return {
        "ask": ask, "item": node.item, "own": node.own, "happened": happened.value,
        "kind": KINDS.get(happened, Kind.DELIVERED).value, "told": 0, "at": "",
        "promised": _promised(world, ask, node, happened),
    }  # fmt: skip


def _promised(world: World, ask: AskId, node: Node, happened: Happened) -> bool:
    """Whether the words promised that more follows: the mark does not say, so as far as it still shows.

    In doubt not: of what follows each part is told for itself, and a last word too many would be one.
    """
    if happened in {Happened.LINKED, Happened.STARTED}:
        return True
    spoken = world.merged_into(node.item)
    return any(
        carrier.state not in OVER for carrier in ask_now(world, ask).carriers if carrier.item not in spoken
    )


def _corrected(conn: Connection, workspace_id: int, row: Row[Any]) -> list[dict[str, Any]]:
    asks = select(func.min(told_asks.c.ask_id)).where(
        told_asks.c.workspace_id == workspace_id, told_asks.c.told_id == row.id
    )
    fact = {
        "ask": conn.scalar(asks) or 0, "item": row.item_id, "own": row.own, "happened": row.happened,
        "kind": Kind.CORRECTION.value, "told": row.id, "at": "", "promised": False,
    }  # fmt: skip
    return [fact]
