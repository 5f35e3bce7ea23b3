"""Chapter 1: what the words mean."""

from tests.lineage.golden.script import Script
from tests.lineage.golden.table import Chapter
from tests.lineage.golden.then import Then

WORDS = Chapter()


@WORDS.shows("1.request", "2.1")
def a_request_keeps_its_words_and_its_day_when_its_ticket_is_edited(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    before = story.asked("101")
    story.ticket_changes("101", subject="Something else", words="edited", status="pending")
    after = story.asked("101")
    assert (after.words, after.subject) == ("Ana needs this", "About 101")
    assert (after.asked_at, after.origin) == (before.asked_at, "zendesk:ticket:101")


@WORDS.shows("1.request", "1.company", "3.reach")
def a_request_stays_with_the_company_that_it_was_made_for_when_its_person_moves_on(
    story: Script, then: Then
) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1", org="Acme")  # ticket 101
    story.company("Acme", customer=100_001, of=["Ana"])
    story.move_ticket("101", org="Globex")
    story.ask("Ana", "KS-2", org="Globex")  # ticket 102: she works for Globex now
    then.reach("KS-1 1,000.01", "KS-2 0.00")
    then.counts("KS-1", people=1, companies=1)
    assert [story.asked(ticket).company for ticket in ("101", "102")] == ["Acme", "Globex"]


@WORDS.shows("1.company", "3.nobody", "3.credit")
def without_an_organisation_the_first_company_that_is_found_for_the_person_counts(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    then.counts("KS-1", people=1, companies=0)
    story.company("Acme", customer=500, of=["Ana"])
    then.credit("KS-1 5.00")
    story.company("Globex", customer=900, of=["Ana"])  # found later: this request has its company
    then.credit("KS-1 5.00")
    then.counts("KS-1", people=1, companies=1)


@WORDS.shows("1.ask", "2.1", "5.one")
def a_ticket_that_wants_two_things_is_two_asks_and_hears_of_both_in_one_message(
    story: Script, then: Then
) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.link("101", "KS-2")
    then.rests("101 for KS-1", "KS-1 1")
    then.rests("101 for KS-2", "KS-2 1")
    story.done("KS-1")
    story.done("KS-2")
    then.goes_out("Ana: delivered in ticket 101")
    then.said("Ana", "✓ The KS-1 thing", "✓ The KS-2 thing", "That was everything you asked for.")


@WORDS.shows("1.post", "3.people")
def linking_a_post_links_the_votes_that_it_has_and_those_to_come(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.post("9")
    story.vote("Ana", "9")
    then.counts("KS-1", people=0, votes=0)
    story.post("9", placed="KS-1")
    then.counts("KS-1", people=1, votes=1)
    story.vote("Bo", "9")
    then.counts("KS-1", people=2, votes=2)
    then.rests("Ana", "KS-1 1")
    then.rests("Bo", "KS-1 1")


@WORDS.shows("1.post", "4.withdrawn", "3.people")
def a_post_taken_off_an_issue_takes_its_votes_along_and_later_votes_do_not_count_there(
    story: Script, then: Then
) -> None:
    story.issue("KS-1", "KS-2")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    story.take_off("9", "KS-1")
    story.post("9", placed="KS-2")
    story.vote("Bo", "9")
    then.counts("KS-1", people=0, votes=0)
    then.counts("KS-2", people=2, votes=2)
    then.stands("Ana for KS-1", "withdrawn")


@WORDS.shows("1.item", "2.12", "5.words")
def a_moved_issue_with_another_summary_is_the_same_item_and_is_told_of_by_its_public_title(
    story: Script, then: Then
) -> None:
    story.issue("KS-1", title="Export to PDF")
    story.ask("Ana", "KS-1")
    story.move("KS-1", "OPS-7")
    story.change("OPS-7", summary="ACME wants the PDF thing")
    then.rests("Ana", "OPS-7 1")
    story.done("OPS-7")
    then.goes_out("Ana: delivered in ticket 101")
    then.said("Ana", "✓ Export to PDF", not_=("ACME",))


@WORDS.shows("1.title", "2.3.in_part", "5.part")
def what_an_item_kept_has_a_public_title_of_its_own(story: Script, then: Then) -> None:
    story.issue("KS-1", title="Exports")
    story.title("KS-1", "Export one report", own_part=True)
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.title("KS-2", "Scheduled exports")
    story.keeps_part("KS-1", True)
    story.done("KS-1")
    then.goes_out("Ana: part_delivered in ticket 101")
    then.said(
        "Ana", "“Exports”. 1 of 2 parts is ready now:", "✓ Export one report", "… Scheduled exports",
    )  # fmt: skip


@WORDS.shows("1.person", "3.people")
def one_person_counts_once_by_ticket_by_vote_and_by_another_address(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Ana", "KS-1")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    story.ask("Annie", "KS-1")
    then.counts("KS-1", people=2, votes=1)
    story.are_one("Ana", "Annie")
    then.counts("KS-1", people=1, votes=1)


@WORDS.shows("1.edge", "6.then", "2.2", "2.3")
def the_way_of_an_ask_names_each_link_that_it_came_by(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-9")
    story.ask("Ana", "KS-9")
    story.duplicate("KS-9", of="KS-1")
    linked = story.now
    story.container("KS-1", into=("KS-2", "KS-3"))
    then.came(
        "Ana", "linked KS-9", "merged KS-9 into KS-1", "split KS-1 into KS-2", "split KS-1 into KS-3",
    )  # fmt: skip
    times = [step.at for step in story.asked("101").path]
    assert times == sorted(times) and times[1] <= linked < times[2]


@WORDS.shows("1.told", "6.then")
def what_was_told_is_kept_with_the_ask(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.done("KS-2")
    then.goes_out("Ana: part_delivered in ticket 101")
    story.done("KS-3")
    then.goes_out("Ana: delivered in ticket 101")
    then.told("Ana", "part_delivered of KS-2 in ticket 101", "delivered of KS-3 in ticket 101")
