"""Chapter 5, an unmerge: what was told of one thing while it was merged into another."""

from tests.lineage.golden.script import Script
from tests.lineage.golden.table import Chapter
from tests.lineage.golden.then import Then

UNMERGED = Chapter()


def ana_was_told_of_the_other(story: Script, then: Then) -> None:
    """Ana asked for KS-1, which was merged into KS-2, and was told that KS-2 is done."""
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.duplicate("KS-1", of="KS-2")
    story.done("KS-2")
    then.goes_out("Ana: delivered in ticket 101")


@UNMERGED.shows("5.told", "2.9.undo")
def who_was_told_of_what_it_was_merged_into_hears_nothing_when_it_is_done_on_its_own(
    story: Script, then: Then
) -> None:
    ana_was_told_of_the_other(story, then)
    story.disconnect("KS-1", "KS-2")
    then.rests("Ana", "KS-1 1")
    story.done("KS-1")
    then.nobody_hears()
    then.waits_for_approval()


@UNMERGED.shows("5.told", "5.late", "2.9.undo")
def nor_if_it_was_done_before(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.duplicate("KS-1", of="KS-2")
    story.done("KS-1")
    story.done("KS-2")
    then.goes_out("Ana: delivered in ticket 101")
    story.disconnect("KS-1", "KS-2")
    then.nobody_hears()
    then.waits_for_approval()


@UNMERGED.shows("5.correction", "5.correction.sent", "2.9.undo")
def unmerged_to_something_open_it_is_taken_back_as_if_it_were_merged_into_it(
    story: Script, then: Then
) -> None:
    ana_was_told_of_the_other(story, then)
    story.disconnect("KS-1", "KS-2")
    then.nobody_hears()
    then.waits_for_approval("Ana: correction")
    story.approve_drafts()
    then.goes_out_at_once("Ana: correction in ticket 101")
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 101")


@UNMERGED.shows("5.correction.dismissed", "5.told")
def unmerged_and_not_taken_back_it_is_not_told_again(story: Script, then: Then) -> None:
    ana_was_told_of_the_other(story, then)
    story.disconnect("KS-1", "KS-2")
    story.dismiss_drafts()
    story.done("KS-1")
    then.nobody_hears()
    then.waits_for_approval()


@UNMERGED.shows("5.told", "2.2", "2.9.undo")
def a_link_in_the_middle_of_a_chain_that_goes_makes_no_second_message(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2", "KS-3", "KS-4")
    story.ask("Ana", "KS-1")
    story.duplicate("KS-1", of="KS-2")
    story.duplicate("KS-2", of="KS-3")
    story.done("KS-3")
    then.goes_out("Ana: delivered in ticket 101")
    story.done("KS-2")
    story.done("KS-4")
    story.disconnect("KS-2", "KS-3")
    then.rests("Ana", "KS-2 1")
    then.nobody_hears()
    story.duplicate("KS-2", of="KS-4")  # merged elsewhere afterwards
    then.rests("Ana", "KS-4 1")
    then.nobody_hears()
    then.waits_for_approval()


@UNMERGED.shows("5.told", "2.2.lowest")
def a_merge_that_an_older_link_sets_aside_makes_no_second_message(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    story.ask("Ana", "KS-1")
    story.link_in_jira("merged", "KS-1", "KS-2", link_id="2000")
    story.done("KS-2")
    then.goes_out("Ana: delivered in ticket 101")
    story.done("KS-3")
    story.link_in_jira("merged", "KS-1", "KS-3", link_id="1500")
    then.rests("Ana", "KS-3 1")
    then.nobody_hears()
    then.waits_for_approval()


@UNMERGED.shows("5.told.other", "2.9.undo")
def somebody_else_who_asks_for_what_was_unmerged_is_told(story: Script, then: Then) -> None:
    ana_was_told_of_the_other(story, then)
    story.disconnect("KS-1", "KS-2")
    story.ask("Bo", "KS-1")
    story.done("KS-1")
    then.goes_out("Bo: delivered in ticket 102")


@UNMERGED.shows("5.told", "2.7", "2.9.undo")
def a_part_merged_back_and_told_with_its_container_is_not_told_again_on_its_own(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.ask("Bo", "KS-2")
    story.duplicate("KS-2", of="KS-1")  # a container of KS-3 alone
    then.rests("Ana", "KS-3 1")
    then.rests("Bo", "KS-3 1")
    story.done("KS-3")
    then.goes_out("Ana: delivered in ticket 101", "Bo: delivered in ticket 102")
    story.disconnect("KS-2", "KS-1")
    then.rests("Ana", "KS-2 1/2", "KS-3 1/2")
    then.rests("Bo", "KS-2 1")
    story.done("KS-2")
    then.nobody_hears()
    then.waits_for_approval()


@UNMERGED.shows("5.told", "2.7", "5.correction", "2.9.undo")
def the_only_part_of_a_container_told_as_the_whole_is_not_told_again_as_a_part(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2",))
    story.duplicate("KS-2", of="KS-1")
    then.rests("Ana", "KS-1 1")
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 101")
    story.disconnect("KS-2", "KS-1")
    then.rests("Ana", "KS-2 1")
    then.waits_for_approval("Ana: correction")  # KS-2 is open
    story.done("KS-2")
    then.nobody_hears()
    then.waits_for_approval()


@UNMERGED.shows("5.told", "5.closing", "2.7", "2.9.undo")
def a_part_told_by_half_with_its_container_has_a_last_word_of_its_own(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.container("KS-1", into=("KS-2", "KS-3", "KS-4"))
    story.ask("Bo", "KS-2")
    story.duplicate("KS-2", of="KS-1")
    then.rests("Bo", "KS-3 1/2", "KS-4 1/2")
    story.done("KS-3")
    then.goes_out("Bo: part_delivered in ticket 101")
    story.disconnect("KS-2", "KS-1")
    then.rests("Bo", "KS-2 1")
    story.done("KS-2")  # neither KS-3 nor anything that it was merged into
    then.goes_out("Bo: delivered in ticket 101")


@UNMERGED.shows("5.told.other", "2.3", "2.9.undo")
def what_was_merged_there_for_others_is_news_to_who_comes_to_it_later(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-3")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2",))
    story.duplicate("KS-3", of="KS-2")  # others asked for it
    story.done("KS-2")
    then.goes_out("Ana: delivered in ticket 101")
    story.disconnect("KS-3", "KS-2")
    story.split("KS-1", into=["KS-3"])
    then.rests("Ana", "KS-2 1/2", "KS-3 1/2")
    then.waits_for_approval()
    story.done("KS-3")
    then.goes_out("Ana: delivered in ticket 101")
