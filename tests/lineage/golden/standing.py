"""Chapter 4: how far an item, and how far an ask, has come."""

from tests.lineage.golden.script import Script
from tests.lineage.golden.table import Chapter
from tests.lineage.golden.then import Then

STANDING = Chapter()


def three_parts(story: Script) -> None:
    """Ana asks for KS-1, a container of KS-2, KS-3 and KS-4."""
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3", "KS-4"))


@STANDING.shows("4.states", "4.waiting", "4.started", "4.delivered", "4.declined")
def an_item_is_where_jira_says_and_so_is_what_was_asked_for(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    then.stands("Ana", "waiting, 0 of 1")
    story.start("KS-1")
    then.state("KS-1 started")
    then.stands("Ana", "started, 0 of 1")
    story.done("KS-1")
    then.state("KS-1 delivered")
    then.stands("Ana", "delivered, 1 of 1")
    story.reopen("KS-1")
    story.decline("KS-1")
    then.state("KS-1 declined")
    then.stands("Ana", "declined, 0 of 1")
    story.deleted("KS-1")
    then.state("KS-1 gone")
    then.stands("Ana", "waiting, 0 of 1")


@STANDING.shows("4.bare", "5.owed")
def done_without_a_resolution_is_delivered(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.change("KS-1", category="done", status="Done")
    then.state("KS-1 delivered")
    then.goes_out("Ana: delivered in ticket 101")


@STANDING.shows("4.closed", "4.waiting")
def a_resolution_that_nobody_mapped_asks_a_person_and_says_nothing(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.close("KS-1", resolution_id="77")
    then.state("KS-1 closed")
    then.stands("Ana", "waiting, 0 of 1")
    then.next("Ana", "when somebody says what the resolution of KS-1 means, or reopens it")
    then.nobody_hears()
    then.waits_for_approval()
    story.change("KS-1", meaning="delivered")  # somebody says it
    then.goes_out("Ana: delivered in ticket 101")


@STANDING.shows("4.closed", "2.2", "5.late")
def closed_as_a_duplicate_without_a_link_says_nothing_until_the_link_is_there(
    story: Script, then: Then
) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.done("KS-2")
    story.close("KS-1", resolution_id="3", meaning="closed")
    then.nobody_hears()
    story.duplicate("KS-1", of="KS-2")
    then.stands("Ana", "delivered, 1 of 1")
    then.nobody_hears()
    then.waits_for_approval("Ana: delivered")  # it came late to something finished


@STANDING.shows("4.release", "4.started", "5.owed")
def on_release_done_is_delivered_once_every_fix_version_is_out(story: Script, then: Then) -> None:
    story.policy(deliver="release")
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.fix_versions("KS-1", "2.0", "2.1")
    story.done("KS-1")
    then.stands("Ana", "started, 0 of 1")
    then.next("Ana", "when KS-1 is released")
    story.release("2.0")
    then.stands("Ana", "started, 0 of 1")
    then.nobody_hears()
    story.release("2.1")
    assert not story.release("2.1")  # hearing it again is nothing new
    then.stands("Ana", "delivered, 1 of 1")
    then.goes_out("Ana: delivered in ticket 101")


@STANDING.shows("4.release", "4.declined")
def on_release_what_has_no_version_is_delivered_when_done_and_a_no_is_a_no_at_once(
    story: Script, then: Then
) -> None:
    story.policy(deliver="release")
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-2")
    story.fix_versions("KS-2", "2.0")
    story.done("KS-1")
    story.decline("KS-2")
    then.stands("Ana", "delivered, 1 of 1")
    then.stands("Bo", "declined, 0 of 1")


@STANDING.shows("4.release", "5.correction", "5.told")
def a_release_policy_meets_reopening_and_nobody_is_told_twice(story: Script, then: Then) -> None:
    story.policy(deliver="release")
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.fix_versions("KS-1", "2.0")
    story.release("2.0")
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 101")
    story.reopen("KS-1")
    then.waits_for_approval("Ana: correction")
    story.fix_versions("KS-1", "2.1")  # done again, but for a version that is not out
    story.done("KS-1")
    then.stands("Ana", "started, 0 of 1")
    then.waits_for_approval("Ana: correction")
    story.release("2.1")
    then.waits_for_approval()
    then.nobody_hears()


@STANDING.shows("4.release", "5.correction")
def a_release_that_is_taken_back_is_corrected(story: Script, then: Then) -> None:
    story.policy(deliver="release")
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.fix_versions("KS-1", "2.0")
    story.done("KS-1")
    story.release("2.0")
    then.goes_out("Ana: delivered in ticket 101")
    story.release("2.0", released=False)
    then.stands("Ana", "started, 0 of 1")
    then.waits_for_approval("Ana: correction")


@STANDING.shows("4.release.project", "4.release")
def a_project_may_deliver_on_release_while_the_others_deliver_when_done(story: Script, then: Then) -> None:
    story.policy_of_project("OPS", deliver="release")
    story.issue("KS-1", "OPS-1")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "OPS-1")
    story.fix_versions("KS-1", "2.0")
    story.fix_versions("OPS-1", "2.0")
    story.done("KS-1")
    story.done("OPS-1")
    then.stands("Ana", "delivered, 1 of 1")
    then.stands("Bo", "started, 0 of 1")
    story.release("2.0")
    then.stands("Bo", "delivered, 1 of 1")


@STANDING.shows("4.late", "2.9")
def late_news_of_a_state_cannot_undo_newer(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.start("KS-1")
    late = story.tracker.seen("KS-1")
    story.done("KS-1")
    story.record(late)
    then.stands("Ana", "delivered, 1 of 1")
    then.goes_out("Ana: delivered in ticket 101")
    story.record(late)
    then.stands("Ana", "delivered, 1 of 1")
    then.waits_for_approval()


@STANDING.shows("4.withdrawn", "5.owed")
def a_withdrawn_ask_is_withdrawn_though_what_it_asked_for_is_delivered(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.unlink("101", "KS-1")
    then.stands("Ana", "withdrawn")
    then.rests("Ana")
    then.nobody_hears()
    assert story.on("KS-1") == []
    assert story.link("101", "KS-1")
    assert not story.link("101", "KS-1")  # it is linked already
    then.stands("Ana", "delivered, 1 of 1")


@STANDING.shows("4.withdrawn", "3.people", "5.owed")
def a_link_taken_back_may_leave_the_ask_standing(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.unlink("101", "KS-1", keep=True)
    assert story.asked("101").detached
    then.stands("Ana", "waiting, 0 of 1")
    then.counts("KS-1", people=1)
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 101")


@STANDING.shows("4.part_delivered", "4.states")
def some_out_and_any_open_started_gone_or_closed_is_a_part(story: Script, then: Then) -> None:
    three_parts(story)
    story.done("KS-2")
    then.stands("Ana", "part_delivered, 1 of 3")
    story.decline("KS-3")
    then.stands("Ana", "part_delivered, 1 of 3")  # KS-4 is open
    story.start("KS-4")
    then.stands("Ana", "part_delivered, 1 of 3")
    story.close("KS-4", resolution_id="77")
    then.stands("Ana", "part_delivered, 1 of 3")
    story.deleted("KS-4")
    then.stands("Ana", "part_delivered, 1 of 3")


@STANDING.shows("4.delivered_in_part", "4.delivered")
def some_out_and_the_rest_declined_is_delivered_in_part(story: Script, then: Then) -> None:
    three_parts(story)
    story.done("KS-2")
    story.decline("KS-3")
    story.decline("KS-4")
    then.stands("Ana", "delivered_in_part, 1 of 3")
    story.reopen("KS-4")
    story.done("KS-4")
    then.stands("Ana", "delivered_in_part, 2 of 3")
    story.reopen("KS-3")
    story.done("KS-3")
    then.stands("Ana", "delivered, 3 of 3")


@STANDING.shows("4.declined", "4.waiting", "4.started")
def a_no_to_some_is_not_a_no_to_all(story: Script, then: Then) -> None:
    three_parts(story)
    story.decline("KS-2")
    story.decline("KS-3")
    then.stands("Ana", "waiting, 0 of 3")
    story.start("KS-4")
    then.stands("Ana", "started, 0 of 3")
    story.decline("KS-4")
    then.stands("Ana", "declined, 0 of 3")


@STANDING.shows("4.delivered_in_part", "4.delivered", "2.5")
def the_same_parts_are_everything_to_one_person_and_a_part_to_another(story: Script, then: Then) -> None:
    three_parts(story)
    story.ask("Bo", "KS-1")
    story.ask("Cy", "KS-1")
    story.narrow("Bo", "KS-1", to=["KS-2"])
    story.narrow("Cy", "KS-1", to=["KS-3", "KS-4"])
    story.done("KS-2")
    story.decline("KS-3")
    story.decline("KS-4")
    then.stands("Ana", "delivered_in_part, 1 of 3")
    then.stands("Bo", "delivered, 1 of 1")
    then.stands("Cy", "declined, 0 of 2")
