"""The lineage of an ask and of an item as a picture: exactly these nodes, exactly these edges."""

from lineage.questions import Picture, picture_of_ask, picture_of_item, public_picture_of_ask
from lineage.questions.near import MOST
from lineage.terms import EdgeKind, ItemId
from tests.lineage.large import asked_for, duplicates, parts
from tests.lineage.story import Story


def of_item(story: Story, key: str) -> Picture:
    return picture_of_item(story.conn, story.workspace, story.id(key))


def of_ask(story: Story, ticket: str) -> Picture:
    return picture_of_ask(story.conn, story.workspace, story.asked(ticket).ask_id)


def public(story: Story, ticket: str) -> Picture:
    return public_picture_of_ask(story.conn, story.workspace, story.asked(ticket).ask_id)


def named(picture: Picture) -> dict[str, str]:
    """What the nodes are to a reader, by name."""
    return {
        node.name: {
            "askers": node.title or f"{node.people} people",
            "item": node.key or node.title,
            "part": f"{node.key} itself" if node.key else node.title,
            "folded": f"+{node.number} ({node.delivered} delivered)",
        }[node.kind]
        for node in picture.nodes
    }


def nodes(picture: Picture) -> list[str]:
    return list(named(picture).values())


def links(picture: Picture) -> list[str]:
    """The edges as `KS-1 split 1/2 KS-2`; one that is set aside in brackets."""
    names = named(picture)
    said = [
        (" ".join(filter(None, (names[e.src], e.kind, e.share, names[e.dst]))), e.stands)
        for e in picture.edges
    ]
    return [words if stands else f"({words})" for words, stands in said]


# --- of one ask


def test_the_picture_of_an_ask_goes_from_who_asked_to_where_it_rests(narrowed: Story) -> None:
    picture = of_ask(narrowed, "101")
    assert links(picture) == ["Ana asked KS-1", "KS-1 split 1/2 KS-2", "KS-1 split 1/2 KS-3"]
    assert [(node.key, node.share) for node in picture.nodes if node.kind == "item"] == [
        ("KS-1", None),
        ("KS-2", "1/2"),
        ("KS-3", "1/2"),
    ]
    asker = picture.nodes[0]
    assert (asker.company, asker.at, asker.here) == ("Acme", narrowed.asked("101").asked_at, True)
    assert links(of_ask(narrowed, "102")) == ["Bo asked KS-1", "KS-1 split 1 KS-3"]


def test_an_item_that_keeps_a_part_shows_its_own_part(story: Story) -> None:
    story.issue("KS-1", "KS-9")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.keeps_part("KS-1", True)
    story.title("KS-1", "What is left", own_part=True)
    story.sizes("KS-1", {"KS-1": 2, "KS-2": 1})
    story.duplicate("KS-1", of="KS-9")
    expected = ["KS-1 split 2/3 KS-1 itself", "KS-1 split 1/3 KS-2", "KS-1 itself merged KS-9"]
    assert sorted(links(of_ask(story, "101"))) == sorted(["Ana asked KS-1", *expected])
    assert sorted(links(of_item(story, "KS-1"))) == sorted(["1 people asked KS-1", *expected])
    (own,) = (node for node in of_item(story, "KS-1").nodes if node.kind == "part")
    assert own.title == "What is left"


def test_an_ask_that_counts_no_more_has_no_picture(split: Story) -> None:
    ask = split.asked("101").ask_id
    split.unlink("101", "KS-1")
    assert picture_of_ask(split.conn, split.workspace, ask) == Picture()
    assert public_picture_of_ask(split.conn, split.workspace, ask) == Picture(public=True)


# --- of an item


def test_the_picture_of_an_item_shows_where_asks_come_from_and_go(narrowed: Story) -> None:
    narrowed.issue("KS-8", "KS-9")
    narrowed.ask("Cy", "KS-9")
    narrowed.duplicate("KS-9", of="KS-2")
    narrowed.start("KS-2")
    picture = of_item(narrowed, "KS-2")
    assert links(picture) == [
        "1 people asked KS-9",
        "2 people asked KS-1",
        "KS-1 split 1/2 KS-2",
        "KS-9 merged KS-2",
    ]
    assert {node.key: (node.people, node.here) for node in picture.nodes if node.kind == "item"} == {
        "KS-2": (2, True), "KS-9": (1, False), "KS-1": (2, False),
    }  # fmt: skip
    assert picture_of_item(narrowed.conn, narrowed.workspace, ItemId("404")) == Picture()


def test_companies_are_counted_with_those_who_asked_and_staff_are_not(story: Story) -> None:
    story.issue("KS-1")
    for who, org in (("Ana", "Acme"), ("Bo", "Acme"), ("Cy", None)):
        story.ask(who, "KS-1", org=org)
    story.ask("Sam", "KS-1", staff=True)
    (asker, _) = of_item(story, "KS-1").nodes
    assert (asker.people, asker.companies) == (3, 1)


def test_a_link_that_does_not_count_is_shown_as_set_aside_with_the_reason(narrowed: Story) -> None:
    narrowed.duplicate("KS-2", of="KS-1")
    picture = of_item(narrowed, "KS-2")
    assert "(KS-1 split KS-2)" in links(picture)
    assert "KS-2 merged KS-1" in links(picture)
    (aside,) = (edge for edge in picture.edges if not edge.stands)
    assert aside.why == "the part was merged back into what it was split from"


def test_the_oldest_merge_counts_in_the_picture_of_the_younger_too(story: Story) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    story.duplicate("KS-1", of="KS-2")
    story.duplicate("KS-1", of="KS-3")
    assert links(of_item(story, "KS-3")) == ["(KS-1 merged KS-3)"]
    assert links(of_item(story, "KS-1")) == ["KS-1 merged KS-2", "(KS-1 merged KS-3)"]


def test_a_circle_is_drawn_with_the_link_that_closes_it_set_aside(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    story.connect(EdgeKind.MERGED, ("KS-1", "KS-2"), ("KS-2", "KS-1"))
    assert links(of_item(story, "KS-1")) == ["KS-1 merged KS-2", "(KS-2 merged KS-1)"]


# --- many


def test_many_duplicates_fold_into_one_node_that_says_how_many_and_how_far(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    made = duplicates(story, story.id("KS-1"), 42, delivered=17)
    asked_for(story, ana, made)
    picture = of_item(story, "KS-1")
    assert "+37 (12 delivered) merged KS-1" in links(picture)
    assert len([node for node in picture.nodes if node.kind == "item"]) == 6
    (fold,) = (node for node in picture.nodes if node.kind == "folded")
    assert fold.people == 1


def test_the_way_of_one_duplicate_among_many_is_shown_whole(story: Story) -> None:
    story.issue("KS-1")
    made = duplicates(story, story.id("KS-1"), 42)
    picture = picture_of_item(story.conn, story.workspace, made[-1])
    assert links(picture) == [f"BIG-{made[-1]} merged KS-1"]


def test_one_more_than_a_handful_is_not_folded(story: Story) -> None:
    story.issue("KS-1")
    duplicates(story, story.id("KS-1"), 6)
    assert not [node for node in of_item(story, "KS-1").nodes if node.kind == "folded"]


def test_shares_among_many_parts_are_those_of_all_parts(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    parts(story, story.id("KS-1"), 39, delivered=9)
    picture = of_ask(story, "101")
    assert "KS-1 split 1/40 KS-1 itself" in links(picture)
    assert "KS-1 split +35 (5 delivered)" in links(picture)
    assert next(node.share for node in picture.nodes if node.kind == "folded") == "7/8"
    assert "KS-1 split 1/40 KS-1 itself" in links(of_item(story, "KS-1"))
    assert nodes(public(story, "101"))[-1] == "+35 (5 delivered)"


def test_a_picture_never_has_more_nodes_than_one_can_read(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    frontier = [story.id("KS-1")]
    for _ in range(3):
        frontier = [part for item in frontier for part in parts(story, item, 6)]
        asked_for(story, ana, frontier)
    picture = of_item(story, "KS-1")
    assert 150 < len(picture.nodes) <= MOST
    assert sum(node.beyond for node in picture.nodes) > 0
    assert {edge.src for edge in picture.edges} | {edge.dst for edge in picture.edges} <= {
        node.name for node in picture.nodes
    }


# --- for the requester


def test_the_public_picture_says_nothing_that_is_not_theirs(narrowed: Story) -> None:
    for key in ("KS-1", "KS-2", "KS-3"):
        narrowed.title(key, "A thing")
    narrowed.issue("OPS-7", title=None, summary="Rewrite the exporter of Globex")
    narrowed.ask("Cy", "OPS-7", org="Globex")
    narrowed.duplicate("KS-2", of="OPS-7")
    narrowed.connect(EdgeKind.MERGED, ("KS-3", "OPS-7"), ("OPS-7", "KS-3"))
    narrowed.change("KS-3", category="indeterminate", status="In Progress")
    picture = public(narrowed, "101")
    for secret in ("KS-", "OPS", "Globex", "Rewrite", "jira", "Ana", "Bo", "Cy", "Acme", "1000"):
        assert secret not in repr(picture), secret
    for node in picture.nodes:
        assert (node.people, node.companies, node.share, node.url) == (0, 0, None, "")
    assert all(edge.stands and edge.share is None for edge in picture.edges)


def test_the_public_picture_shows_titles_and_how_far_each_part_is(narrowed: Story) -> None:
    narrowed.done("KS-2")
    picture = public(narrowed, "101")
    assert links(picture) == [
        "0 people asked The KS-1 thing",
        "The KS-1 thing split The KS-2 thing",
        "The KS-1 thing split The KS-3 thing",
    ]
    assert [node.state for node in picture.nodes] == [None, None, "delivered", "open"]
    assert picture.nodes[0].at == narrowed.asked("101").asked_at


def test_a_no_is_public_only_once_somebody_was_told(narrowed: Story) -> None:
    narrowed.decline("KS-3")
    assert [node.state for node in public(narrowed, "102").nodes] == [None, None, "open"]
    narrowed.policy(auto_kinds=("declined",))
    assert [node.state for node in public(narrowed, "102").nodes] == [None, None, "declined"]


def test_a_duplicate_without_words_of_its_own_is_what_it_was_merged_into(story: Story) -> None:
    story.issue("KS-1", title="Export to PDF")
    story.issue("KS-9", title=None)
    story.ask("Ana", "KS-9")
    story.duplicate("KS-9", of="KS-1")
    assert links(public(story, "101")) == ["0 people asked Export to PDF"]
