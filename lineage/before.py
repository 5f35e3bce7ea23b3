"""What an ask's past says about its news: since when it rests somewhere, what it was told by other names."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from lineage.graph import Node
from lineage.news import WORTH_TELLING, Told
from lineage.past import all_goes_to
from lineage.terms import AskId
from lineage.world import World


def load(world: World, asks: Iterable[AskId], *, told: bool) -> None:
    """Load the past, where any of these asks rests on something that was, or may be, told."""
    if told or any(
        world.states[node.item] in WORTH_TELLING for ask in asks for node in world.rest(ask).shares
    ):
        world.load_past()


def since(world: World, ask: AskId, node: Node) -> datetime:
    """When this ask came to rest there, as far as that was after the item came into its state."""
    row, known = world.asks[ask], world.rest(ask).since[node]
    if world.states[node.item] not in WORTH_TELLING:
        return known
    around, after = world.past.around(row.item), world.state_times[node.item]
    return around.since(node.item, world.chosen_by(row.person), known=known, after=after)


def by_other_names(world: World, told: Sequence[Told]) -> Iterator[Told]:
    """What was told of an item speaks for those, too, that were merged into it then and are no more (§5).

    So an unmerge makes no second message: it is as if those had been told of themselves.
    """
    for row in told:
        for ask in () if row.retracted else sorted(row.asks & world.asks.keys()):
            for was in _merged_then(world, ask, row):
                yield replace(
                    row, item=was.item, own=was.own, asks=frozenset({ask}), promised=row.promised & {ask}
                )


def _merged_then(world: World, ask: AskId, told: Told) -> list[Node]:
    """Where the ask is or passes now that was merged into the item when it was told; the last on each way."""
    around = world.past.around(world.asks[ask].item)
    found: dict[Node, Node] = {}
    for node in world.rest(ask).passed:
        was, went_on_to = around.went_on_to(node, told.at)
        if told.item in went_on_to and told.item not in all_goes_to(world.flow, node):
            found[node] = was
    items = {node.item for node in found}
    return [was for node, was in found.items() if not items & set(all_goes_to(world.flow, node))]
