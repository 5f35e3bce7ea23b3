"""The way of one ask in what its requester may know: public titles, and how far each part is."""

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import Connection

from lineage.graph import Node
from lineage.questions.picture_views import Picture, PictureEdge, PictureNode
from lineage.questions.said_no import told_no
from lineage.questions.way import Way, way_of
from lineage.terms import AskId, EdgeKind, ItemId, State
from lineage.titles import title_of
from store.workspaces import Workspace

SAID = frozenset({State.OPEN, State.STARTED, State.DELIVERED})
"""States that a customer may see at any time. That something is not done is shown once it may be known;
what asks a person first is not begun for everybody else."""


def public_picture_of_ask(conn: Connection, workspace: Workspace, ask_id: AskId) -> Picture:
    """For the page "where did my request go"; empty where the ask counts no more.

    Titles are the public ones, empty where nobody has set any. No key, no address, no share, no count of
    people, no link that does not count. A duplicate that has no public title of its own is not shown: to
    who asked, it is what it was merged into.
    """
    way = way_of(conn, workspace, ask_id)
    if way is None:
        return Picture(public=True)
    titles = {node: title_of(way.world, node, way.rest) or "" for node in way.near.shown}
    unsaid = _unsaid(way, titles)
    number = {node: str(place) for place, node in enumerate(n for n in way.near.shown if n not in unsaid)}
    name = {node: number[_said(node, unsaid)] for node in way.near.shown}
    declined = told_no(conn, workspace, way.world, [ask_id])
    asker = PictureNode("you", "askers", at=way.ask.asked_at, here=True)
    nodes = (_node(way, node, number[node], titles[node], declined) for node in number)
    asked = PictureEdge("asked", "you", name[Node(way.ask.item)])
    return Picture((asker, *nodes, *_folds(way, name)), (asked, *_steps(way, name)), public=True)


def _unsaid(way: Way, titles: Mapping[Node, str]) -> dict[Node, Node]:
    """Duplicates of which nothing is said, and what they were merged into."""
    merges = [(giver, heir) for giver, heir in way.steps() if way.kind(giver) is EdgeKind.MERGED]
    return {giver: heir for giver, heir in merges if titles[giver] in ("", titles[heir])}


def _said(node: Node, unsaid: Mapping[Node, Node]) -> Node:
    while node in unsaid:
        node = unsaid[node]
    return node


def _node(way: Way, node: Node, name: str, title: str, declined: Collection[ItemId]) -> PictureNode:
    state = way.world.state(node) if node in way.rest.shares else None
    if state is not None and state not in SAID and not (state is State.DECLINED and node.item in declined):
        state = State.OPEN
    return PictureNode(
        name, "part" if node.own else "item", title=title, state=state, beyond=way.near.beyond.get(node, 0)
    )


def _folds(way: Way, name: Mapping[Node, str]) -> Iterator[PictureNode]:
    for group in way.near.folds:
        delivered = way.delivered(way.folded(group))
        yield PictureNode(f"more {name[group.at]}", "folded", number=group.hidden, delivered=delivered)


def _steps(way: Way, name: Mapping[Node, str]) -> Iterator[PictureEdge]:
    for giver, heir in way.steps():
        if name[giver] != name[heir]:
            yield PictureEdge(way.kind(giver).value, name[giver], name[heir])
    for group in way.near.folds:
        yield PictureEdge(group.kind.value, name[group.at], f"more {name[group.at]}")
