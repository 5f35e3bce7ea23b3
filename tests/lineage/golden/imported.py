"""Chapter 5 again: of what had become of an ask by its import, nobody is told by itself."""

from datetime import timedelta

from tests.lineage.golden.script import Script
from tests.lineage.golden.table import Chapter
from tests.lineage.golden.then import Then

IMPORTED = Chapter()

ALL_KINDS = ("linked", "started", "part_delivered", "delivered", "declined")


@IMPORTED.shows("5.imported")
def of_what_was_before_the_import_nobody_is_told(story: Script, then: Then) -> None:
    story.policy_by_itself(*ALL_KINDS)
    story.issue("KS-1", "KS-2", "KS-3", "KS-4")
    tickets = [story.ticket(who) for who in ("Ana", "Bo", "Cy", "Di")]
    story.start("KS-2")
    story.done("KS-3")
    story.decline("KS-4")
    for number, key in zip(tickets, ("KS-1", "KS-2", "KS-3", "KS-4"), strict=True):
        story.import_link(number, key, linked=story.now - timedelta(days=400))
    then.stands("Cy", "delivered, 1 of 1")
    then.nobody_hears()
    then.nothing_waits()


@IMPORTED.shows("5.imported")
def what_happens_after_it_is_news_as_ever(story: Script, then: Then) -> None:
    story.policy_by_itself(*ALL_KINDS)
    story.issue("KS-1", "KS-2")
    story.start("KS-2")
    ana, bo = story.ticket("Ana"), story.ticket("Bo")
    story.import_link(ana, "KS-1")
    story.import_link(bo, "KS-2")
    story.start("KS-1")
    then.goes_out("Ana: started in ticket 101")
    story.done("KS-1")
    story.done("KS-2")
    then.goes_out("Ana: delivered in ticket 101", "Bo: delivered in ticket 102")


@IMPORTED.shows("5.imported")
def delivered_before_reopened_and_delivered_again_is_news(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.done("KS-1")
    story.import_link(story.ticket("Ana"), "KS-1")
    story.reopen("KS-1")
    then.nobody_hears()
    then.nothing_waits()
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 101")


@IMPORTED.shows("5.imported")
def a_duplicate_of_something_delivered_is_past_unless_it_becomes_one_later(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    story.done("KS-3")
    story.duplicate("KS-1", of="KS-3")
    story.import_link(story.ticket("Ana"), "KS-1")
    story.import_link(story.ticket("Bo"), "KS-2")
    then.nobody_hears()
    then.nothing_waits()
    story.duplicate("KS-2", of="KS-3")
    then.nobody_hears()
    then.waits_for_approval("Bo: delivered")


@IMPORTED.shows("5.imported")
def the_part_that_comes_later_is_told_with_the_one_that_was_there(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.done("KS-2")
    story.import_link(story.ticket("Ana"), "KS-1")
    then.nobody_hears()
    story.done("KS-3")
    then.goes_out("Ana: delivered in ticket 101")
    then.said("Ana", "The KS-2 thing", "The KS-3 thing")


@IMPORTED.shows("5.imported")
def a_no_from_before_is_given_away_by_nothing_automatic(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.decline("KS-2")
    story.import_link(story.ticket("Ana"), "KS-1")
    then.nothing_waits()
    story.done("KS-3")
    then.nobody_hears()
    then.waits_for_approval("Ana: delivered")
    story.approve_drafts()
    then.goes_out_at_once("Ana: delivered in ticket 101")
    then.nobody_hears()
    then.nothing_waits()


@IMPORTED.shows("5.imported")
def what_is_known_here_or_was_taken_back_here_stays_as_it_is(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2")
    ana, bo = story.ask("Ana", "KS-1"), story.ask("Bo", "KS-2")
    story.unlink(bo, "KS-2")
    assert not story.import_link(ana, "KS-1")
    assert not story.import_link(bo, "KS-2")
    then.stands("Bo", "withdrawn")
    story.done("KS-1")
    story.done("KS-2")
    then.goes_out("Ana: delivered in ticket 101")


@IMPORTED.shows("5.imported", "5.late")
def linked_anew_by_hand_the_old_news_waits_for_a_yes(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.done("KS-1")
    ana = story.ticket("Ana")
    story.import_link(ana, "KS-1")
    then.nothing_waits()
    story.link(ana, "KS-1")
    then.nobody_hears()
    then.waits_for_approval("Ana: delivered")


@IMPORTED.shows("5.finding", "5.imported")
def a_finding_counts_and_its_person_is_answered_where_they_wrote(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.finding("Ana", "KS-1")
    story.finding("Bo", "KS-2")
    then.counts("KS-1", people=1)
    then.counts("KS-2", people=1)
    story.done("KS-1")
    story.done("KS-2")
    then.goes_out("Ana: delivered in ticket 101")
    [bo] = story.notices(state="blocked")
    assert (bo.person_name, bo.where) == ("Bo", "")
    assert bo.reason == "heard in an interview, a call or their usage: tell them by hand, then cancel this"


@IMPORTED.shows("5.finding", "1.company")
def a_finding_is_for_the_company_that_it_names(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.finding("Ana", "KS-1", company="Acme")
    story.finding("Bo", "KS-1", company="Acme")
    story.finding("Cy", "KS-1")
    then.counts("KS-1", people=3, companies=1)
    story.company("ACME, Inc.", customer=100_00, of=("Ana",))
    then.reach("KS-1 100.00")
    then.counts("KS-1", people=3, companies=1)
