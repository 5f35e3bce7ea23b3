"""Where did my request go: what one requester may see of what became of it, and nothing of anybody else."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from lineage.questions.customer_pages import open_remarks
from lineage.questions.follow_views import FollowAsk, FollowPart, FollowTold, FollowView
from lineage.questions.said_no import told_no
from lineage.questions.told import SAID, facts_for, messages_to
from lineage.standing import progress
from lineage.tables import asks, persons, requests
from lineage.terms import AskId, ItemId, PersonId, RequestId, State
from lineage.titles import title_of
from lineage.wording.markup import without_links
from lineage.world import World
from store.rows import find_row
from store.workspaces import Workspace

SHOWN = frozenset({State.DELIVERED, State.STARTED, State.DECLINED})
"""The rest is only said to be open: it may be closed, deleted or undecided, and a person looks into it."""


def where_it_went(conn: Connection, workspace: Workspace, request: RequestId) -> FollowView:
    """The page of one request. Raises LookupError for one that there is not."""
    row = find_row(conn, requests, workspace_id=workspace.id, id=request)
    if row is None:
        raise LookupError(f"There is no request {request}.")
    linked = _linked(conn, workspace, request)
    person = find_row(conn, persons, workspace_id=workspace.id, id=row.person_id)
    return FollowView(
        how="ticket" if row.origin.startswith("zendesk:ticket:") else "vote",
        subject=row.subject,
        words=row.words,
        asked_at=row.asked_at,
        withdrawn_at=row.withdrawn_at,
        asks=tuple(_asks(conn, workspace, linked)),
        told=tuple(_told(conn, workspace, row, linked)),
        remarks=open_remarks(conn, workspace, [request]).get(request, ()),
        opted_out_at=person.opted_out_at if person else None,
    )


def _linked(conn: Connection, workspace: Workspace, request: RequestId) -> list[AskId]:
    """What this request is linked to, oldest first; what a colleague took back was never theirs."""
    query = select(asks.c.id).where(
        asks.c.workspace_id == workspace.id, asks.c.request_id == request, asks.c.withdrawn_at.is_(None)
    )
    return [AskId(ask) for ask in conn.scalars(query.order_by(asks.c.linked_at, asks.c.id))]


def _asks(conn: Connection, workspace: Workspace, linked: Sequence[AskId]) -> list[FollowAsk]:
    world = World(conn, workspace.id)
    world.load_asks(linked)
    known = told_no(conn, workspace, world, linked)
    return [_ask(world, ask, known) for ask in linked if ask in world.asks]


def _ask(world: World, ask: AskId, known: Collection[ItemId]) -> FollowAsk:
    rest = world.rest(ask)
    parts = tuple(
        FollowPart(title_of(world, node, rest), _shown(world.state(node), node.item, known))
        for node in rest.shares
    )
    so_far = progress([part.state for part in parts])
    about = world.items[world.asks[ask].item].public_title
    return FollowAsk(ask, about, parts, so_far.standing, so_far.delivered)


def _shown(state: State, item: ItemId, known: Collection[ItemId]) -> State:
    """What was declined is shown as open until somebody approved saying so to this person."""
    if state is State.DECLINED and item not in known:
        return State.OPEN
    return state if state in SHOWN else State.OPEN


def _told(conn: Connection, workspace: Workspace, row: Row[Any], linked: Sequence[AskId]) -> list[FollowTold]:
    """What was written about this request, newest first."""
    person = PersonId(row.person_id)
    said = [
        message
        for message in messages_to(conn, workspace, [person]).get(person, [])
        if message.state in SAID and any(facts_for(message, ask) for ask in linked)
    ]
    return [
        FollowTold(
            without_links(message.text), message.sent_at,
            (message.receipt or {}).get("place") or message.place,
        )
        for message in reversed(said)
    ]  # fmt: skip
