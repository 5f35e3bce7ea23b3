"""Rules 1 to 7 of where an ask rests, each by the histories that it was made for, with exact shares."""

from lineage.questions import edges_at
from lineage.terms import EdgeKind
from tests.lineage.story import Story

HALF = "1/2"


def test_an_ask_starts_whole_on_the_item_it_was_linked_to(story: Story) -> None:
    story.issue("KS-1")
    ticket = story.ask("Ana", "KS-1")
    assert story.shares(ticket) == {"KS-1": "1"}


def test_a_ticket_that_wants_two_things_is_two_asks(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    ticket = story.ask("Ana", "KS-1")
    story.link(ticket, "KS-2")
    assert [story.on("KS-1"), story.on("KS-2")] == [["Ana"], ["Ana"]]


def test_a_merge_passes_everything_on(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    ana, bo = story.ask("Ana", "KS-1"), story.ask("Bo", "KS-2")
    story.duplicate("KS-1", of="KS-2")
    assert story.shares(ana) == story.shares(bo) == {"KS-2": "1"}


def test_merges_pass_on_what_came_by_merges(story: Story) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    ana = story.ask("Ana", "KS-1")
    story.duplicate("KS-1", of="KS-2")
    story.duplicate("KS-2", of="KS-3")
    assert story.shares(ana) == {"KS-3": "1"}


def test_of_several_merges_the_lowest_link_counts_and_the_other_is_shown(story: Story) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    ana = story.ask("Ana", "KS-1")
    story.connect(EdgeKind.MERGED, ("KS-1", "KS-3"), link_id="900")
    story.connect(EdgeKind.MERGED, ("KS-1", "KS-2"), link_id="899")
    assert story.shares(ana) == {"KS-2": "1"}
    assert [
        (edge.link_id, edge.stands) for edge in edges_at(story.conn, story.workspace, story.id("KS-1"))
    ] == [
        ("899", True),
        ("900", False),
    ]


def test_the_other_merge_counts_once_the_first_is_gone(story: Story) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    ana = story.ask("Ana", "KS-1")
    story.duplicate("KS-1", of="KS-2")
    story.duplicate("KS-1", of="KS-3")
    story.disconnect("KS-1", "KS-2")
    assert story.shares(ana) == {"KS-3": "1"}


def test_link_ids_are_compared_as_numbers(story: Story) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    ana = story.ask("Ana", "KS-1")
    story.connect(EdgeKind.MERGED, ("KS-1", "KS-3"), link_id="1000")
    story.connect(EdgeKind.MERGED, ("KS-1", "KS-2"), link_id="999")
    assert story.shares(ana) == {"KS-2": "1"}


def test_a_split_shares_out_and_the_original_keeps_a_part(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    assert story.shares(ana) == {"KS-1 itself": HALF, "KS-2": HALF}


def test_a_mere_container_keeps_nothing(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.keeps_part("KS-1", False)
    assert story.shares(ana) == {"KS-2": HALF, "KS-3": HALF}


def test_a_container_can_turn_out_to_keep_a_part_after_all(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.keeps_part("KS-1", False)
    story.keeps_part("KS-1", True)
    assert story.shares(ana) == {"KS-1 itself": "1/3", "KS-2": "1/3", "KS-3": "1/3"}


def test_who_asks_after_the_split_is_shared_out_like_the_others(story: Story) -> None:
    story.issue("KS-1")
    story.split("KS-1", into=["KS-2"])
    assert story.shares(story.ask("Ana", "KS-1")) == {"KS-1 itself": HALF, "KS-2": HALF}


def test_sizes_weigh_the_parts_and_a_part_without_one_counts_as_one(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.sizes("KS-1", {"KS-1": 3, "KS-2": 4})
    assert story.shares(ana) == {"KS-1 itself": "3/8", "KS-2": HALF, "KS-3": "1/8"}


def test_the_parts_are_in_order_the_item_itself_then_by_link(story: Story) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    ana = story.ask("Ana", "KS-1")
    story.connect(EdgeKind.SPLIT, ("KS-1", "KS-3"), link_id="70")
    story.connect(EdgeKind.SPLIT, ("KS-1", "KS-2"), link_id="71")
    assert list(story.shares(ana)) == ["KS-1 itself", "KS-3", "KS-2"]


def test_one_person_can_want_one_part_only(story: Story) -> None:
    story.issue("KS-1")
    ana, bo = story.ask("Ana", "KS-1"), story.ask("Bo", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.narrow("Ana", "KS-1", to=["KS-3"])
    assert story.shares(ana) == {"KS-3": "1"}
    assert story.shares(bo) == {"KS-1 itself": "1/3", "KS-2": "1/3", "KS-3": "1/3"}
    assert story.asked(ana).choices == ("KS-3",) and story.asked(bo).choices is None


def test_one_person_can_want_several_parts_or_the_part_that_was_kept(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.narrow("Ana", "KS-1", to=["KS-1", "KS-3"])
    assert story.shares(ana) == {"KS-1 itself": HALF, "KS-3": HALF}


def test_unsure_means_all(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.narrow("Ana", "KS-1", to=["KS-2"])
    story.narrow("Ana", "KS-1", to=None)
    assert story.shares(ana) == {"KS-1 itself": HALF, "KS-2": HALF}


def test_narrowing_narrows_all_of_that_persons_asks_that_pass_the_split(story: Story) -> None:
    story.issue("KS-1", "KS-9")
    first, second = story.ask("Ana", "KS-1"), story.ask("Ana", "KS-9")
    story.duplicate("KS-9", of="KS-1")
    story.split("KS-1", into=["KS-2"])
    story.narrow("Ana", "KS-1", to=["KS-2"])
    assert story.shares(first) == story.shares(second) == {"KS-2": "1"}


def test_a_part_that_appears_later_does_not_join_a_narrowed_ask(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.narrow("Ana", "KS-1", to=["KS-2"])
    story.split("KS-1", into=["KS-3"])
    assert story.shares(ana) == {"KS-2": "1"}


def test_where_no_chosen_part_stands_any_more_the_choice_is_set_aside(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.narrow("Ana", "KS-1", to=["KS-2"])
    story.disconnect("KS-1", "KS-2")
    assert story.shares(ana) == {"KS-1 itself": HALF, "KS-3": HALF}
    story.connect(EdgeKind.SPLIT, ("KS-1", "KS-2"))
    assert story.shares(ana) == {"KS-2": "1"}


def test_of_an_item_that_keeps_a_part_only_that_part_is_merged(story: Story) -> None:
    story.issue("KS-1", "KS-9")
    ana = story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.duplicate("KS-1", of="KS-9")
    assert story.shares(ana) == {"KS-9": HALF, "KS-2": HALF}


def test_a_container_has_nothing_to_merge(story: Story) -> None:
    story.issue("KS-1", "KS-9")
    ana = story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.keeps_part("KS-1", False)
    story.duplicate("KS-1", of="KS-9")
    assert story.shares(ana) == {"KS-2": "1"}
    assert [edge.stands for edge in edges_at(story.conn, story.workspace, story.id("KS-9"))] == [False]


def test_a_part_that_is_merged_back_gives_its_asks_to_the_whole(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    on_the_part = story.ask("Bo", "KS-2")
    story.duplicate("KS-2", of="KS-1")
    assert story.shares(ana) == {"KS-1 itself": HALF, "KS-3": HALF}
    assert story.shares(on_the_part) == {"KS-1 itself": HALF, "KS-3": HALF}


def test_a_choice_of_a_part_that_was_merged_back_means_the_part_that_was_kept(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.narrow("Ana", "KS-1", to=["KS-2"])
    story.duplicate("KS-2", of="KS-1")
    assert story.shares(ana) == {"KS-1 itself": "1"}


def test_the_only_part_merged_back_makes_the_item_whole_again(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.duplicate("KS-2", of="KS-1")
    assert story.shares(ana) == {"KS-1": "1"}
    story.disconnect("KS-2", "KS-1")
    assert story.shares(ana) == {"KS-1 itself": HALF, "KS-2": HALF}
