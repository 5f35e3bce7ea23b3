"""What customers may read of an item: only what a person set or confirmed, never Jira's own text."""

from lineage.carriers import Rest
from lineage.graph import Node, Part
from lineage.world import World


def title_of(world: World, node: Node, rest: Rest) -> str | None:
    """The public title of an item as one ask came to it; None where nobody has set any on the way.

    A part without a title of its own is named by its number in the whole that has one; an item that the
    asked-for item was merged into is, to the person who asked, what they asked for.
    """
    titles: dict[Node, str] = {}
    for giver, heir in ((None, next(iter(rest.passed))), *rest.given):  # givers come before their heirs
        row = world.items[heir.item]
        if own := (row.own_title if heir.own else row.public_title):
            titles.setdefault(heir, str(own))
        elif giver in titles:
            number = _number(world.flow.splits.get(giver.item, ()), heir)
            titles.setdefault(heir, f"{titles[giver]} {number}".strip())
    return titles.get(node)


def _number(parts: tuple[Part, ...], node: Node) -> str:
    """The place of a part in its whole, as in `(1/2)`; nothing for a merge.

    >>> _number((), Node("1"))
    ''
    """
    places = [place for place, part in enumerate(parts, start=1) if part.node == node]
    return f"({places[0]}/{len(parts)})" if places else ""
