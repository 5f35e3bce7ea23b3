"""Chapter 5, what came late: an ask that comes to rest on something finished is owed it, for approval."""

from tests.lineage.golden.script import Script
from tests.lineage.golden.table import Chapter
from tests.lineage.golden.then import Then

LATE = Chapter()


@LATE.shows("5.late", "2.5")
def who_wants_all_parts_again_is_late_only_for_those_not_wanted_before(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3", "KS-4"))
    story.narrow("Ana", "KS-1", to=["KS-2"])
    story.done("KS-3")
    then.nobody_hears()
    story.narrow("Ana", "KS-1", to=None)
    then.waits_for_approval("Ana: part_delivered")  # of KS-3: out since before it was wanted again
    story.dismiss_drafts()
    story.done("KS-2")
    then.goes_out("Ana: part_delivered in ticket 101")
    story.done("KS-4")
    then.goes_out("Ana: delivered in ticket 101")


@LATE.shows("5.late", "2.5")
def a_part_that_was_wanted_late_stays_so_when_another_is_added(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3", "KS-4"))
    story.narrow("Ana", "KS-1", to=["KS-2"])
    story.done("KS-3")
    story.narrow("Ana", "KS-1", to=["KS-2", "KS-3"])
    then.waits_for_approval("Ana: part_delivered")
    story.narrow("Ana", "KS-1", to=["KS-2", "KS-3", "KS-4"])
    then.nobody_hears()
    then.waits_for_approval("Ana: part_delivered")
    story.narrow("Ana", "KS-1", to=["KS-2", "KS-3"])
    story.narrow("Ana", "KS-1", to=None)
    then.nobody_hears()
    then.waits_for_approval("Ana: part_delivered")


@LATE.shows("5.late", "2.5", "5.quiet")
def a_part_that_was_wanted_all_along_goes_out_by_itself_whatever_is_chosen_besides(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.narrow("Ana", "KS-1", to=["KS-2"])
    story.done("KS-2")
    story.narrow("Ana", "KS-1", to=["KS-2", "KS-3"])
    story.narrow("Bo", "KS-1", to=["KS-2"])  # fewer than before: nothing came late
    then.goes_out("Ana: part_delivered in ticket 101", "Bo: delivered in ticket 102")


@LATE.shows("5.late", "2.13.users", "2.5")
def of_two_users_who_become_one_each_comes_late_to_what_only_the_other_wanted(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Annie", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.narrow("Ana", "KS-1", to=["KS-2"])
    story.narrow("Annie", "KS-1", to=["KS-3"])
    story.done("KS-2")
    then.goes_out("Ana: delivered in ticket 101")
    story.users_merge("Annie", into="Ana")
    then.rests("101", "KS-2 1/2", "KS-3 1/2")
    then.rests("102", "KS-2 1/2", "KS-3 1/2")
    then.nobody_hears()
    then.waits_for_approval("Ana: part_delivered")  # to ticket 102, which nobody answered
    story.done("KS-3")
    then.goes_out("Ana: delivered in ticket 102")


@LATE.shows("5.late", "2.13.users", "2.5")
def who_chose_nothing_under_one_of_two_names_wants_all(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Annie", "KS-1")
    story.ask("Bo", "KS-1")
    story.ticket("Bob")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.narrow("Annie", "KS-1", to=["KS-3"])
    story.narrow("Bo", "KS-1", to=["KS-3"])
    story.users_merge("Annie", into="Ana")
    story.users_merge("Bo", into="Bob")
    then.rests("101", "KS-2 1/2", "KS-3 1/2")
    then.rests("102", "KS-2 1/2", "KS-3 1/2")
    then.rests("103", "KS-3 1")  # Bob asked for nothing else


@LATE.shows("5.late", "2.9.undo", "5.quiet")
def a_part_taken_away_makes_nothing_late_for_those_who_waited_for_its_sibling(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.done("KS-2")
    story.disconnect("KS-1", "KS-3")
    then.goes_out("Ana: delivered in ticket 101")


@LATE.shows("5.late", "2.9.undo", "2.5.aside")
def who_loses_the_only_part_that_they_chose_comes_late_to_the_others(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.narrow("Ana", "KS-1", to=["KS-3"])
    story.done("KS-2")
    story.disconnect("KS-1", "KS-3")
    then.rests("Ana", "KS-2 1")
    then.nobody_hears()
    then.waits_for_approval("Ana: delivered")


@LATE.shows("5.late", "2.9.undo", "2.2.lowest")
def a_link_that_was_set_aside_and_is_removed_makes_nothing_late(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    story.ask("Ana", "KS-1")
    story.duplicate("KS-1", of="KS-2")
    story.duplicate("KS-1", of="KS-3")
    story.done("KS-2")
    story.disconnect("KS-1", "KS-3")
    then.goes_out("Ana: delivered in ticket 101")


@LATE.shows("5.late", "2.9.undo", "2.10")
def an_ask_that_comes_back_through_a_circle_that_opened_is_late(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    story.ask("Ana", "KS-2")
    story.duplicate("KS-1", of="KS-2")
    story.duplicate("KS-2", of="KS-1")  # would close a circle
    then.rests("Ana", "KS-2 1")
    story.done("KS-1")
    story.disconnect("KS-1", "KS-2")
    then.rests("Ana", "KS-1 1")
    then.nobody_hears()
    then.waits_for_approval("Ana: delivered")


@LATE.shows("5.late", "2.7", "2.5")
def a_part_merged_back_into_something_finished_is_late_for_who_chose_it(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.keeps_part("KS-1", True)
    story.narrow("Ana", "KS-1", to=["KS-2"])
    story.done("KS-1")
    then.nobody_hears()
    story.duplicate("KS-2", of="KS-1")
    then.rests("Ana", "KS-1 itself 1")
    then.nobody_hears()
    then.waits_for_approval("Ana: delivered")


@LATE.shows("5.late", "2.11.parts", "2.9.undo")
def children_that_are_parts_no_more_leave_their_parents_asks_late(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    story.ask("Ana", "KS-1")
    story.parents("KS-1", of=("KS-2", "KS-3"))
    story.children_are_parts("KS-1", True)
    story.keeps_part("KS-1", False)
    story.done("KS-1")
    then.nobody_hears()
    story.children_are_parts("KS-1", False)
    then.rests("Ana", "KS-1 1")
    then.nobody_hears()
    then.waits_for_approval("Ana: delivered")
    story.children_are_parts("KS-1", True)
    then.rests("Ana", "KS-2 1/2", "KS-3 1/2")
    then.waits_for_approval()
