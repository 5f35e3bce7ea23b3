"""The way of one ask, for colleagues: who asked, what that became, and where it rests with which share."""

from collections.abc import Iterator

from sqlalchemy import BigInteger, Connection, bindparam, select

from lineage.graph import Node, link_order
from lineage.questions.edges import set_aside
from lineage.questions.near import Group
from lineage.questions.picture_rows import people_on
from lineage.questions.picture_views import Picture, PictureEdge, PictureNode
from lineage.questions.way import Way, way_of
from lineage.tables import companies, persons
from lineage.terms import AskId, EdgeKind, ItemId
from store.workspaces import Workspace


def picture_of_ask(conn: Connection, workspace: Workspace, ask_id: AskId) -> Picture:
    """The items that this ask passed and rests on, with its shares; empty where it counts no more."""
    way = way_of(conn, workspace, ask_id)
    if way is None:
        return Picture()
    people = people_on(conn, workspace, {node.item for node in way.near.shown})
    nodes = [_node(way, node, people.get(node.item, 0)) for node in way.near.shown]
    folds = [_fold(way, group) for group in way.near.folds]
    asked = PictureEdge("asked", "asker", _name(Node(way.ask.item)))
    return Picture((_asker(conn, workspace, way), *nodes, *folds), (asked, *_steps(way), *_aside(way)))


def _asker(conn: Connection, workspace: Workspace, way: Way) -> PictureNode:
    asked = {"workspace": workspace.id, "person": way.ask.person, "company": way.ask.company}
    row = conn.execute(_ASKER, asked).one()
    return PictureNode(
        "asker", "askers", title=row.name, company=row.company or "", people=1,
        companies=1 if row.company else 0, at=way.ask.asked_at, here=True,
    )  # fmt: skip


def _node(way: Way, node: Node, people: int) -> PictureNode:
    row, share = way.world.items[node.item], way.rest.shares.get(node)
    title = (row.own_title or "") if node.own else (row.public_title or row.summary)
    return PictureNode(
        _name(node), "part" if node.own else "item", row.key, title, row.url, way.world.state(node),
        None if share is None else str(share), people=0 if node.own else people,
        beyond=way.near.beyond.get(node, 0),
    )  # fmt: skip


def _fold(way: Way, group: Group[Node]) -> PictureNode:
    delivered = way.delivered(way.folded(group))
    return PictureNode(
        f"folded:{_name(group.at)}", "folded", number=group.hidden, delivered=delivered,
        share=str(sum(way.rest.given[group.at, node] for node in way.folded(group))),
    )  # fmt: skip


def _steps(way: Way) -> Iterator[PictureEdge]:
    for giver, heir in way.steps():
        kind = way.kind(giver)
        share = str(way.rest.given[giver, heir]) if kind is EdgeKind.SPLIT else None
        yield PictureEdge(kind.value, _name(giver), _name(heir), share=share)
    for group in way.near.folds:
        yield PictureEdge(group.kind.value, _name(group.at), f"folded:{_name(group.at)}")


def _aside(way: Way) -> Iterator[PictureEdge]:
    """The links between items of the way that do not count."""
    edges = way.world.edges_among({node.item for node in way.near.shown if not node.own})
    against = set_aside(edges, way.world.flow)
    for edge in sorted(edges, key=link_order):
        if edge.link_id in against:
            src, dst = (_name(Node(ItemId(end))) for end in (edge.src, edge.dst))
            yield PictureEdge(edge.kind.value, src, dst, False, against[edge.link_id])


def _name(node: Node) -> str:
    return f"{'part' if node.own else 'item'}:{node.item}"


_ASKER = (
    select(persons.c.name, companies.c.name.label("company"))
    .outerjoin(companies, companies.c.id == bindparam("company", type_=BigInteger))
    .where(persons.c.workspace_id == bindparam("workspace"), persons.c.id == bindparam("person"))
)
