"""Chapter 5: what is owed, under which policy, and when it leaves."""

from tests.lineage.golden.script import Script
from tests.lineage.golden.table import Chapter
from tests.lineage.golden.then import Then

NEWS = Chapter()


@NEWS.shows("5.kinds", "5.owed")
def at_first_only_deliveries_go_out_by_themselves(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-2")
    then.nobody_hears()  # that we have it
    story.start("KS-1")
    then.nobody_hears()
    story.done("KS-1")
    story.decline("KS-2")
    then.goes_out("Ana: delivered in ticket 101")
    then.waits_for_approval("Bo: declined")
    then.draft_says("We have decided not to do it:", "We are sorry that we have no better news.")
    story.approve_drafts()
    then.goes_out_at_once("Bo: declined in ticket 102")


@NEWS.shows("5.kinds", "5.owed", "5.told")
def a_workspace_may_say_more_by_itself_each_once(story: Script, then: Then) -> None:
    story.policy_by_itself("linked", "started", "part_delivered", "delivered", "declined")
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    then.goes_out("Ana: linked in ticket 101")
    then.said("Ana", "We have noted it:", "We will write here again when there is news.")
    story.start("KS-1")
    then.goes_out("Ana: started in ticket 101")
    story.reopen("KS-1")
    story.start("KS-1")
    then.nobody_hears()
    story.decline("KS-1")
    then.goes_out("Ana: declined in ticket 101")


@NEWS.shows("5.kinds", "5.part")
def a_workspace_may_let_nothing_go_out_by_itself(story: Script, then: Then) -> None:
    story.policy_by_itself()
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    then.next("Ana", "when KS-1 is done, and a person approves the words")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.done("KS-2")
    then.nobody_hears()
    then.waits_for_approval("Ana: part_delivered")
    story.done("KS-3")
    then.waits_for_approval("Ana: delivered")
    story.approve_drafts()
    then.goes_out_at_once("Ana: delivered in ticket 101")


@NEWS.shows("5.correction.waits", "5.correction")
def a_correction_waits_for_a_person_under_every_policy(story: Script, then: Then) -> None:
    story.policy_by_itself("linked", "started", "part_delivered", "delivered", "declined", "correction")
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 101")
    story.reopen("KS-1")
    then.nobody_hears()
    then.waits_for_approval("Ana: correction")


@NEWS.shows("5.late", "2.1")
def who_is_linked_to_something_finished_is_told_once_a_person_says_so(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2")
    story.done("KS-1")
    story.decline("KS-2")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-2")
    then.nobody_hears()
    then.waits_for_approval("Ana: delivered", "Bo: declined")
    then.next("Ana", "draft waits for approval")
    story.approve_drafts()
    then.goes_out_at_once("Ana: delivered in ticket 101", "Bo: declined in ticket 102")


@NEWS.shows("5.late", "2.2", "2.5")
def what_is_merged_into_a_finished_part_is_owed_by_approval_and_those_who_waited_are_not(
    story: Script, then: Then
) -> None:
    story.issue("KS-1", "KS-9")
    story.ask("Ana", "KS-1")
    story.ask("Eve", "KS-9")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.narrow("Ana", "KS-1", to=["KS-2"])
    story.done("KS-2")
    story.duplicate("KS-9", of="KS-2")
    then.goes_out("Ana: delivered in ticket 101")
    then.waits_for_approval("Eve: delivered")


@NEWS.shows("5.late", "4.late")
def what_was_finished_before_it_was_linked_is_late_though_we_heard_of_it_afterwards(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.finish_unheard("KS-1")
    story.ask("Ana", "KS-1")
    story.look("KS-1")  # by Jira's time it was done before she asked
    then.nobody_hears()
    then.waits_for_approval("Ana: delivered")


@NEWS.shows("5.late", "2.5")
def a_choice_that_is_widened_to_something_finished_is_late(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.narrow("Ana", "KS-1", to=["KS-3"])
    story.done("KS-2")
    then.nobody_hears()
    story.narrow("Ana", "KS-1", to=["KS-2", "KS-3"])  # comes to rest on what is out already
    then.nobody_hears()
    then.waits_for_approval("Ana: part_delivered")


@NEWS.shows("5.late", "2.9.undo")
def what_a_removed_link_brings_back_to_something_finished_is_late(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.duplicate("KS-1", of="KS-2")
    story.done("KS-1")
    then.nobody_hears()
    story.disconnect("KS-1", "KS-2")
    then.nobody_hears()
    then.waits_for_approval("Ana: delivered")


@NEWS.shows("5.vote", "5.owed")
def a_vote_cast_after_delivery_is_owed_nothing(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    story.done("KS-1")
    story.vote("Bo", "9")
    then.counts("KS-1", people=2, votes=2)
    then.goes_out("Ana: delivered on forum post 9")
    then.waits_for_approval()


@NEWS.shows("5.vote", "4.withdrawn")
def a_vote_that_was_withdrawn_hears_nothing_nor_if_it_is_cast_again_after_delivery(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    story.vote("Bo", "9")
    story.take_back_vote("Ana", "9")
    story.done("KS-1")
    story.vote("Ana", "9")
    then.goes_out("Bo: delivered on forum post 9")
    then.waits_for_approval()


@NEWS.shows("5.vote", "5.quiet", "5.rechecked")
def a_vote_taken_back_within_the_quiet_period_hears_nothing(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    story.done("KS-1")
    story.take_back_vote("Ana", "9")
    then.nobody_hears()
    then.stopped("Ana: cancelled, nothing is owed any more")


@NEWS.shows("5.vote", "5.late", "1.post")
def a_vote_cast_before_delivery_on_a_post_that_is_linked_after_it_is_owed_by_approval(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.post("9")
    story.vote("Ana", "9")
    story.done("KS-1")
    story.vote("Bo", "9")  # after delivery
    story.post("9", placed="KS-1")
    then.nobody_hears()
    then.waits_for_approval("Ana: delivered")


@NEWS.shows("5.vote", "5.late", "2.2")
def a_vote_cast_before_delivery_that_is_merged_into_what_was_delivered_is_owed_by_approval(
    story: Script, then: Then
) -> None:
    story.issue("KS-1", "KS-9")
    story.post("9", placed="KS-9")
    story.vote("Ana", "9")
    story.done("KS-1")
    story.vote("Bo", "9")  # after delivery
    story.duplicate("KS-9", of="KS-1")
    then.nobody_hears()
    then.waits_for_approval("Ana: delivered")


@NEWS.shows("5.quiet")
def news_waits_for_a_quarter_of_an_hour_or_as_long_as_the_workspace_says(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-2")
    story.done("KS-1")
    story.later(minutes=14)
    then.goes_out_at_once()
    story.later(minutes=2)
    then.goes_out_at_once("Ana: delivered in ticket 101")
    story.policy(hold_s=60)
    story.done("KS-2")
    then.goes_out_at_once()
    story.later(minutes=1)
    then.goes_out_at_once("Bo: delivered in ticket 102")


@NEWS.shows("5.anew", "5.quiet")
def what_is_reopened_and_done_again_waits_anew(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.later(minutes=14)
    story.reopen("KS-1")
    story.done("KS-1")
    story.later(minutes=10)
    then.goes_out_at_once()
    story.later(minutes=6)
    then.goes_out_at_once("Ana: delivered in ticket 101")


@NEWS.shows("5.anew", "5.one")
def what_joins_a_message_that_waits_makes_it_wait_a_quiet_period_too(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.done("KS-2")
    story.later(minutes=12)
    story.done("KS-3")
    story.later(minutes=10)
    then.goes_out_at_once()
    story.later(minutes=6)
    then.goes_out_at_once("Ana: delivered in ticket 101")


@NEWS.shows("5.rechecked", "5.owed")
def what_is_not_true_any_more_is_cancelled(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.reopen("KS-1")
    then.nobody_hears()
    then.stopped("Ana: cancelled, nothing is owed any more")


@NEWS.shows("5.rechecked", "5.kinds", "5.words")
def other_words_than_those_approved_need_approval_again(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.decline("KS-1")
    story.approve_drafts()
    story.title("KS-1", "Export to PDF")
    then.nobody_hears()
    then.waits_for_approval("Ana: declined")
    then.draft_says("✗ Export to PDF")
    story.approve_drafts()
    then.goes_out_at_once("Ana: declined in ticket 101")


@NEWS.shows("5.rechecked", "5.told")
def what_a_person_cancelled_is_not_told_until_it_becomes_true_anew(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.cancel_held()
    story.title("KS-1", "Export to PDF")
    then.nobody_hears()
    story.reopen("KS-1")
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 101")
