"""What customers may read of an item: only what a person set or confirmed, never Jira's own text."""

from lineage.carriers import Rest
from lineage.graph import Node, Part
from lineage.world import World


def title_of(world: World, node: Node, rest: Rest) -> str | None:
    """The public title of an item as one ask came to it; None where nobody has set any on the way.

    A part without a title of its own is named by its number in the whole that has one; an item that the
    asked-for item was merged into is, to the person who asked, what they asked for.
    """
    row = world.items[node.item]
    if own := (row.own_title if node.own else row.public_title):
        return str(own)
    for giver in (giver for giver, heir in rest.given if heir == node):
        if above := title_of(world, giver, rest):
            return f"{above} {_number(world.flow.splits.get(giver.item, ()), node)}".strip()
    return None


def _number(parts: tuple[Part, ...], node: Node) -> str:
    """The place of a part in its whole, as in `(1/2)`; nothing for a merge.

    >>> _number((), Node("1"))
    ''
    """
    places = [place for place, part in enumerate(parts, start=1) if part.node == node]
    return f"({places[0]}/{len(parts)})" if places else ""
