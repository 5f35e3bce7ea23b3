"""Chapter 2, rule 13: tickets and users merge in the helpdesk."""

from tests.lineage.golden.script import Script
from tests.lineage.golden.table import Chapter
from tests.lineage.golden.then import Then

MERGED_PEOPLE = Chapter()


@MERGED_PEOPLE.shows("2.13", "1.request")
def a_merged_ticket_is_answered_on_the_one_that_survives(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")  # ticket 101
    story.ticket("Ana")  # ticket 102
    story.merge_ticket("101", into="102")
    then.rests("101", "KS-1 1")  # the request stays
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 102")
    then.noted()


@MERGED_PEOPLE.shows("2.13", "5.place")
def a_ticket_merged_twice_is_answered_on_the_last(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ticket("Ana")
    story.ticket("Ana")
    story.merge_ticket("101", into="102")
    story.merge_ticket("102", into="103")
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 103")


@MERGED_PEOPLE.shows("2.13", "5.one", "5.note")
def two_requests_that_meet_in_one_ticket_are_answered_there_once(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Ana", "KS-1")
    story.merge_ticket("101", into="102")
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 102")
    then.noted()
    then.told("101", "delivered of KS-1 in ticket 102")
    then.told("102", "delivered of KS-1 in ticket 102")


@MERGED_PEOPLE.shows("2.13", "5.nobody")
def a_surviving_ticket_of_somebody_else_is_never_answered_instead(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ticket("Bo")
    story.merge_ticket("101", into="102")
    story.done("KS-1")
    then.goes_out("Ana: delivered in a follow-up on ticket 101")


@MERGED_PEOPLE.shows("2.13", "5.nobody")
def until_the_surviving_ticket_was_read_nothing_is_said_there(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.merge_ticket("101", into="102")
    story.done("KS-1")
    then.nobody_hears()
    then.stopped("Ana: blocked, the ticket was merged into another, which is being read")
    story.ticket("Ana")  # ticket 102
    then.goes_out("Ana: delivered in ticket 102")


@MERGED_PEOPLE.shows("2.13", "2.13.users")
def tickets_of_two_accounts_that_turn_out_to_be_one_person_are_answered_on_the_survivor(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Annie", "KS-1")
    story.merge_ticket("101", into="102")
    story.are_one("Ana", "Annie")
    story.ticket_changes("101")  # read again, as after every change of its requester
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 102")
    then.counts("KS-1", people=1)


@MERGED_PEOPLE.shows("2.13.users", "5.one")
def two_users_who_turn_out_to_be_one_have_one_live_message_and_are_told_once(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Annie", "KS-1")
    story.done("KS-1")
    assert len(story.notices(state="held")) == 2
    story.are_one("Ana", "Annie")
    assert len(story.notices(state="held")) == 1
    then.goes_out("Ana: delivered in ticket 102")
    then.noted("in ticket 101")


@MERGED_PEOPLE.shows("2.13.users", "5.told")
def two_users_who_were_both_told_are_not_told_again_as_one(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Annie", "KS-1")
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 101", "Annie: delivered in ticket 102")
    story.are_one("Ana", "Annie")
    then.nobody_hears()
    then.waits_for_approval()


@MERGED_PEOPLE.shows("2.13.users", "5.nobody")
def who_opted_out_as_one_user_hears_nothing_as_the_other(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Annie", "KS-1")
    story.opt_out("Annie")
    story.are_one("Ana", "Annie")
    story.done("KS-1")
    then.nobody_hears()
    then.stopped("Ana: skipped, opted out")


@MERGED_PEOPLE.shows("2.13.users", "5.told")
def a_ticket_that_a_merge_of_users_gave_to_the_other_user_has_the_same_requester_still(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Annie", "KS-1")
    story.users_merge("Annie", into="Ana")
    story.hand_over("102", to="Ana")
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 102")
