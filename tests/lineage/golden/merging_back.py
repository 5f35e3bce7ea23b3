"""Chapter 2, rules 6 and 7: an item that keeps a part becomes a duplicate, and parts come back."""

from tests.lineage.golden.script import Script
from tests.lineage.golden.table import Chapter
from tests.lineage.golden.then import Then

MERGING_BACK = Chapter()


@MERGING_BACK.shows("2.6", "2.8")
def of_an_item_that_keeps_a_part_only_that_part_becomes_a_duplicate(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-9")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.duplicate("KS-1", of="KS-9")
    then.rests("Ana", "KS-9 1/2", "KS-2 1/2")
    story.disconnect("KS-1", "KS-9")
    then.rests("Ana", "KS-1 itself 1/2", "KS-2 1/2")


@MERGING_BACK.shows("2.6", "2.9")
def a_duplicate_that_is_split_afterwards_hands_on_its_own_part_as_well(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-9")
    story.ask("Ana", "KS-1")
    story.duplicate("KS-1", of="KS-9")
    then.rests("Ana", "KS-9 1")
    story.split("KS-1", into=["KS-2"])
    then.rests("Ana", "KS-9 1/2", "KS-2 1/2")  # the same links as in the history above


@MERGING_BACK.shows("2.6", "2.5", "2.4")
def who_wants_only_the_kept_part_rests_whole_on_what_it_is_a_duplicate_of(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-9")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.sizes("KS-1", {"KS-1": 3})
    story.narrow("Bo", "KS-1", to=["KS-1"])
    story.duplicate("KS-1", of="KS-9")
    then.rests("Ana", "KS-9 3/4", "KS-2 1/4")
    then.rests("Bo", "KS-9 1")


@MERGING_BACK.shows("2.6", "2.3", "4.part_delivered")
def a_kept_part_that_is_a_duplicate_of_a_sibling_leaves_one_thing_to_wait_for(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.duplicate("KS-1", of="KS-2")
    then.rests("Ana", "KS-2 2/3", "KS-3 1/3")
    story.done("KS-2")
    then.stands("Ana", "part_delivered, 1 of 2")


@MERGING_BACK.shows("2.6", "2.3")
def a_container_has_nothing_to_hand_on_as_a_duplicate(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-9")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2",))
    story.duplicate("KS-1", of="KS-9")
    then.rests("Ana", "KS-2 1")
    then.set_aside("KS-1 merged into KS-9: keeps no part of its own")


@MERGING_BACK.shows("2.7", "2.9.undo")
def a_part_merged_back_gives_its_asks_to_the_whole(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.ask("Bo", "KS-2")  # asked for the part itself
    story.duplicate("KS-2", of="KS-1")
    then.rests("Ana", "KS-1 itself 1/2", "KS-3 1/2")
    then.rests("Bo", "KS-1 itself 1/2", "KS-3 1/2")
    story.disconnect("KS-2", "KS-1")
    then.rests("Ana", "KS-1 itself 1/3", "KS-2 1/3", "KS-3 1/3")
    then.rests("Bo", "KS-2 1")


@MERGING_BACK.shows("2.7", "2.5")
def who_chose_a_part_that_was_merged_back_means_what_the_whole_keeps(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.narrow("Ana", "KS-1", to=["KS-2"])
    story.narrow("Bo", "KS-1", to=["KS-2", "KS-3"])
    story.duplicate("KS-2", of="KS-1")
    then.rests("Ana", "KS-1 itself 1")
    then.rests("Bo", "KS-1 itself 1/2", "KS-3 1/2")


@MERGING_BACK.shows("2.7", "2.2")
def the_only_part_merged_back_makes_the_item_whole_so_that_it_can_be_a_duplicate_itself(
    story: Script, then: Then
) -> None:
    story.issue("KS-1", "KS-9")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.duplicate("KS-2", of="KS-1")
    then.rests("Ana", "KS-1 1")
    story.duplicate("KS-1", of="KS-9")
    then.rests("Ana", "KS-9 1")


@MERGING_BACK.shows("2.7", "2.5", "4.delivered", "5.told")
def a_part_that_was_told_and_then_merged_back_is_not_told_again_with_the_whole(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.narrow("Ana", "KS-1", to=["KS-2"])
    story.done("KS-2")
    then.goes_out("Ana: delivered in ticket 101")
    story.done("KS-1")
    story.duplicate("KS-2", of="KS-1")
    then.rests("Ana", "KS-1 1")
    then.stands("Ana", "delivered, 1 of 1")
    then.nobody_hears()
    then.waits_for_approval()
