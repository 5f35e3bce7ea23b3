"""Chapter 2, rule 5: which parts one person wants."""

from tests.lineage.golden.script import Script
from tests.lineage.golden.table import Chapter
from tests.lineage.golden.then import Then

NARROWING = Chapter()


@NARROWING.shows("2.5", "2.8")
def one_person_wants_one_part_and_the_others_still_all(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.narrow("Bo", "KS-1", to=["KS-3"])
    then.rests("Ana", "KS-1 itself 1/3", "KS-2 1/3", "KS-3 1/3")
    then.rests("Bo", "KS-3 1")
    then.wants_only("Ana")
    then.wants_only("Bo", "KS-3")
    then.counts("KS-2", people=1)
    then.counts("KS-3", people=2)


@NARROWING.shows("2.5", "2.4")
def several_parts_are_shared_by_their_sizes_the_kept_one_may_be_among_them(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.sizes("KS-1", {"KS-1": 2, "KS-2": 5})
    story.narrow("Ana", "KS-1", to=["KS-1", "KS-3"])  # 2 + 1, without the 5
    then.rests("Ana", "KS-1 itself 2/3", "KS-3 1/3")


@NARROWING.shows("2.5")
def unsure_means_all(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.narrow("Ana", "KS-1", to=["KS-2"])
    story.narrow("Ana", "KS-1", to=None)
    then.rests("Ana", "KS-1 itself 1/2", "KS-2 1/2")
    then.wants_only("Ana")


@NARROWING.shows("2.5", "1.post", "2.2")
def it_narrows_all_that_the_person_asked_for_there_by_ticket_by_duplicate_and_by_vote(
    story: Script, then: Then
) -> None:
    story.issue("KS-1", "KS-9")
    story.ask("Ana", "KS-1")  # ticket 101
    story.ask("Ana", "KS-9")  # ticket 102
    story.duplicate("KS-9", of="KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.narrow("Ana", "KS-1", to=["KS-2"])
    then.rests("101", "KS-2 1")
    then.rests("102", "KS-2 1")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")  # after she was asked what she wants
    then.counts("KS-3", people=0)
    then.counts("KS-2", people=1, votes=1)


@NARROWING.shows("2.5.later", "5.told")
def a_part_that_comes_later_does_not_join_until_somebody_widens_the_choice(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.narrow("Ana", "KS-1", to=["KS-2"])
    story.split("KS-1", into=["KS-4"])
    then.rests("Ana", "KS-2 1")
    then.wants_only("Ana", "KS-2")  # shown, so that somebody can widen it
    story.done("KS-2")
    then.goes_out("Ana: delivered in ticket 101")
    story.done("KS-4")
    then.nobody_hears()
    story.narrow("Ana", "KS-1", to=["KS-2", "KS-4"])
    then.rests("Ana", "KS-2 1/2", "KS-4 1/2")


@NARROWING.shows("2.5.aside", "2.9.undo")
def a_choice_of_which_nothing_stands_is_set_aside_and_back_when_it_stands_again(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.narrow("Ana", "KS-1", to=["KS-2"])
    story.disconnect("KS-1", "KS-2")
    then.rests("Ana", "KS-1 itself 1/2", "KS-3 1/2")
    then.wants_only("Ana", "KS-2")  # still shown
    story.split("KS-1", into=["KS-2"])
    then.rests("Ana", "KS-2 1")


@NARROWING.shows("2.5.aside", "2.5")
def of_several_chosen_parts_those_that_stand_are_meant(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3", "KS-4"))
    story.narrow("Ana", "KS-1", to=["KS-2", "KS-3"])
    story.disconnect("KS-1", "KS-2")
    then.rests("Ana", "KS-3 1")


@NARROWING.shows("2.5.aside", "2.3", "4.part_delivered")
def who_wants_only_the_kept_part_wants_all_parts_once_the_item_is_called_a_container(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.narrow("Ana", "KS-1", to=["KS-1"])
    then.rests("Ana", "KS-1 itself 1")
    story.keeps_part("KS-1", False)
    then.rests("Ana", "KS-2 1/2", "KS-3 1/2")
    story.done("KS-2")
    then.stands("Ana", "part_delivered, 1 of 2")


@NARROWING.shows("2.5", "2.3", "2.8")
def a_chosen_part_that_is_split_again_is_wanted_with_all_of_its_parts(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.narrow("Ana", "KS-1", to=["KS-2"])
    story.split("KS-2", into=["KS-4", "KS-5"])
    then.rests("Ana", "KS-2 itself 1/3", "KS-4 1/3", "KS-5 1/3")
    story.narrow("Ana", "KS-2", to=["KS-4", "KS-5"])
    then.rests("Ana", "KS-4 1/2", "KS-5 1/2")


@NARROWING.shows("2.5", "2.2", "5.told")
def two_parts_of_which_one_is_a_duplicate_of_the_other_are_one_for_everybody(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.narrow("Bo", "KS-1", to=["KS-2"])
    story.duplicate("KS-2", of="KS-3")
    then.rests("Ana", "KS-3 1")
    then.rests("Bo", "KS-3 1")
    story.done("KS-3")
    then.goes_out("Ana: delivered in ticket 101", "Bo: delivered in ticket 102")


@NARROWING.shows("2.5", "5.part", "5.everything")
def who_wants_one_part_hears_of_that_one_only_and_that_it_was_everything(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.narrow("Bo", "KS-1", to=["KS-3"])
    story.done("KS-2")
    then.goes_out("Ana: part_delivered in ticket 101")
    story.done("KS-3")
    then.goes_out("Ana: delivered in ticket 101", "Bo: delivered in ticket 102")
    then.said("Bo", "That was everything you asked for.", not_=("of 2", "KS-2"))
