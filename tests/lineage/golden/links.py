"""Chapter 2, rules 9 to 12: links come and go, close circles, or move nothing; items move, hide and go."""

from tests.lineage.golden.script import Script
from tests.lineage.golden.table import Chapter
from tests.lineage.golden.then import Then

LINKS = Chapter()


@LINKS.shows("2.9", "2.5", "2.2", "2.3")
def the_same_links_and_choices_give_the_same_answer_in_whatever_order_they_were_heard(
    story: Script, then: Then
) -> None:
    story.issue("KS-1", "KS-2", "KS-3", "KS-9", "KS-11", "KS-12", "KS-13", "KS-19")
    for who, key in (("Ana", "KS-1"), ("Bo", "KS-9"), ("Cy", "KS-11"), ("Di", "KS-19")):
        story.ask(who, key)
    story.link_in_jira("split", "KS-1", "KS-2", link_id="501")
    story.link_in_jira("split", "KS-1", "KS-3", link_id="502")
    story.link_in_jira("merged", "KS-9", "KS-2", link_id="503")
    story.link_in_jira("merged", "KS-2", "KS-3", link_id="504")
    story.narrow("Ana", "KS-1", to=["KS-1", "KS-2"])

    story.narrow("Cy", "KS-11", to=["KS-11", "KS-12"])  # the same of the others, the other way round
    story.link_in_jira("merged", "KS-12", "KS-13", link_id="604")
    story.link_in_jira("merged", "KS-19", "KS-12", link_id="603")
    story.link_in_jira("split", "KS-11", "KS-13", link_id="602")
    story.link_in_jira("split", "KS-11", "KS-12", link_id="601")

    then.rests("Ana", "KS-1 itself 1/2", "KS-3 1/2")
    then.rests("Cy", "KS-11 itself 1/2", "KS-13 1/2")
    then.rests("Bo", "KS-3 1")
    then.rests("Di", "KS-13 1")


@LINKS.shows("2.9", "6.cause")
def hearing_a_link_again_changes_nothing(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    assert not story.look("KS-1", "KS-2", "KS-1")
    then.rests("Ana", "KS-1 itself 1/2", "KS-2 1/2")


@LINKS.shows("2.9.undo", "3.credit", "3.reach")
def a_merge_that_is_undone_leaves_every_share_and_every_cent_as_it_was(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-9")
    story.ask("Ana", "KS-1", org="Acme")
    story.ask("Bo", "KS-9", org="Acme")
    story.company("Acme", customer=100_001, of=["Ana"])
    story.container("KS-1", into=("KS-2", "KS-3"))

    def as_it_was() -> None:
        then.rests("Bo", "KS-9 1")
        then.counts("KS-2", people=1, companies=1)
        then.credit("KS-2 500.00", "KS-3 500.01", "KS-9 1,000.01")
        then.reach("KS-2 1,000.01", "KS-9 1,000.01")

    as_it_was()
    story.duplicate("KS-9", of="KS-2")
    # On KS-2 now: half of what KS-1 carries, and all that Acme asked for at KS-9, up to its amount.
    then.credit("KS-2 1,000.01", "KS-3 500.01", "KS-9 0.00")
    then.counts("KS-2", people=2, companies=1)
    story.disconnect("KS-9", "KS-2")
    as_it_was()


@LINKS.shows("2.9.both", "2.12.gone")
def a_link_is_gone_once_both_ends_can_be_read_and_neither_lists_it(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.tracker.unlink("KS-1", "KS-2", at=story.now)
    story.look("KS-1")
    then.rests("Ana", "KS-1 itself 1/2", "KS-2 1/2")
    story.hide("KS-2")  # 404: nobody knows what it would list
    then.rests("Ana", "KS-1 itself 1/2", "KS-2 1/2")
    story.look("KS-2")
    then.rests("Ana", "KS-1 1")


@LINKS.shows("2.9.both", "2.9", "2.12.gone")
def what_an_end_said_before_it_was_deleted_takes_no_link_away(story: Script, then: Then) -> None:
    """So it does not matter whether its last reading was heard of, or came too late."""
    story.issue("KS-1", "KS-7")
    story.ask("Di", "KS-1")
    story.duplicate("KS-1", of="KS-7")
    story.hide("KS-7")
    story.tracker.unlink("KS-1", "KS-7", at=story.now)
    story.look("KS-1")  # lists the link no more
    story.deleted("KS-1")
    story.look("KS-7")  # neither does this one, but KS-1 cannot be read any more
    then.rests("Di", "KS-7 1")


@LINKS.shows("2.9.both", "2.9", "2.12.gone")
def while_an_end_is_hidden_the_link_stands_and_goes_when_it_is_shown(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-7")
    story.ask("Di", "KS-1")
    story.duplicate("KS-1", of="KS-7")
    story.tracker.unlink("KS-1", "KS-7", at=story.now)
    story.look("KS-1")
    story.hide("KS-1")
    story.look("KS-7")
    then.rests("Di", "KS-7 1")
    story.look("KS-1")
    then.rests("Di", "KS-1 1")


@LINKS.shows("2.10", "2.2", "2.9.undo")
def the_link_that_would_close_a_circle_waits_until_the_circle_is_gone(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    for who, key in (("Ana", "KS-1"), ("Bo", "KS-2"), ("Cy", "KS-3")):
        story.ask(who, key)
    story.duplicate("KS-1", of="KS-2")
    story.duplicate("KS-2", of="KS-3")
    story.duplicate("KS-3", of="KS-1")
    for who in ("Ana", "Bo", "Cy"):
        then.rests(who, "KS-3 1")
    then.set_aside("KS-3 merged into KS-1: remove one of the links of the circle in Jira")
    story.disconnect("KS-2", "KS-3")  # the way out: what is left is KS-3 into KS-1 into KS-2
    for who in ("Ana", "Bo", "Cy"):
        then.rests(who, "KS-2 1")
    then.set_aside()


@LINKS.shows("2.10", "2.3", "2.7")
def a_grandchild_called_a_duplicate_of_the_whole_is_a_circle_and_no_merging_back(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.split("KS-2", into=["KS-3"])
    story.duplicate("KS-3", of="KS-1")
    then.rests("Ana", "KS-1 itself 1/2", "KS-2 itself 1/4", "KS-3 1/4")
    then.set_aside("KS-3 merged into KS-1: it would close a circle")
    story.disconnect("KS-1", "KS-2")
    then.rests("Ana", "KS-1 1")
    story.ask("Bo", "KS-3")
    then.rests("Bo", "KS-1 1")


@LINKS.shows("2.10", "2.9", "5.told")
def a_circle_heard_backwards_stands_as_its_link_ids_say_and_makes_no_second_message(
    story: Script, then: Then
) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-2")
    story.link_in_jira("merged", "KS-2", "KS-1", link_id="902")
    then.rests("Bo", "KS-1 1")
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 101", "Bo: delivered in ticket 102")
    story.done("KS-2")
    story.link_in_jira("merged", "KS-1", "KS-2", link_id="901")  # older: so this one counts
    then.rests("Ana", "KS-2 1")
    then.rests("Bo", "KS-2 1")
    then.set_aside("KS-2 merged into KS-1: it would close a circle")
    then.nobody_hears()


@LINKS.shows("2.11")
def a_clone_inherits_nothing_and_hands_nothing_on(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.clone("KS-1", "KS-2")
    then.rests("Ana", "KS-1 1")
    then.counts("KS-2", people=0)
    assert story.asked("101").item.unmapped_links == ("Cloners",)  # shown, so that somebody can map it
    story.done("KS-2")
    then.nobody_hears()


@LINKS.shows("2.11", "5.owed")
def children_move_nothing_and_show_as_progress(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.issue("KS-2", "KS-3")
    story.parents("KS-1", of=("KS-2", "KS-3"))
    story.done("KS-2")
    story.look("KS-1")
    then.rests("Ana", "KS-1 1")
    view = story.asked("101").item
    assert (view.children_done, view.children_all) == (1, 2)
    story.done("KS-3")
    story.look("KS-1")
    then.stands("Ana", "waiting, 0 of 1")
    then.nobody_hears()


@LINKS.shows("2.11.parts", "2.4")
def children_that_a_person_marks_as_parts_share_as_parts_do(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    story.ask("Ana", "KS-1")
    story.parents("KS-1", of=("KS-2", "KS-3"))
    then.rests("Ana", "KS-1 1")
    story.children_are_parts("KS-1", True)
    then.rests("Ana", "KS-1 itself 1/3", "KS-2 1/3", "KS-3 1/3")
    story.keeps_part("KS-1", False)
    story.done("KS-2")
    then.stands("Ana", "part_delivered, 1 of 2")
    story.children_are_parts("KS-1", False)
    then.rests("Ana", "KS-1 1")


@LINKS.shows("2.11.parts", "2.10")
def of_two_of_which_each_is_called_the_others_child_the_first_by_number_counts(
    story: Script, then: Then
) -> None:
    """No Jira has that for long: they change places, and the two readings come one after the other."""
    story.issue("KS-2", "KS-6")
    story.ask("Ana", "KS-6")
    story.parents("KS-6", of=("KS-2",))
    story.children_are_parts("KS-6", True)
    story.children_are_parts("KS-2", True)
    story.parents("KS-2", of=("KS-6",))
    for read in ("KS-6", "KS-2", "KS-6"):
        story.start("KS-6")
        story.look(read)
        then.rests("Ana", "KS-6 itself 1/2", "KS-2 1/2")
    story.later()
    story.tracker.adopt("KS-2", None, at=story.now)
    story.look("KS-2", "KS-6")
    then.rests("Ana", "KS-6 1")


@LINKS.shows("2.12", "2.3", "2.5")
def a_part_that_moves_to_another_project_stays_the_part_that_was_chosen(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.narrow("Ana", "KS-1", to=["KS-2"])
    story.move("KS-2", "OPS-7")
    then.rests("Ana", "OPS-7 1")
    story.done("OPS-7")
    then.goes_out("Ana: delivered in ticket 101")


@LINKS.shows("2.12.gone", "2.9.both", "4.part_delivered", "4.states")
def the_asks_on_a_deleted_part_wait_on_it_for_a_person(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1", org="Acme")
    story.company("Acme", customer=100_001, of=["Ana"])
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.done("KS-2")
    then.goes_out("Ana: part_delivered in ticket 101")
    story.deleted("KS-3")
    story.look("KS-1")  # Jira lists the link to KS-3 no more
    then.state("KS-3 gone")
    then.rests("Ana", "KS-2 1/2", "KS-3 1/2")
    then.credit("KS-2 500.00", "KS-3 500.01")
    then.stands("Ana", "part_delivered, 1 of 2")
    then.next("Ana", "KS-3 was deleted: link the request to another issue")
    then.nobody_hears()


@LINKS.shows("2.12.gone", "2.2", "4.waiting")
def what_came_to_a_deleted_item_by_a_duplicate_waits_there_until_it_is_linked_elsewhere(
    story: Script, then: Then
) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    story.ask("Ana", "KS-1")
    story.duplicate("KS-1", of="KS-2")
    story.deleted("KS-2")
    then.rests("Ana", "KS-2 1")
    then.stands("Ana", "waiting, 0 of 1")
    story.unlink("101", "KS-1")
    story.link("101", "KS-3")
    then.rests("101 for KS-3", "KS-3 1")
    story.done("KS-3")
    then.goes_out("Ana: delivered in ticket 101")


@LINKS.shows("2.12.gone", "4.late")
def a_404_is_not_a_deletion_and_an_old_answer_does_not_bring_a_deleted_item_back(
    story: Script, then: Then
) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.hide("KS-1")
    then.state("KS-1 open")
    then.rests("Ana", "KS-1 1")
    assert story.asked("101").item.unreadable
    assert story.look("KS-1")  # that it can be read again is news
    assert not story.asked("101").item.unreadable
    late = story.tracker.seen("KS-2")
    story.deleted("KS-2")
    story.record(late)
    then.state("KS-2 gone")
