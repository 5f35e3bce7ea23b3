"""Chapter 5: nobody is told twice, and what is not true any more is taken back by a person."""

from tests.lineage.golden.script import Script
from tests.lineage.golden.table import Chapter
from tests.lineage.golden.then import Then

TOLD_ONCE = Chapter()


def ana_was_told(story: Script, then: Then) -> None:
    """Ana asked for KS-1, which is done, and was told so."""
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 101")


@TOLD_ONCE.shows("5.told", "6.cause")
def what_is_heard_again_or_done_again_unseen_makes_no_second_message(story: Script, then: Then) -> None:
    ana_was_told(story, then)
    story.look("KS-1")
    then.nobody_hears()
    story.change("KS-1", state_at=story.now)  # reopened and done again between two looks
    then.nobody_hears()
    then.waits_for_approval()


@TOLD_ONCE.shows("5.told", "2.2", "2.9.undo")
def what_was_told_is_told_along_all_later_merges_and_after_they_are_undone(story: Script, then: Then) -> None:
    ana_was_told(story, then)
    story.issue("KS-2", "KS-3")
    story.done("KS-2")
    story.done("KS-3")
    story.duplicate("KS-1", of="KS-2")
    then.nobody_hears()
    story.duplicate("KS-2", of="KS-3")
    then.rests("Ana", "KS-3 1")
    then.nobody_hears()
    story.disconnect("KS-1", "KS-2")
    then.rests("Ana", "KS-1 1")
    then.nobody_hears()
    then.waits_for_approval()


@TOLD_ONCE.shows("5.told.other", "5.late", "2.2")
def another_ask_of_the_same_person_that_nobody_answered_is_still_owed(story: Script, then: Then) -> None:
    ana_was_told(story, then)
    story.issue("KS-2")
    story.ask("Ana", "KS-2")  # ticket 102
    story.duplicate("KS-2", of="KS-1")
    then.nobody_hears()
    then.waits_for_approval("Ana: delivered")
    story.approve_drafts()
    then.goes_out_at_once("Ana: delivered in ticket 102")
    then.noted()
    then.told("101", "delivered of KS-1 in ticket 101")


@TOLD_ONCE.shows("5.told.other", "2.3", "5.late")
def a_finished_part_that_joins_what_was_told_is_owed_for_itself(story: Script, then: Then) -> None:
    ana_was_told(story, then)
    story.issue("KS-2")
    story.done("KS-2")
    story.split("KS-1", into=["KS-2"])
    then.stands("Ana", "delivered, 2 of 2")
    then.nobody_hears()
    then.waits_for_approval("Ana: delivered")  # of KS-2; nothing that was told is untrue
    then.draft_says("✓ The KS-2 thing (new)")


@TOLD_ONCE.shows("5.correction", "5.correction.sent", "5.told")
def what_is_reopened_is_taken_back_and_can_then_be_told_again(story: Script, then: Then) -> None:
    ana_was_told(story, then)
    story.reopen("KS-1")
    then.nobody_hears()
    then.waits_for_approval("Ana: correction")
    then.draft_says("“The KS-1 thing” was ready. It is not.")
    story.approve_drafts()
    then.goes_out_at_once("Ana: correction in ticket 101")
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 101")
    then.told(
        "Ana", "delivered of KS-1 in ticket 101", "correction of KS-1 in ticket 101",
        "delivered of KS-1 in ticket 101",
    )  # fmt: skip


@TOLD_ONCE.shows("5.correction.dismissed", "5.told")
def what_was_not_taken_back_is_not_told_again(story: Script, then: Then) -> None:
    ana_was_told(story, then)
    story.reopen("KS-1")
    story.dismiss_drafts()
    story.done("KS-1")
    then.nobody_hears()
    then.waits_for_approval()


@TOLD_ONCE.shows("5.correction", "5.told", "5.rechecked")
def what_is_true_again_before_it_was_taken_back_needs_no_words(story: Script, then: Then) -> None:
    ana_was_told(story, then)
    story.reopen("KS-1")
    then.waits_for_approval("Ana: correction")
    story.done("KS-1")
    then.waits_for_approval()
    then.nobody_hears()


@TOLD_ONCE.shows("5.correction", "5.told", "2.2")
def merged_into_something_open_it_is_corrected_unless_that_is_done_first(story: Script, then: Then) -> None:
    ana_was_told(story, then)
    story.issue("KS-2")
    story.duplicate("KS-1", of="KS-2")
    then.waits_for_approval("Ana: correction")
    story.done("KS-2")
    then.waits_for_approval()
    then.nobody_hears()  # told of KS-1, which is merged into KS-2 now


@TOLD_ONCE.shows("5.correction.sent", "5.correction", "2.2")
def corrected_after_a_merge_it_is_told_again_of_what_it_was_merged_into(story: Script, then: Then) -> None:
    ana_was_told(story, then)
    story.issue("KS-2")
    story.duplicate("KS-1", of="KS-2")
    story.approve_drafts()
    then.goes_out_at_once("Ana: correction in ticket 101")
    story.done("KS-2")
    then.goes_out("Ana: delivered in ticket 101")
    then.said("Ana", "“The KS-1 thing”. It is ready now:", "✓ The KS-2 thing")


@TOLD_ONCE.shows("5.correction", "5.correction.sent", "2.3.unsaid", "2.3.in_part")
def split_after_it_was_told_it_is_taken_back_and_told_in_parts(story: Script, then: Then) -> None:
    ana_was_told(story, then)
    story.split("KS-1", into=["KS-2"])
    then.stands("Ana", "waiting, 0 of 2")  # was it the rest of the work, or a container?
    then.waits_for_approval("Ana: correction")
    story.approve_drafts()
    then.goes_out_at_once("Ana: correction in ticket 101")
    story.keeps_part("KS-1", True)
    then.goes_out("Ana: part_delivered in ticket 101")
    story.done("KS-2")
    then.goes_out("Ana: delivered in ticket 101")


@TOLD_ONCE.shows("5.correction.dismissed", "2.3.in_part")
def split_after_it_was_told_and_left_so_only_the_new_part_is_told(story: Script, then: Then) -> None:
    ana_was_told(story, then)
    story.split("KS-1", into=["KS-2"])
    story.dismiss_drafts()
    story.keeps_part("KS-1", True)
    then.stands("Ana", "part_delivered, 1 of 2")
    then.nobody_hears()
    story.done("KS-2")
    then.goes_out("Ana: delivered in ticket 101")
    then.said("Ana", "✓ The KS-2 thing (new)")


@TOLD_ONCE.shows("5.correction", "4.declined", "5.kinds")
def a_no_that_was_told_and_is_reopened_is_taken_back_too(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.decline("KS-1")
    story.approve_drafts()
    then.goes_out("Ana: declined in ticket 101")
    story.reopen("KS-1")
    then.waits_for_approval("Ana: correction")
    then.draft_says("“The KS-1 thing” would not be done. That has changed.")


@TOLD_ONCE.shows("5.correction", "5.late", "5.rechecked")
def only_those_who_were_told_are_corrected(story: Script, then: Then) -> None:
    ana_was_told(story, then)
    story.ask("Bo", "KS-1")
    then.waits_for_approval("Bo: delivered")
    story.reopen("KS-1")
    then.waits_for_approval("Ana: correction")


@TOLD_ONCE.shows("5.correction", "5.part", "2.5")
def of_several_parts_that_were_told_only_what_is_reopened_is_taken_back(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.narrow("Bo", "KS-1", to=["KS-3"])
    story.done("KS-2")
    story.done("KS-3")
    then.goes_out("Ana: delivered in ticket 101", "Bo: delivered in ticket 102")
    story.reopen("KS-2")
    then.waits_for_approval("Ana: correction")
    then.draft_says("“The KS-2 thing” was ready. It is not.", not_=("“The KS-3 thing” was ready",))
    story.approve_drafts()
    then.goes_out_at_once("Ana: correction in ticket 101")
    story.done("KS-2")
    then.goes_out("Ana: delivered in ticket 101")


@TOLD_ONCE.shows("5.one", "5.correction", "5.kinds")
def what_waits_for_approval_at_one_moment_is_one_draft_and_a_correction_first_of_all(
    story: Script, then: Then
) -> None:
    ana_was_told(story, then)
    story.issue("KS-2")
    story.link("101", "KS-2")
    story.decline("KS-2")
    story.reopen("KS-1")
    then.waits_for_approval("Ana: correction")
    then.draft_says("“The KS-1 thing” was ready. It is not.", "✗ The KS-2 thing")
