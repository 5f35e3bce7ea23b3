"""Chapter 5: one message for one outcome, true words of parts, and the last word after a promise."""

from tests.lineage.golden.script import Script
from tests.lineage.golden.table import Chapter
from tests.lineage.golden.then import Then

PARTS_AND_PROMISES = Chapter()

ALL = "That was everything you asked for."


def two_parts(story: Script) -> None:
    """Ana asks for KS-1, a container of KS-2 and KS-3."""
    story.issue("KS-1", title="Exports")
    story.ask("Ana", "KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))


@PARTS_AND_PROMISES.shows("5.part", "5.everything", "4.part_delivered")
def a_part_is_told_with_what_is_not_out_and_the_last_one_says_that_it_was_all(
    story: Script, then: Then
) -> None:
    two_parts(story)
    story.start("KS-3")
    story.done("KS-2")
    then.goes_out("Ana: part_delivered in ticket 101")
    then.said(
        "Ana", "“Exports”. 1 of 2 parts is ready now:", "✓ The KS-2 thing",
        "… The KS-3 thing (we are working on it)", "We will write here once more when the rest is ready.",
        not_=(ALL,),
    )  # fmt: skip
    story.done("KS-3")
    then.goes_out("Ana: delivered in ticket 101")
    then.said("Ana", "The last part is ready now:", "✓ The KS-3 thing (new)", ALL)


@PARTS_AND_PROMISES.shows("5.one", "5.part")
def all_that_came_out_within_one_quiet_period_is_one_message(story: Script, then: Then) -> None:
    two_parts(story)
    story.done("KS-2")
    story.later(minutes=5)
    story.done("KS-3")
    then.goes_out("Ana: delivered in ticket 101")
    then.said("Ana", "It is ready now:", "✓ The KS-2 thing", "✓ The KS-3 thing", ALL)


@PARTS_AND_PROMISES.shows("5.everything", "5.one", "1.ask")
def that_was_everything_is_not_said_while_another_ask_in_the_message_is_not_final(
    story: Script, then: Then
) -> None:
    two_parts(story)
    story.issue("KS-5")
    story.link("101", "KS-5")
    story.done("KS-2")
    story.done("KS-5")
    then.goes_out("Ana: part_delivered in ticket 101")
    then.said("Ana", "1 of 2 parts is ready now:", "✓ The KS-5 thing", not_=(ALL,))
    story.done("KS-3")
    then.goes_out("Ana: delivered in ticket 101")
    then.said("Ana", "✓ The KS-3 thing", ALL, not_=("KS-5",))


@PARTS_AND_PROMISES.shows("5.kinds", "5.part", "4.delivered_in_part")
def nothing_automatic_gives_away_a_no_that_nobody_approved(story: Script, then: Then) -> None:
    two_parts(story)
    story.decline("KS-3")
    story.done("KS-2")
    then.stands("Ana", "delivered_in_part, 1 of 2")
    then.goes_out("Ana: part_delivered in ticket 101")
    then.said("Ana", "1 of 2 parts is ready now:", "… The KS-3 thing", not_=(ALL, "✗"))
    then.waits_for_approval("Ana: declined")
    then.draft_says("1 of 2 parts is ready.", "The rest will not be done:", "✗ The KS-3 thing")
    story.approve_drafts()
    then.goes_out_at_once("Ana: declined in ticket 101")
    then.next("Ana", "nothing more: the rest was declined")


@PARTS_AND_PROMISES.shows("4.delivered_in_part", "5.part", "5.everything")
def after_a_no_the_last_part_is_told_as_the_last_one_and_not_as_everything(story: Script, then: Then) -> None:
    two_parts(story)
    story.decline("KS-3")
    story.approve_drafts()
    then.goes_out("Ana: declined in ticket 101")
    then.said("Ana", "Not all of it will be done:", "✗ The KS-3 thing", "We will write here again")
    story.done("KS-2")
    then.goes_out("Ana: delivered in ticket 101")
    then.said("Ana", "The rest will not be done:", "✓ The KS-2 thing", "✗ The KS-3 thing", not_=(ALL,))
    then.nobody_hears()


@PARTS_AND_PROMISES.shows("5.closing", "2.2", "5.everything")
def a_last_part_that_becomes_a_duplicate_of_what_is_out_makes_a_closing_message(
    story: Script, then: Then
) -> None:
    two_parts(story)
    story.done("KS-2")
    then.goes_out("Ana: part_delivered in ticket 101")
    story.duplicate("KS-3", of="KS-2")
    then.stands("Ana", "delivered, 1 of 1")
    then.goes_out("Ana: delivered in ticket 101")
    then.said("Ana", "We wrote that more would follow. Nothing is left to do, it is complete:", ALL)
    then.nobody_hears()


@PARTS_AND_PROMISES.shows("5.closing", "2.5")
def who_turns_out_to_want_only_what_is_out_is_owed_a_closing_message(story: Script, then: Then) -> None:
    two_parts(story)
    story.done("KS-2")
    then.goes_out("Ana: part_delivered in ticket 101")
    story.narrow("Ana", "KS-1", to=["KS-2"])
    then.goes_out("Ana: delivered in ticket 101")
    then.said("Ana", "We wrote that more would follow.", ALL)
    story.done("KS-3")
    then.nobody_hears()


@PARTS_AND_PROMISES.shows("5.closing", "2.3", "2.9.undo")
def a_part_that_is_no_part_any_more_leaves_a_last_word(story: Script, then: Then) -> None:
    two_parts(story)
    story.done("KS-2")
    then.goes_out("Ana: part_delivered in ticket 101")
    story.disconnect("KS-1", "KS-3")
    then.goes_out("Ana: delivered in ticket 101")
    then.said("Ana", ALL)


@PARTS_AND_PROMISES.shows("5.closing", "2.3.unsaid")
def an_item_that_is_called_a_container_after_its_part_was_told_leaves_a_last_word(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.done("KS-2")
    then.goes_out("Ana: part_delivered in ticket 101")
    story.keeps_part("KS-1", False)
    then.goes_out("Ana: delivered in ticket 101")
    then.said("Ana", "Nothing is left to do, it is complete:", ALL)


@PARTS_AND_PROMISES.shows("5.closing", "4.declined", "5.kinds")
def a_closing_message_that_says_no_waits_for_approval_as_every_no_does(story: Script, then: Then) -> None:
    two_parts(story)
    story.decline("KS-2")
    story.approve_drafts()
    then.goes_out("Ana: declined in ticket 101")
    then.said("Ana", "Not all of it will be done:", "We will write here again")
    story.duplicate("KS-3", of="KS-2")
    then.stands("Ana", "declined, 0 of 1")
    then.nobody_hears()
    then.waits_for_approval("Ana: declined")


@PARTS_AND_PROMISES.shows("5.closing", "5.told")
def where_nothing_more_was_promised_there_is_no_closing_message(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-9")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    then.goes_out("Ana: delivered in ticket 101")
    story.done("KS-9")
    story.duplicate("KS-1", of="KS-9")
    then.nobody_hears()
    then.waits_for_approval()


@PARTS_AND_PROMISES.shows("5.closing", "4.withdrawn")
def who_withdraws_after_a_promise_is_owed_no_last_word(story: Script, then: Then) -> None:
    two_parts(story)
    story.done("KS-2")
    then.goes_out("Ana: part_delivered in ticket 101")
    story.unlink("101", "KS-1")
    then.nobody_hears()
    then.waits_for_approval()
