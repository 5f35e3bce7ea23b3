"""Chapter 2, rules 1 to 4 and 8: merges hand everything on, splits share out."""

from tests.lineage.golden.script import Script
from tests.lineage.golden.table import Chapter
from tests.lineage.golden.then import Then

MERGES_AND_SPLITS = Chapter()


@MERGES_AND_SPLITS.shows("2.1", "4.waiting")
def an_ask_begins_whole_where_it_was_linked(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    then.rests("Ana", "KS-1 1")
    then.stands("Ana", "waiting, 0 of 1")
    then.next("Ana", "when KS-1 is done")


@MERGES_AND_SPLITS.shows("2.2", "3.people")
def a_duplicate_of_a_duplicate_hands_everything_on(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-2")
    story.ask("Cy", "KS-3")
    story.duplicate("KS-1", of="KS-2")
    story.duplicate("KS-2", of="KS-3")
    for who in ("Ana", "Bo", "Cy"):
        then.rests(who, "KS-3 1")
    then.counts("KS-1", people=1)
    then.counts("KS-2", people=2)
    then.counts("KS-3", people=3)
    then.ranked("KS-3")


@MERGES_AND_SPLITS.shows("2.2", "2.3", "2.8")
def who_comes_by_a_duplicate_is_shared_out_like_the_others(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-9")
    story.ask("Eve", "KS-9")
    story.split("KS-1", into=["KS-2"])
    story.duplicate("KS-9", of="KS-1")
    then.rests("Eve", "KS-1 itself 1/2", "KS-2 1/2")
    story.ask("Ana", "KS-1")  # after the split
    then.rests("Ana", "KS-1 itself 1/2", "KS-2 1/2")


@MERGES_AND_SPLITS.shows("2.2.lowest", "2.9", "2.9.undo")
def of_several_duplicate_links_the_lowest_counts_by_number_and_whenever_it_was_heard(
    story: Script, then: Then
) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    story.ask("Ana", "KS-1")
    story.link_in_jira("merged", "KS-1", "KS-3", link_id="1000")
    then.rests("Ana", "KS-3 1")
    story.link_in_jira("merged", "KS-1", "KS-2", link_id="999")  # as text, it would come after 1000
    then.rests("Ana", "KS-2 1")
    then.set_aside("KS-1 merged into KS-3: an older link (999)")
    story.disconnect("KS-1", "KS-2")
    then.rests("Ana", "KS-3 1")
    then.set_aside()


@MERGES_AND_SPLITS.shows("2.3", "4.part_delivered", "4.delivered")
def a_split_item_is_one_of_its_own_parts(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    then.rests("Ana", "KS-1 itself 1/3", "KS-2 1/3", "KS-3 1/3")
    story.done("KS-2")
    then.stands("Ana", "part_delivered, 1 of 3")
    story.done("KS-3")
    then.stands("Ana", "part_delivered, 2 of 3")
    story.done("KS-1")
    then.stands("Ana", "delivered, 3 of 3")


@MERGES_AND_SPLITS.shows("2.3", "3.ranked")
def a_container_keeps_nothing_until_somebody_says_otherwise(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    then.rests("Ana", "KS-2 1/2", "KS-3 1/2")
    then.ranked("KS-2", "KS-3")
    story.keeps_part("KS-1", True)
    then.rests("Ana", "KS-1 itself 1/3", "KS-2 1/3", "KS-3 1/3")
    then.ranked("KS-1", "KS-2", "KS-3")


@MERGES_AND_SPLITS.shows("2.3.unsaid", "2.3.in_part", "5.part")
def closed_first_it_is_silent_and_once_it_is_called_the_rest_of_the_work_a_part_is_out(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.done("KS-1")
    then.stands("Ana", "waiting, 0 of 2")
    story.start("KS-2")
    then.stands("Ana", "started, 0 of 2")
    then.nobody_hears()
    then.waits_for_approval()
    story.keeps_part("KS-1", True)
    then.stands("Ana", "part_delivered, 1 of 2")
    then.goes_out("Ana: part_delivered in ticket 101")
    then.said("Ana", "1 of 2 parts is ready now:", "… The KS-2 thing")


@MERGES_AND_SPLITS.shows("2.3.unsaid", "2.3", "5.everything")
def closed_first_and_then_called_a_container_it_never_says_anything_of_its_own(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.done("KS-1")
    story.keeps_part("KS-1", False)
    then.stands("Ana", "waiting, 0 of 1")
    then.nobody_hears()
    story.done("KS-2")
    then.goes_out("Ana: delivered in ticket 101")
    then.said("Ana", "✓ The KS-2 thing", "That was everything you asked for.", not_=("✓ The KS-1 thing",))


@MERGES_AND_SPLITS.shows("2.3.unsaid", "2.9")
def closed_first_or_closed_last_is_the_same_once_all_is_closed(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-11")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-11")
    story.split("KS-1", into=["KS-2"])
    story.split("KS-11", into=["KS-12"])
    story.done("KS-1")  # Ana's closes before its part, Bo's after
    story.done("KS-12")
    story.done("KS-2")
    story.done("KS-11")
    for who in ("Ana", "Bo"):
        then.stands(who, "delivered, 2 of 2")
    then.goes_out("Ana: delivered in ticket 101", "Bo: delivered in ticket 102")


@MERGES_AND_SPLITS.shows("2.3.unsaid", "2.2", "2.6")
def a_part_that_is_a_duplicate_of_something_open_is_still_open(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-9")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.close_as_duplicate("KS-2", of="KS-9")
    story.done("KS-1")
    then.rests("Ana", "KS-1 itself 1/2", "KS-9 1/2")
    then.stands("Ana", "waiting, 0 of 2")
    then.nobody_hears()
    story.done("KS-9")
    then.stands("Ana", "delivered, 2 of 2")


@MERGES_AND_SPLITS.shows("2.4", "2.3")
def sizes_weigh_the_parts_and_a_part_without_one_counts_as_one(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.sizes("KS-1", {"KS-1": 3, "KS-2": 4})  # 3 + 4 + 1
    then.rests("Ana", "KS-1 itself 3/8", "KS-2 1/2", "KS-3 1/8")
    story.keeps_part("KS-1", False)  # 4 + 1
    then.rests("Ana", "KS-2 4/5", "KS-3 1/5")
    story.split("KS-1", into=["KS-4"])  # 4 + 1 + 1
    then.rests("Ana", "KS-2 2/3", "KS-3 1/6", "KS-4 1/6")


@MERGES_AND_SPLITS.shows("2.4", "3.credit")
def the_parts_are_in_order_by_link_the_item_itself_first_and_so_are_the_cents(
    story: Script, then: Then
) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    story.ask("Ana", "KS-1", org="Acme")
    story.company("Acme", customer=100_000, of=["Ana"])
    story.link_in_jira("split", "KS-1", "KS-3", link_id="1000")
    story.link_in_jira("split", "KS-1", "KS-2", link_id="999")
    then.parts_in_order("KS-1", "KS-2", "KS-3")
    assert list(story.shares("101")) == ["KS-1 itself", "KS-2", "KS-3"]
    # 100,000 cents in three: up to 33,333, up to 66,666, up to 100,000. The odd cent is the last one's.
    then.credit("KS-1 333.33", "KS-2 333.33", "KS-3 333.34")


@MERGES_AND_SPLITS.shows("2.8", "2.2", "2.3", "2.4")
def shares_are_exact_however_deep_and_however_many_ways_lead_to_one_place(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])  # a third each
    story.split("KS-3", into=["KS-4", "KS-5"])  # a ninth each
    then.rests("Ana", "KS-1 itself 1/3", "KS-2 1/3", "KS-3 itself 1/9", "KS-4 1/9", "KS-5 1/9")
    story.duplicate("KS-4", of="KS-2")  # 1/3 + 1/9
    then.rests("Ana", "KS-1 itself 1/3", "KS-2 4/9", "KS-3 itself 1/9", "KS-5 1/9")
    story.sizes("KS-3", {"KS-5": 5})  # a third in seven: 1/21, 1/21, 5/21
    then.rests("Ana", "KS-1 itself 1/3", "KS-2 8/21", "KS-3 itself 1/21", "KS-5 5/21")
