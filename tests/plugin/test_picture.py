"""The picture of a lineage in words: a list that says everything once, in the order of what happened."""

from lineage.questions import Picture, PictureEdge, PictureNode
from plugin.picture import draw


def item(name: str) -> PictureNode:
    return PictureNode(name, "item", key=name)


def told(picture: Picture) -> list[str]:
    """The list as indented lines; `^` is for what is told further up, and brackets for set aside."""
    lines, depth = [], 0
    for row in draw(picture).rows:
        words = f"{row.how} {row.node.name}{'^' if row.again else ''}".strip()
        lines.append("  " * depth + (f"({words}: {row.why})" if row.why else words))
        depth += 1 if row.opens else -row.closes
    assert depth == 0
    return lines


def test_every_item_is_told_once_below_what_led_to_it() -> None:
    picture = Picture(
        (PictureNode("asker", "askers"), item("A"), item("B"), item("C"), item("D")),
        (
            PictureEdge("asked", "asker", "A"),
            PictureEdge("split", "A", "B"),
            PictureEdge("split", "A", "C"),
            PictureEdge("merged", "D", "B"),
        ),
    )
    assert told(picture) == [
        "asker",
        "  asked for A",
        "    split into B",
        "    split into C",
        "D",
        "  merged into B^",
    ]


def test_a_part_that_is_kept_and_a_link_that_is_set_aside_are_said_so() -> None:
    picture = Picture(
        (item("A"), PictureNode("own", "part"), item("B")),
        (
            PictureEdge("split", "A", "own"),
            PictureEdge("split", "A", "B"),
            PictureEdge("merged", "B", "A", stands=False, why="a circle"),
        ),
    )
    assert told(picture) == [
        "A",
        "  keeps for itself own",
        "  split into B",
        "    (merged into A^: a circle)",
    ]


def test_the_longest_way_is_no_deeper_than_words_can_be() -> None:
    nodes = tuple(item(str(number)) for number in range(2000))
    edges = tuple(PictureEdge("merged", str(n), str(n + 1)) for n in range(1999))
    assert len(told(Picture(nodes, edges))) == 2000


def test_a_public_picture_has_no_words_on_its_lines() -> None:
    picture = Picture((item("1"), item("2")), (PictureEdge("split", "1", "2"),), public=True)
    assert [line["words"] for line in draw(picture).lines] == [""]
