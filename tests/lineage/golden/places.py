"""Chapter 5: where people are answered, in which words, and who is not told."""

from dataclasses import replace

from lineage.changes import Voted
from tests.lineage.cast import member, person
from tests.lineage.golden.script import Script
from tests.lineage.golden.table import Chapter
from tests.lineage.golden.then import Then

PLACES = Chapter()


@PLACES.shows("5.place", "5.note", "5.one")
def of_several_open_tickets_the_newest_is_answered_and_the_others_get_a_note(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 103")
    then.noted("in ticket 101", "in ticket 102")
    assert "told this person about KS-1 in ticket #103" in story.notes[0].text


@PLACES.shows("5.place", "5.note")
def only_tickets_that_the_message_speaks_for_are_answered_or_noted(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.ask("Ana", "KS-2")  # newer, but about something else
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 101")
    then.noted()


@PLACES.shows("5.place", "5.note")
def an_open_ticket_is_preferred_to_a_newer_closed_one_which_gets_no_note(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Ana", "KS-1", status="closed")
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 101")
    then.noted()


@PLACES.shows("5.follow_up", "5.place", "5.part")
def a_closed_ticket_is_answered_by_a_follow_up_that_is_the_address_from_then_on(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1", status="closed")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.done("KS-2")
    then.goes_out("Ana: part_delivered in a follow-up on ticket 101")  # becomes ticket 102
    then.said("Ana", "This answers your earlier request “About 101”.")
    story.done("KS-3")
    then.goes_out("Ana: delivered in ticket 102")
    then.said("Ana", not_=("This answers your earlier request",))


@PLACES.shows("5.follow_up", "5.rechecked")
def a_ticket_that_closes_within_the_quiet_period_is_answered_by_a_follow_up(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.close_ticket("101")
    then.goes_out("Ana: delivered in a follow-up on ticket 101")


@PLACES.shows("5.place", "5.one", "1.person")
def who_wrote_and_voted_is_answered_in_the_ticket_once(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1", status="closed")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    story.done("KS-1")
    then.goes_out("Ana: delivered in a follow-up on ticket 101")
    then.noted()


@PLACES.shows("5.place", "5.nobody")
def with_no_place_left_it_is_blocked(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1", status="deleted")
    story.done("KS-1")
    then.nobody_hears()
    then.stopped("Ana: blocked, no place to answer: the ticket is deleted")


@PLACES.shows("5.entry", "5.words", "1.post")
def what_voters_read_on_a_post_is_the_same_for_all_and_names_nobody(story: Script, then: Then) -> None:
    story.issue("KS-1", title="Export to PDF")
    story.post("9", placed="KS-1")
    german = replace(member("Zoe"), language="de")
    story.record(Voted("9", german, story.now))  # the first who asked there
    story.vote("Ana", "9")
    story.done("KS-1")
    then.goes_out("Ana: delivered on forum post 9", "Zoe: delivered on forum post 9")
    (words,) = {sent.text for sent in story.sent}
    assert "Es ist jetzt fertig" in words and "Zoe" not in words and "Ana" not in words


@PLACES.shows("5.entry", "5.part", "2.3")
def a_post_gets_an_entry_for_each_outcome(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.done("KS-2")
    then.goes_out("Ana: part_delivered on forum post 9")
    then.said("Ana", "There is news about “The KS-1 thing”.", "1 of 2 parts is ready now:")
    story.done("KS-3")
    then.goes_out("Ana: delivered on forum post 9")


@PLACES.shows("5.words", "1.title")
def each_person_reads_their_own_language_and_nothing_internal(story: Script, then: Then) -> None:
    story.issue("KS-1", title="Export to PDF", summary="ACME wants the PDF thing")
    story.ask("Ana", "KS-1")
    story.ask("Zoe", "KS-1", requester=replace(person("Zoe"), language="de-AT"))
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 101", "Zoe: delivered in ticket 102")
    then.said("Ana", "It is ready now:", "✓ Export to PDF", not_=("ACME", "KS-1"))
    then.said("Zoe", "Es ist jetzt fertig", "✓ Export to PDF", not_=("ACME", "KS-1"))


@PLACES.shows("5.words", "1.title", "2.3")
def without_any_public_title_it_is_blocked_and_parts_are_named_by_the_whole(
    story: Script, then: Then
) -> None:
    story.issue("KS-1", "KS-2", "KS-3", title=None)
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.done("KS-2")
    then.nobody_hears()
    then.stopped(
        "Ana: blocked, KS-2, KS-3 have no public titles, so customers cannot be told of them: set them"
    )
    story.title("KS-1", "Exports")
    then.goes_out("Ana: part_delivered in ticket 101")
    then.said("Ana", "✓ Exports (1/2)", "… Exports (2/2)")


@PLACES.shows("5.nobody", "5.quiet")
def who_opts_out_hears_nothing_more_and_it_shows(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.done("KS-2")
    then.goes_out("Ana: part_delivered in ticket 101")
    story.done("KS-3")
    story.opt_out("Ana")  # within the quiet period
    then.nobody_hears()
    then.stopped("Ana: skipped, opted out")
    then.counts("KS-2", people=1)
    then.next("Ana", "nothing: opted out")


@PLACES.shows("5.nobody", "5.correction")
def who_opted_out_is_not_corrected_either(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 101")
    story.opt_out("Ana")
    story.reopen("KS-1")
    then.waits_for_approval()
    then.stopped("Ana: skipped, opted out")


@PLACES.shows("5.nobody", "5.quiet")
def who_is_suspended_is_told_once_that_is_lifted(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.suspend("101")
    story.done("KS-1")
    then.nobody_hears()
    then.stopped("Ana: blocked, suspended in Zendesk: lift the suspension first")
    story.ticket_changes("101", requester=person("Ana"))
    then.goes_out("Ana: delivered in ticket 101")


@PLACES.shows("5.nobody", "1.request")
def a_ticket_that_changed_hands_is_not_answered(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.hand_over("101", to="Bo")
    story.done("KS-1")
    then.nobody_hears()
    then.stopped("Ana: blocked, not the requester of the ticket any more: a reply would reach somebody else")
    then.rests("101", "KS-1 1")
    then.counts("KS-1", people=1)
