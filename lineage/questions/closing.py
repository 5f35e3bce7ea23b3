"""If an item were finished now: who would hear what. By the rules that later send; nothing is written."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from lineage.affected import resting_on
from lineage.drafting import Draft, drafts_for
from lineage.facts import key_of
from lineage.news import Owed
from lineage.outcomes import passes
from lineage.person_news import Asker, hear, load_askers
from lineage.questions.closing_views import Closing, Crowd, WouldHear
from lineage.tables import asks, persons, requests
from lineage.terms import FINAL, ItemId, Lane, NoticeState, PersonId, Standing, State
from lineage.world import World
from store.database import utc_now
from store.workspaces import Workspace

LOOKED_AT = 500
"""For so many persons it is worked out what they would hear, first those whom we have known longest."""

Known = set[tuple[Any, ...]]
"""Facts that somebody is owed, by `facts.key_of`."""


def closing_now(
    conn: Connection, workspace: Workspace, item_id: ItemId, *, now: datetime | None = None,
    most: int = 200, look_at: int = LOOKED_AT,
) -> Closing:  # fmt: skip
    """Those with an ask that rests on this item, and what delivering it now would make us say to them.

    What `look_at` persons would hear is counted, and the first `most` messages are written out. Where more
    persons ask, it is only said how many more, in how many requests and languages.

    What is owed already, whatever becomes of this item, is left out; of a delivered one nothing is left.
    """
    world = World(conn, workspace.id)
    world.load_links([item_id])
    if item_id not in world.items or world.states[item_id] is State.DELIVERED:
        return Closing((), (), 0)
    everybody = sorted(resting_on(conn, workspace.id, world, [item_id]))
    waiting, others = everybody[:look_at], everybody[look_at:]
    askers = list(load_askers(conn, workspace.id, waiting, hear(conn, workspace.id, world, waiting)))
    known = [owed_now(workspace, world, asker) for asker in askers]
    world.suppose(item_id, State.DELIVERED, now or utc_now())
    said = newly_owed(workspace, world, askers, known, most=most)
    return replace(said, more=_crowd(conn, workspace, world, item_id, others) if others else None)


def owed_now(workspace: Workspace, world: World, asker: Asker) -> Known:
    """What this person is owed as things stand in `world`."""
    return {key_of(fact) for draft in drafts_for(workspace, world, asker) for fact in draft.facts}


def newly_owed(
    workspace: Workspace, world: World, askers: Sequence[Asker], known: Sequence[Known], *, most: int
) -> Closing:
    """What `world` owes each of these persons beyond what is known; `most` messages are written out.

    Of each person the message that goes out by itself counts.
    """
    labels: Counter[str] = Counter()
    notices: list[WouldHear] = []
    named: dict[str, frozenset[ItemId]] = {}
    for asker, owed in zip(askers, known, strict=True):
        fresh = drafts_for(workspace, world, asker, partial(_is_among, owed))
        if fresh:  # the message that goes out by itself comes first
            labels[label := _label(fresh[0])] += 1
            named |= {label: fresh[0].untitled} if fresh[0].untitled else {}
            notices += [_would_hear(world, draft) for draft in fresh[: max(0, most - len(notices))]]
    return Closing(tuple(labels.most_common()), tuple(notices), labels.total(), named=named)


def _crowd(
    conn: Connection, workspace: Workspace, world: World, item_id: ItemId, others: Sequence[PersonId]
) -> Crowd:
    """How many these are: all whose asks rest there, but for those with a lower number."""
    own = any(place.own for place in world.resting_places(item_id))
    here = {"workspace": workspace.id, "item": item_id, "own": own, "first": others[0]}
    row = conn.execute(_CROWD, here).one()
    return Crowd(len(others), row.requests, row.languages)


def _is_among(owed: Known, fact: Owed) -> bool:
    return key_of(fact) in owed


def _label(draft: Draft) -> str:
    """What one person hears, in a few words."""
    if draft.state is NoticeState.SKIPPED:
        return f"skipped: {draft.reason}"
    if draft.state is not None:
        return f"blocked: {draft.reason}"
    if draft.lane is Lane.APPROVAL:
        return "needs approval"
    sections = draft.message.sections if draft.message else ()
    unfinished = [section for section in sections if section.standing not in FINAL]
    if unfinished:
        return f"{unfinished[0].delivered} of {unfinished[0].parts} parts"
    if any(section.standing is Standing.DELIVERED_IN_PART for section in sections):
        return "the rest was declined"
    return "that was all" if any(section.parts > 1 for section in sections) else "done"


def _would_hear(world: World, draft: Draft) -> WouldHear:
    """This message as it is shown before anything leaves."""
    written = draft.written
    waits = "waits for approval" if draft.lane is Lane.APPROVAL else ""
    passed = {node.item for fact in draft.facts for node in world.rest(fact.ask).passed}
    return WouldHear(
        draft.person.name, draft.place, draft.kind.value, written.text if written else "",
        draft.reason or waits, frozenset({*passed, *(fact.item for fact in draft.facts)}), draft.untitled,
    )  # fmt: skip


_CROWD = (
    select(func.count(requests.c.id.distinct()).label("requests"))
    .add_columns(
        func.count(func.coalesce(requests.c.language, persons.c.language, "en").distinct()).label("languages")
    )
    .select_from(passes)
    .join(asks, asks.c.id == passes.c.ask_id)
    .join(requests, requests.c.id == asks.c.request_id)
    .join(persons, persons.c.id == requests.c.person_id)
    .where(passes.c.workspace_id == bindparam("workspace"), passes.c.item_id == bindparam("item"))
    .where(passes.c.own == bindparam("own"), passes.c.person_id >= bindparam("first"))
)
