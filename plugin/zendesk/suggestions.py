"""What an unlinked ticket may be about, with the reason, so that an agent can judge at a glance.

Nothing is ever linked by this. Closed issues come after open ones that sound nearly as much alike.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, select

from lineage import questions
from lineage.likeness import reasons
from lineage.likeness.reasons import Earlier
from lineage.likeness.vectors import Embedded
from lineage.questions.views import DemandView
from lineage.tables import items
from lineage.terms import ItemId, Origin, State
from plugin import app_state
from plugin.zendesk.asked import asked
from store.workspaces import Workspace

MOST = 5
CONSIDERED = 20
WORTH = {State.DELIVERED: 0.8, State.DECLINED: 0.6, State.CLOSED: 0.6, State.GONE: 0.0}
"""What a closed issue's score is worth; a deleted one is not suggested."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`why` is the reason in words; `earlier`: requests for it that said the same."""

    demand: DemandView
    why: str
    earlier: tuple[Earlier, ...] = ()


def suggestions(
    conn: Connection, workspace: Workspace, ticket: str, linked: Collection[ItemId]
) -> tuple[Suggestion, ...]:
    """The best few, without what agents said it is not; none rather than any."""
    known = asked(conn, workspace, ticket)
    left_out = {*linked, *questions.rejected_for(conn, workspace, Origin("zendesk:ticket", ticket))}
    if known is None:
        return ()
    return by_words(conn, workspace, f"{known.subject}\n{known.words}", left_out, as_model=known.as_model)


def by_words(
    conn: Connection, workspace: Workspace, text: str, linked: Collection[ItemId] = (),
    *, as_model: Embedded | None = None,
) -> tuple[Suggestion, ...]:  # fmt: skip
    """Issues that sound like `text`, leaving out those already `linked`. `as_model`: what the connected model
    makes of the text; no model is asked here, for somebody waits.
    """
    alike = app_state.current().finder.alike(conn, workspace, text, most=CONSIDERED, as_model=as_model)
    modelled = {one.item for one in alike if one.modelled}
    scores = {one.item: one.score for one in alike if one.item not in linked}
    for row in conn.execute(_STATES, {"workspace": workspace.id, "items": list(scores)}):
        scores[row.id] *= WORTH.get(State(row.state), 1.0)
    best = sorted((item for item, score in scores.items() if score > 0), key=lambda item: -scores[item])
    found = (_suggestion(conn, workspace, text, item, item in modelled) for item in best[:MOST])
    return tuple(one for one in found if one is not None)


def without_quotes(found: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """For somebody whom Zendesk may keep from those tickets: the reasons alone, in this text's words."""
    return tuple(replace(one, earlier=()) for one in found)


def _suggestion(
    conn: Connection, workspace: Workspace, text: str, item: ItemId, modelled: bool
) -> Suggestion | None:
    demand = questions.demand(conn, workspace, item)
    if demand is None:
        return None
    reason = reasons.reason(conn, workspace.id, text, item)
    words = ", ".join(reason.words)
    why = f"same words: {words}" if reason.literal else f"means the same: {words}"
    if modelled:
        why = (
            f"sounds alike to the connected model; {why}" if words else "sounds alike to the connected model"
        )
    return Suggestion(demand, why, reason.earlier)


_STATES = select(items.c.id, items.c.state).where(
    items.c.workspace_id == bindparam("workspace"), items.c.id.in_(bindparam("items", expanding=True))
)
