"""The lineage of a request as a picture, the same on every face.

The server writes it as a nested list that reads aloud and needs no script. Where there is one,
`static/lineage.js` takes the very words of the list and draws them as a graph.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lineage.questions import Picture, PictureEdge, PictureNode
from lineage.wording.catalogue import later
from plugin.translating import gettext as _

HOW: Mapping[str, str] = {
    "asked": later("asked for"), "merged": later("merged into"), "split": later("split into"),
}  # fmt: skip
"""How a line leads on, in words."""

KINDS: Mapping[str, str] = {"merged": later("merged"), "split": later("split")}
"""The same beside a line that is drawn."""

KEEPS = later("keeps for itself")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list, below the one before it that it follows from.

    `how` it follows, empty for a beginning; `why` its link is set aside, if it is. `again`: all about this
    node is said further up. `opens` a list below it, or `closes` so many.
    """

    node: PictureNode
    how: str
    why: str
    again: bool
    opens: bool
    closes: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """`lines`: the links between the nodes of the rows, as the script reads them. `folds`: what is folded,
    in a word, by the name of the node.
    """

    rows: Sequence[Row]
    lines: Sequence[Mapping[str, object]]
    folds: Mapping[str, str]
    public: bool


def draw(picture: Picture) -> Drawing:
    """Who asked first, then what that became."""
    told = list(_told(picture))
    depths = [depth for depth, *_ in told]
    rows = [
        Row(node, how, why, again, opens=after > depth, closes=max(0, depth - after))
        for (depth, node, how, why, again), after in zip(told, [*depths[1:], 0], strict=True)
    ]
    return Drawing(rows, [_line(edge, picture) for edge in picture.edges], _folds(picture), picture.public)


def _told(picture: Picture) -> Iterator[tuple[int, PictureNode, str, str, bool]]:
    """Depth, node, how, why, and whether it was told before; depth first, each node once in full."""
    by_name = {node.name: node for node in picture.nodes}
    onward: dict[str, list[PictureEdge]] = defaultdict(list)
    for edge in picture.edges:
        onward[edge.src].append(edge)
    reached = {edge.dst for edge in picture.edges if edge.stands}
    seen: set[str] = set()
    waiting = [(0, name, "", "", True) for name in reversed(by_name) if name not in reached]
    while waiting:
        depth, name, how, why, stands = waiting.pop()
        again = name in seen or not stands
        yield depth, by_name[name], how, why, again
        if not again:
            seen.add(name)
            waiting += [
                (depth + 1, edge.dst, _how(edge, by_name[edge.dst]), edge.why, edge.stands)
                for edge in reversed(onward[name])
            ]


def _how(edge: PictureEdge, dst: PictureNode) -> str:
    return KEEPS if dst.kind == "part" else HOW[edge.kind]


def _line(edge: PictureEdge, picture: Picture) -> dict[str, object]:
    words = "" if picture.public or edge.kind == "asked" else _(KINDS[edge.kind])
    if not edge.stands:
        words = _("%(link)s, set aside", link=words)
    return {
        "src": edge.src, "dst": edge.dst, "kind": edge.kind, "aside": not edge.stands, "why": edge.why,
        "words": " ".join(filter(None, (words, edge.share))),
    }  # fmt: skip


def _folds(picture: Picture) -> dict[str, str]:
    """Whether a node folds parts or duplicates."""
    folded = {node.name for node in picture.nodes if node.kind == "folded"}
    return {
        name: "part" if edge.kind == "split" else "duplicate"
        for edge in picture.edges
        for name in (edge.src, edge.dst)
        if name in folded
    }
