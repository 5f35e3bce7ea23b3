"""The way of one ask, as far as a picture shows it: the nodes that it passed, few of many parts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from lineage.ask_rows import AskRow
from lineage.carriers import Rest
from lineage.graph import Node
from lineage.questions.near import Group, Near, kept_of, walk
from lineage.terms import AskId, EdgeKind, State
from lineage.world import World
from store.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Way:
    """`heirs`: to which nodes each node handed the ask on, the parts of a split in their order."""

    world: World
    ask: AskRow
    rest: Rest
    near: Near[Node]
    heirs: Mapping[Node, Sequence[Node]]

    def kind(self, giver: Node) -> EdgeKind:
        """How this node hands on: to its parts, or to what it is a duplicate of."""
        split = not giver.own and giver.item in self.world.flow.splits
        return EdgeKind.SPLIT if split else EdgeKind.MERGED

    def steps(self) -> list[tuple[Node, Node]]:
        """From which shown node to which."""
        shown = self.near.shown
        return [(giver, heir) for giver, heir in self.rest.given if giver in shown and heir in shown]

    def folded(self, group: Group[Node]) -> list[Node]:
        """The nodes that a fold holds."""
        return list(self.heirs[group.at][len(group.kept) :])

    def delivered(self, nodes: Sequence[Node]) -> int:
        return sum(self.world.state(node) is State.DELIVERED for node in nodes)


def way_of(conn: Connection, workspace: Workspace, ask_id: AskId) -> Way | None:
    """None where the ask counts no more."""
    world = World(conn, workspace.id)
    world.load_asks([ask_id])
    if ask_id not in world.asks:
        return None
    ask, rest = world.asks[ask_id], world.rest(ask_id)
    heirs: dict[Node, list[Node]] = defaultdict(list)
    for giver, heir in rest.given:
        heirs[giver].append(heir)

    def onward(frontier: Sequence[Node], up: bool) -> list[Group[Node]]:
        return [] if up else [_group(way, giver) for giver in frontier if giver in heirs]

    way = Way(world, ask, rest, Near({}), heirs)
    return Way(world, ask, rest, walk(Node(ask.item), onward), heirs)


def _group(way: Way, giver: Node) -> Group[Node]:
    heirs = way.heirs[giver]
    kept = tuple(heirs[: kept_of(len(heirs))])
    return Group(giver, way.kind(giver), False, kept, len(heirs) - len(kept))
