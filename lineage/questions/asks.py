"""Where requests went: each ask with the items it rests on, its way there, and what was and will be said."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from lineage import people
from lineage.batches import batched
from lineage.carriers import Rest
from lineage.graph import Node
from lineage.outcomes import passes
from lineage.questions.items import views_in
from lineage.questions.next_words import next_words
from lineage.questions.persons import emails_of
from lineage.questions.told import items_in, messages_to, told_views
from lineage.questions.views import AskView, CarrierView, ItemView, Step
from lineage.standing import Progress
from lineage.tables import asks, companies, persons, requests
from lineage.terms import AskId, ItemId, PersonId, Standing
from lineage.titles import title_of
from lineage.world import CHUNK, World
from store.workspaces import Workspace


def asks_of_ticket(conn: Connection, workspace: Workspace, ticket: str) -> list[AskView]:
    """The asks made in this ticket or answered there now (merged into it, or a follow-up), oldest first."""
    place = f"zendesk:ticket:{ticket}"
    return _asks_where(conn, workspace, or_(requests.c.origin == place, requests.c.reply_to == place))


def asks_of_person(conn: Connection, workspace: Workspace, email: str) -> list[AskView]:
    """Everything that the person with this proven address asked for, oldest first."""
    person = people.by_address(conn, workspace.id, "email", email)
    return [] if person is None else _asks_where(conn, workspace, requests.c.person_id == person)


def asks_on(conn: Connection, workspace: Workspace, item_id: ItemId, *, limit: int = 200) -> list[AskView]:
    """The asks that rest on this item or passed it, the oldest `limit` of them."""
    query = (
        select(passes.c.ask_id)
        .where(passes.c.workspace_id == workspace.id, passes.c.item_id == item_id, passes.c.own.is_(False))
        .order_by(passes.c.asked_at, passes.c.ask_id)
        .limit(limit)
    )
    return ask_views(conn, workspace, [AskId(ask) for ask in conn.scalars(query)])


def _asks_where(conn: Connection, workspace: Workspace, condition: Any) -> list[AskView]:
    query = (
        select(asks.c.id)
        .join(requests, requests.c.id == asks.c.request_id)
        .where(asks.c.workspace_id == workspace.id, requests.c.workspace_id == workspace.id, condition)
        .order_by(requests.c.asked_at, asks.c.id)
    )
    return ask_views(conn, workspace, [AskId(ask) for ask in conn.scalars(query)])


def ask_views(conn: Connection, workspace: Workspace, wanted: Collection[AskId]) -> list[AskView]:
    """These asks, in the order asked for, in few statements however many they are."""
    rows = _rows(conn, workspace, wanted)
    world = World(conn, workspace.id)
    world.load_links(ItemId(row.item_id) for row in rows.values())
    world.load_asks(wanted)
    askers = {PersonId(row.person_id) for row in rows.values()}
    messages = messages_to(conn, workspace, askers)
    named = items_in(message for of in messages.values() for message in of)
    chosen = {part for person in askers for parts in world.chosen_by(person).values() for part in parts}
    world.load_links(named | chosen)
    context = _Context(
        workspace, world, views_in(conn, workspace, world, world.items), emails_of(conn, workspace, askers)
    )
    return [_view(context, rows[ask], messages.get(rows[ask].person_id, [])) for ask in wanted if ask in rows]


@dataclass(frozen=True, slots=True)
class _Context:
    workspace: Workspace
    world: World
    items: Mapping[ItemId, ItemView]
    emails: Mapping[PersonId, str]


def _rows(conn: Connection, workspace: Workspace, wanted: Collection[AskId]) -> dict[AskId, Row[Any]]:
    query = (
        select(asks.c.id, asks.c.item_id, asks.c.linked_at, asks.c.linked_by)
        .add_columns(asks.c.detached_at, asks.c.withdrawn_at, asks.c.imported_at)
        .add_columns(requests.c.id.label("request_id"), requests.c.origin, requests.c.words)
        .add_columns(requests.c.subject, requests.c.asked_at, requests.c.withdrawn_at.label("taken_back_at"))
        .add_columns(persons.c.id.label("person_id"), persons.c.name, persons.c.staff, persons.c.erased_at)
        .add_columns(persons.c.opted_out_at, companies.c.name.label("company"))
        .join(requests, requests.c.id == asks.c.request_id)
        .join(persons, persons.c.id == requests.c.person_id)
        .outerjoin(companies, companies.c.id == requests.c.company_id)
        .where(asks.c.workspace_id == workspace.id)
    )
    found: dict[AskId, Row[Any]] = {}
    for chunk in batched(wanted, CHUNK):
        found |= {AskId(row.id): row for row in conn.execute(query.where(asks.c.id.in_(chunk)))}
    return found


def _view(context: _Context, row: Row[Any], messages: list[Row[Any]]) -> AskView:
    world, items = context.world, context.items
    rest = world.rest(row.id) if row.id in world.asks else None
    withdrawn = row.withdrawn_at is not None or row.taken_back_at is not None
    so_far = Progress(Standing.WITHDRAWN, 0, 0) if withdrawn else world.progress(row.id)
    told = told_views(messages, row.id, items)
    carriers = tuple(_carrier(context, rest, node) for node in rest.shares) if rest else ()
    return AskView(
        ask_id=row.id,
        request_id=row.request_id,
        origin=row.origin,
        person_id=row.person_id,
        person_name=row.name,
        person_email=context.emails.get(row.person_id),
        company=row.company,
        words=row.words,
        subject=row.subject,
        asked_at=row.asked_at,
        item=items[row.item_id],
        linked_at=row.linked_at,
        linked_by=row.linked_by,
        carriers=carriers,
        path=_path(context, row, rest),
        standing=so_far.standing,
        delivered=so_far.delivered,
        parts=so_far.parts,
        told=told,
        detached=row.detached_at is not None,
        choices=_choices(context, row, rest),
        next=next_words(
            context.workspace,
            row,
            messages,
            ask=row.id,
            standing=so_far.standing,
            carriers=carriers,
            before_import=not told and _out_by(world, rest, row.imported_at),
        ),
    )


def _out_by(world: World, rest: Rest | None, imported_at: datetime | None) -> bool:
    """Whether all that it rests on was as it is when it was imported; not so where it never was."""
    if rest is None or imported_at is None:
        return False
    came = (max(world.state_times[node.item], rest.since[node]) for node in rest.shares)
    return all(at <= imported_at for at in came)


def _carrier(context: _Context, rest: Rest, node: Node) -> CarrierView:
    return CarrierView(
        context.items[node.item], node.own, str(rest.shares[node]), context.world.state(node),
        title_of(context.world, node, rest),
    )  # fmt: skip


def _path(context: _Context, row: Row[Any], rest: Rest | None) -> tuple[Step, ...]:
    linked = Step("linked", row.origin, context.items[row.item_id].key, row.linked_at)
    onward = (
        Step(edge.kind.value, context.items[edge.src].key, context.items[edge.dst].key, edge.at)
        for edge in (rest.steps if rest else ())
    )
    return (linked, *onward)


def _choices(context: _Context, row: Row[Any], rest: Rest | None) -> tuple[str, ...] | None:
    """The parts that the person chose at the splits that this ask passes; None where all are meant."""
    decided = sorted(rest.narrowed | rest.unheeded) if rest else []
    chosen = context.world.chosen_by(row.person_id)
    keys = [
        context.items[part].key
        for whole in decided
        for part in sorted(chosen[whole])
        if part in context.items
    ]
    return tuple(keys) if decided else None
