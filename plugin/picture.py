"""The lineage of a request as a drawing: one row per item, lines of credit in a gutter to the left.

The rows are text, so the drawing reads aloud, fits 280 px, and needs no script. Only the lines are SVG.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lineage.questions.views import EdgeView, Picture, PictureNode

ROW_PX = 44
LANE_PX = 18
MOST_LANES = 8

SAYS = {
    "merged": ("merged into {}", "takes over {}"),
    "split": ("split into {}", "part of {}"),
    "linked": ("leads to {}", "from {}"),
}
"""What a line means at its beginning and at its end."""

Lanes = list[str | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One item. `x`, `y`: the middle of its dot; `says`: its lines in words."""

    node: PictureNode
    x: int
    y: int
    says: str


@dataclass(frozen=True, slots=True)
class Line:
    """`path`: SVG path data. A line that does not stand is drawn, and said, as set aside."""

    path: str
    kind: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Sizes are in px; `lanes` is how many lines run side by side at most (up to `MOST_LANES`)."""

    rows: Sequence[Row]
    lines: Sequence[Line]
    lanes: int

    @property
    def width(self) -> int:
        return self.lanes * LANE_PX

    @property
    def height(self) -> int:
        return len(self.rows) * ROW_PX


def draw(picture: Picture) -> Drawing:
    """Sources above what they lead to, parts in the order of their links."""
    edges = list(dict.fromkeys(picture.edges))
    order = _order(picture.nodes, edges)
    row_of = {node.key: row for row, node in enumerate(order)}
    drawn = [edge for edge in edges if _downward(edge, row_of)]
    lane_of, runs = _lanes(order, drawn)
    rows = [_row(node, row, lane_of[node.key], edges) for row, node in enumerate(order)]
    lines = [_line(edge, row_of, lane_of, runs[edge]) for edge in drawn]
    return Drawing(rows, lines, min(MOST_LANES, 1 + max((*lane_of.values(), *runs.values(), 0))))


def _order(nodes: Iterable[PictureNode], edges: Sequence[EdgeView]) -> list[PictureNode]:
    """Depth first from what has no source, so that the parts of one split stay together."""
    by_key = {node.key: node for node in nodes}
    below: dict[str, list[str]] = defaultdict(list)
    waits: dict[str, int] = dict.fromkeys(by_key, 0)
    for edge in edges:
        if edge.stands and edge.src_key in by_key and edge.dst_key in by_key:
            below[edge.src_key].append(edge.dst_key)
            waits[edge.dst_key] += 1
    ready = [key for key in reversed(by_key) if not waits[key]]
    order: list[PictureNode] = []
    while ready:
        key = ready.pop()
        order.append(by_key[key])
        for other in reversed(below[key]):
            waits[other] -= 1
            if not waits[other]:
                ready.append(other)
    placed = {node.key for node in order}
    return order + [node for node in by_key.values() if node.key not in placed]


def _downward(edge: EdgeView, row_of: Mapping[str, int]) -> bool:
    return row_of.get(edge.src_key, 0) < row_of.get(edge.dst_key, -1)


def _lanes(
    order: Sequence[PictureNode], edges: Sequence[EdgeView]
) -> tuple[dict[str, int], dict[EdgeView, int]]:
    """In which lane each item stands, and in which each line runs between its two items."""
    lanes: Lanes = []
    lane_of: dict[str, int] = {}
    runs: dict[EdgeView, int] = {}
    for node in order:
        awaited = [lane for lane, key in enumerate(lanes) if key == node.key]
        lane_of[node.key] = awaited[0] if awaited else _free(lanes)
        for lane in awaited:
            lanes[lane] = None
        lanes[lane_of[node.key]] = node.key  # occupied while its own lines are laid
        below = [edge for edge in edges if edge.src_key == node.key]
        for number, edge in enumerate(below):
            lane = lane_of[node.key] if number == 0 else _free(lanes)
            lanes[lane] = edge.dst_key
            runs[edge] = lane
        if not below:
            lanes[lane_of[node.key]] = None
    return lane_of, runs


def _free(lanes: Lanes) -> int:
    if None in lanes:
        return lanes.index(None)
    if len(lanes) < MOST_LANES:
        lanes.append(None)
    return len(lanes) - 1


def _line(edge: EdgeView, row_of: Mapping[str, int], lane_of: Mapping[str, int], run: int) -> Line:
    """Out of the one dot into the lane it runs in, down, and into the other dot."""
    x1, y1 = _middle(lane_of[edge.src_key], row_of[edge.src_key])
    x2, y2 = _middle(lane_of[edge.dst_key], row_of[edge.dst_key])
    via = [(x2, y2)] if y2 == y1 + ROW_PX else [(_middle(run, 0)[0], y1 + ROW_PX), (x2, y2)]
    path, x, y = f"M{x1} {y1}", x1, y1
    for to_x, to_y in via:
        if to_y - y > ROW_PX:
            y = to_y - ROW_PX
            path += f"V{y}"
        half = y + ROW_PX // 2
        path += f"C{x} {half} {to_x} {half} {to_x} {to_y}"
        x, y = to_x, to_y
    return Line(path, edge.kind, edge.stands)


def _row(node: PictureNode, row: int, lane: int, edges: Iterable[EdgeView]) -> Row:
    says = []
    for edge in edges:
        ahead, back = SAYS.get(edge.kind, SAYS["linked"])
        if edge.src_key == node.key:
            says.append(_said(ahead.format(edge.dst_key), edge))
        if edge.dst_key == node.key:
            says.append(_said(back.format(edge.src_key), edge))
    x, y = _middle(lane, row)
    return Row(node, x, y, "; ".join(says))


def _said(words: str, edge: EdgeView) -> str:
    return words if edge.stands else f"{words} (set aside: {edge.why})"


def _middle(lane: int, row: int) -> tuple[int, int]:
    return lane * LANE_PX + LANE_PX // 2, row * ROW_PX + ROW_PX // 2
