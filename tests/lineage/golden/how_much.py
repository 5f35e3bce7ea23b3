"""Chapter 3: people, companies, reach, and who does not count."""

from tests.lineage.golden.script import Script
from tests.lineage.golden.table import Chapter
from tests.lineage.golden.then import Then

HOW_MUCH = Chapter()


@HOW_MUCH.shows("3.people", "3.amounts", "3.reach")
def a_company_counts_once_however_many_of_its_people_asked(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1", org="Acme")
    story.ask("Bo", "KS-1", org="Acme")
    story.company("Acme", customer=100_001, pipeline=25_000, of=["Ana"])
    then.counts("KS-1", people=2, companies=1)
    then.credit("KS-1 1,000.01")
    then.pipeline("KS-1 250.00")
    then.reach("KS-1 1,000.01")


@HOW_MUCH.shows("3.reach", "2.2", "3.people")
def after_a_merge_a_company_still_counts_once(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-9")
    story.ask("Ana", "KS-1", org="Acme")
    story.ask("Bo", "KS-9", org="Acme")
    story.ask("Cy", "KS-9", org="Globex")
    story.company("Acme", customer=100_001, of=["Ana"])
    story.company("Globex", customer=5_000, of=["Cy"])
    story.duplicate("KS-9", of="KS-1")
    then.counts("KS-1", people=3, companies=2)
    then.reach("KS-1 1,050.01", "KS-9 1,050.01")
    then.credit("KS-1 1,050.01", "KS-9 0.00")
    then.credit_in_all("1,050.01")


@HOW_MUCH.shows("3.reach", "3.credit", "2.3")
def every_part_has_the_reach_of_the_whole_and_its_share_of_the_credit(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1", org="Acme")
    story.company("Acme", customer=100_001, pipeline=25_000, of=["Ana"])
    story.split("KS-1", into=["KS-2", "KS-3"])
    then.reach("KS-1 1,000.01", "KS-2 1,000.01", "KS-3 1,000.01")
    # 100,001 in three: 33,333⅓ and 66,667⅓, so up to 33,333, up to 66,667, up to 100,001.
    then.credit("KS-1 333.33", "KS-2 333.34", "KS-3 333.34")
    # 25,000 in three: 8,333⅓ and 16,666⅔.
    then.pipeline("KS-1 83.33", "KS-2 83.33", "KS-3 83.34")


@HOW_MUCH.shows("3.nobody", "3.people")
def a_request_without_a_company_is_a_person_and_no_money(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    then.counts("KS-1", people=1, companies=0)
    then.reach("KS-1 0.00")
    then.ranked("KS-1")


@HOW_MUCH.shows("3.people", "2.3", "2.5")
def an_item_counts_who_passed_it_and_a_part_only_who_came_there(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.narrow("Bo", "KS-1", to=["KS-3"])
    then.counts("KS-1", people=2)
    then.counts("KS-2", people=1)
    then.counts("KS-3", people=2)


@HOW_MUCH.shows("3.people", "1.post", "2.2")
def a_vote_that_comes_to_an_item_on_two_ways_is_one_vote(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2")
    story.post("9", placed="KS-1")
    story.post("9", placed="KS-2")
    story.vote("Ana", "9")
    then.counts("KS-1", people=1, votes=1)
    story.duplicate("KS-1", of="KS-2")
    then.counts("KS-2", people=1, votes=1)
    story.vote("Bo", "9")
    then.counts("KS-2", people=2, votes=2)
    story.take_back_vote("Ana", "9")
    then.counts("KS-2", people=1, votes=1)


@HOW_MUCH.shows("4.withdrawn", "3.people", "3.credit")
def what_is_withdrawn_counts_no_more_and_no_cent_of_it_stays(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1", org="Acme")
    story.ask("Bo", "KS-1", org="Acme")
    story.company("Acme", customer=100_001, of=["Ana"])
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.unlink("102", "KS-1")
    then.counts("KS-2", people=1, companies=1)
    then.credit_in_all("1,000.01")
    story.unlink("101", "KS-1")
    then.counts("KS-2", people=0)
    then.credit_in_all("0.00")
    then.ranked()


@HOW_MUCH.shows("3.amounts", "2.3", "3.credit")
def what_the_crm_says_anew_reaches_every_part(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1", org="Acme")
    story.split("KS-1", into=["KS-2"])
    then.credit("KS-1 0.00", "KS-2 0.00")
    story.company("Acme", customer=11, pipeline=3, of=["Ana"])
    then.credit("KS-1 0.05", "KS-2 0.06")
    then.pipeline("KS-1 0.01", "KS-2 0.02")


@HOW_MUCH.shows("3.staff", "3.reach", "5.nobody")
def staff_never_count_and_are_not_told(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1", org="Acme")
    story.ask("Sam", "KS-1", org="Ours", staff=True)
    story.company("Ours", customer=100, of=["Sam"])
    then.counts("KS-1", people=1, companies=1)
    then.reach("KS-1 0.00")
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 101")
    then.stopped("Sam: skipped, works for us")


@HOW_MUCH.shows("3.staff", "3.credit.narrowed")
def who_turns_out_to_be_staff_takes_no_part_in_how_the_money_is_shared(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1", org="Acme")
    story.ask("Bo", "KS-1", org="Acme")
    story.company("Acme", customer=100_001, of=["Ana"])
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.narrow("Bo", "KS-1", to=["KS-3"])
    then.credit("KS-2 250.00", "KS-3 750.01")  # a half to one and a half
    story.works_for_us("102")
    then.credit("KS-2 500.00", "KS-3 500.01")
    then.counts("KS-3", people=1, companies=1)


@HOW_MUCH.shows("3.erased", "3.credit", "5.nobody")
def who_asked_to_be_forgotten_still_counts_but_hears_nothing(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1", org="Acme")
    story.company("Acme", customer=100_001, of=["Ana"])
    story.erase("Ana")
    story.ask("Bo", "KS-1")
    then.counts("KS-1", people=2, companies=1)
    then.credit("KS-1 1,000.01")
    assert story.on("KS-1") == ["", "Bo"]
    story.done("KS-1")
    then.goes_out("Bo: delivered in ticket 102")
    then.stopped(": skipped, asked to be forgotten")


@HOW_MUCH.shows("3.unproven", "3.people")
def who_has_proven_no_address_votes_and_is_neither_a_person_nor_credit(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    story.stranger_votes("Zoe", "9")
    then.counts("KS-1", people=1, votes=2)


@HOW_MUCH.shows("3.score", "3.amounts")
def the_score_adds_people_and_thousands_and_says_why(story: Script, then: Then) -> None:
    story.issue("KS-1")
    for who in ("Ana", "Bo", "Cy"):
        story.ask(who, "KS-1", org="Acme")
    story.company("Acme", customer=500_000, pipeline=200_000, of=["Ana"])
    # log2(1 + 3) = 2; 5,000.00 won and 2,000.00 open are seven thousands, log2(1 + 7) = 3.
    then.score(
        "KS-1", 5.0, "people: 1 × log2(1 + 3) = 2.00", "money: 1 × log2(1 + 7.00) = 3.00",
    )  # fmt: skip


@HOW_MUCH.shows("3.score", "2.3", "3.ranked")
def a_part_is_scored_by_the_credit_that_rests_there_and_a_container_is_not_ranked(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1", org="Acme")
    story.company("Acme", customer=400_000, of=["Ana"])
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.sizes("KS-1", {"KS-2": 1, "KS-3": 3})
    # log2(1 + 1) = 1, and log2(1 + 1) = 1 or log2(1 + 3) = 2.
    then.score("KS-2", 2.0)
    then.score("KS-3", 3.0)
    then.ranked("KS-3", "KS-2")


@HOW_MUCH.shows("3.ranked", "3.people", "2.2")
def more_people_outrank_one_and_what_handed_everything_on_is_not_ranked(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2", "KS-9")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-2")
    then.ranked("KS-1", "KS-2")  # the same score
    story.ask("Cy", "KS-9")
    story.duplicate("KS-9", of="KS-2")
    then.ranked("KS-2", "KS-1")
