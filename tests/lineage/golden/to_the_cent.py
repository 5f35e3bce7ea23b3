"""Chapter 3: how a company's money is shared, to the cent. Acme's amount is 1,000.01: 100,001 cents."""

from tests.lineage.golden.script import Script
from tests.lineage.golden.table import Chapter
from tests.lineage.golden.then import Then

TO_THE_CENT = Chapter()


def acme_asks(story: Script, *people: str, customer: int = 100_001, pipeline: int = 0) -> None:
    """These people of Acme ask for KS-1."""
    story.issue("KS-1")
    for who in people:
        story.ask(who, "KS-1", org="Acme")
    story.company("Acme", customer=customer, pipeline=pipeline, of=[people[0]])


@TO_THE_CENT.shows("3.credit", "2.4", "3.credit.again")
def sizes_share_it_and_splitting_one_part_again_moves_no_cent_of_the_others(
    story: Script, then: Then
) -> None:
    acme_asks(story, "Ana")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.sizes("KS-1", {"KS-1": 2, "KS-2": 3})
    # In six: two of it are 33,333⅔, five are 83,334⅙.
    then.credit("KS-1 333.33", "KS-2 500.01", "KS-3 166.67")
    story.split("KS-2", into=["KS-4", "KS-5"])
    story.sizes("KS-2", {"KS-5": 4})
    # The 50,001 of KS-2 in six: one is 8,333½, two are 16,667.
    then.credit("KS-2 83.33", "KS-4 83.34", "KS-5 333.34")
    then.credit("KS-1 333.33", "KS-3 166.67")
    then.credit_in_all("1,000.01")


@TO_THE_CENT.shows("3.credit", "3.reach")
def each_company_is_shared_out_for_itself(story: Script, then: Then) -> None:
    acme_asks(story, "Ana")
    story.ask("Gus", "KS-1", org="Globex")
    story.company("Globex", customer=3, of=["Gus"])
    story.split("KS-1", into=["KS-2"])
    # Acme: 50,000 and 50,001. Globex: 1 and 2.
    then.credit("KS-1 500.01", "KS-2 500.03")
    then.reach("KS-1 1,000.04", "KS-2 1,000.04")


@TO_THE_CENT.shows("3.credit.narrowed", "2.5", "3.amounts")
def a_colleague_who_wants_one_part_shifts_the_companys_money(story: Script, then: Then) -> None:
    acme_asks(story, "Ana", "Bo", pipeline=25_003)
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.narrow("Bo", "KS-1", to=["KS-3"])
    # Ana wants half of each and Bo all of KS-3: a half to one and a half, one in four.
    then.credit("KS-2 250.00", "KS-3 750.01")
    then.pipeline("KS-2 62.50", "KS-3 187.53")


@TO_THE_CENT.shows("3.credit.narrowed", "2.5", "2.8")
def colleagues_who_want_different_parts_share_to_the_cent(story: Script, then: Then) -> None:
    acme_asks(story, "Ana", "Bo", "Cy")
    story.container("KS-1", into=("KS-2", "KS-3", "KS-4"))
    story.narrow("Bo", "KS-1", to=["KS-2"])
    story.narrow("Cy", "KS-1", to=["KS-3", "KS-4"])
    # KS-2: ⅓ + 1; KS-3 and KS-4: ⅓ + ½ each. That is 8 to 5 to 5, in 18.
    # Eight of it are 44,444 and 8/9 of a cent; thirteen are 72,222 and 17/18.
    then.credit("KS-2 444.44", "KS-3 277.78", "KS-4 277.79")
    then.credit_in_all("1,000.01")


@TO_THE_CENT.shows("3.credit.narrowed", "2.4")
def sizes_weigh_in_the_shares_of_those_who_want_all(story: Script, then: Then) -> None:
    acme_asks(story, "Ana", "Bo")
    story.split("KS-1", into=["KS-2"])
    story.sizes("KS-1", {"KS-2": 3})
    then.credit("KS-1 250.00", "KS-2 750.01")  # nobody is narrowed: one to three
    story.narrow("Bo", "KS-1", to=["KS-2"])
    # KS-1 itself: ¼. KS-2: ¾ + 1. One to seven: an eighth is 12,500⅛.
    then.credit("KS-1 125.00", "KS-2 875.01")


@TO_THE_CENT.shows("3.credit.narrowed", "3.people")
def where_all_of_a_company_are_narrowed_away_a_part_has_nothing_of_it(story: Script, then: Then) -> None:
    acme_asks(story, "Ana")
    story.ask("Gus", "KS-1", org="Globex")
    story.company("Globex", customer=3, of=["Gus"])
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.narrow("Ana", "KS-1", to=["KS-3"])
    then.credit("KS-2 0.01", "KS-3 1,000.03")  # Globex: 1 and 2
    then.counts("KS-2", people=1, companies=1)
    then.reach("KS-2 0.03", "KS-3 1,000.04")


@TO_THE_CENT.shows("3.credit.narrowed", "2.5.aside")
def a_choice_that_is_set_aside_counts_as_none(story: Script, then: Then) -> None:
    acme_asks(story, "Ana", "Bo")
    story.container("KS-1", into=("KS-2", "KS-3", "KS-4"))
    story.sizes("KS-1", {"KS-3": 3})
    story.narrow("Bo", "KS-1", to=["KS-2"])
    story.disconnect("KS-1", "KS-2")
    # KS-3 and KS-4 are left, three to one: three quarters are 75,000¾.
    then.credit("KS-3 750.00", "KS-4 250.01")


@TO_THE_CENT.shows("3.credit.besides", "3.people")
def what_the_company_asks_for_on_a_part_itself_counts_besides_up_to_its_amount(
    story: Script, then: Then
) -> None:
    acme_asks(story, "Ana")
    story.split("KS-1", into=["KS-2"])
    story.ask("Bo", "KS-2", org="Acme")
    # KS-2: 50,001 by the split and 100,001 asked for there, but never more than 100,001.
    then.credit("KS-1 500.00", "KS-2 1,000.01")
    then.counts("KS-1", people=1, companies=1)
    then.counts("KS-2", people=2, companies=1)


@TO_THE_CENT.shows("3.credit.besides", "3.credit.again")
def what_is_asked_for_besides_is_shared_out_below_the_part_with_what_came_there(
    story: Script, then: Then
) -> None:
    acme_asks(story, "Ana")
    story.split("KS-1", into=["KS-2"])
    story.split("KS-2", into=["KS-4"])
    then.credit("KS-1 500.00", "KS-2 250.00", "KS-4 250.01")
    story.ask("Bo", "KS-2", org="Acme")
    then.credit("KS-1 500.00", "KS-2 500.00", "KS-4 500.01")  # KS-2 carries 100,001


@TO_THE_CENT.shows("3.credit.back", "2.2")
def parts_that_become_one_restore_the_whole_amount(story: Script, then: Then) -> None:
    acme_asks(story, "Ana")
    story.container("KS-1", into=("KS-2", "KS-3", "KS-4"))
    then.credit("KS-2 333.33", "KS-3 333.34", "KS-4 333.34")
    story.duplicate("KS-2", of="KS-3")
    then.credit("KS-2 0.00", "KS-3 666.67", "KS-4 333.34")
    story.duplicate("KS-4", of="KS-3")
    then.credit("KS-2 0.00", "KS-3 1,000.01", "KS-4 0.00")
    then.credit_in_all("1,000.01")


@TO_THE_CENT.shows("3.credit.back", "2.7")
def a_part_merged_back_gives_its_money_back(story: Script, then: Then) -> None:
    acme_asks(story, "Ana")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.duplicate("KS-2", of="KS-1")
    then.credit("KS-1 500.00", "KS-2 0.00", "KS-3 500.01")
    story.duplicate("KS-3", of="KS-1")
    then.credit("KS-1 1,000.01", "KS-2 0.00", "KS-3 0.00")


@TO_THE_CENT.shows("3.credit.back", "3.credit.besides", "2.6")
def an_own_part_that_is_a_duplicate_takes_its_money_to_where_the_company_asks_too(
    story: Script, then: Then
) -> None:
    acme_asks(story, "Ana")
    story.issue("KS-9")
    story.split("KS-1", into=["KS-2"])
    story.duplicate("KS-1", of="KS-9")
    then.credit("KS-1 0.00", "KS-9 500.00", "KS-2 500.01")
    story.ask("Bo", "KS-9", org="Acme")
    then.credit("KS-9 1,000.01", "KS-2 500.01")  # 50,000 and 100,001, up to 100,001
    story.unlink("102", "KS-9")
    then.credit("KS-9 500.00", "KS-2 500.01")


@TO_THE_CENT.shows("3.credit", "2.10", "2.9.undo")
def a_circle_moves_no_cent_twice(story: Script, then: Then) -> None:
    acme_asks(story, "Ana")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.duplicate("KS-2", of="KS-3")
    story.duplicate("KS-3", of="KS-2")  # closes a circle, and is set aside
    then.credit("KS-2 0.00", "KS-3 1,000.01")
    story.disconnect("KS-2", "KS-3")
    then.credit("KS-2 1,000.01", "KS-3 0.00")
    story.disconnect("KS-3", "KS-2")
    then.credit("KS-2 500.00", "KS-3 500.01")


@TO_THE_CENT.shows("3.credit", "1.post", "3.credit.narrowed")
def a_colleague_who_votes_weighs_as_one_who_writes(story: Script, then: Then) -> None:
    acme_asks(story, "Ana")
    story.post("9", placed="KS-1")
    story.vote("Bo", "9")
    story.company("Acme", customer=100_001, of=["Ana", "Bo"])
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.narrow("Bo", "KS-1", to=["KS-2"])
    then.counts("KS-2", people=2, companies=1, votes=1)
    then.credit("KS-2 750.00", "KS-3 250.01")  # three to one: 75,000¾


@TO_THE_CENT.shows("3.credit.narrowed", "3.credit.besides", "3.credit.again")
def half_an_ask_weighs_half_as_much_as_a_whole_one_that_is_narrowed(story: Script, then: Then) -> None:
    acme_asks(story, "Ana")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.container("KS-2", into=("KS-4", "KS-5"))
    story.ask("Bo", "KS-2", org="Acme")
    story.narrow("Bo", "KS-2", to=["KS-5"])
    # KS-2 carries 100,001. Of Ana's half a quarter goes each way, Bo's one goes to KS-5: one to five.
    # A sixth is 16,666 and 5/6 of a cent.
    then.credit("KS-3 500.01", "KS-4 166.66", "KS-5 833.35")
