"""Chapters 6 and 7: what is kept of every change, and what a change costs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event, func, select

from lineage import changes
from lineage.outcomes import notices, pushes
from lineage.tables import history
from lineage.terms import Origin
from tests.lineage.golden.script import Script
from tests.lineage.golden.table import Chapter
from tests.lineage.golden.then import Then

HISTORY = Chapter()


def rows(story: Script) -> int:
    return story.conn.scalar(select(func.count()).select_from(history)) or 0


@HISTORY.shows("6.rows")
def a_change_is_kept_with_when_it_happened_when_we_heard_who_did_it_and_why(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ticket("Ana")
    at = story.now
    story.later(minutes=5)
    linked = changes.Linked(Origin("zendesk:ticket", "101"), story.id("KS-1"), "olga", at)
    story.again(linked, cause="click:7")
    (row,) = story.conn.execute(select(history).where(history.c.cause == "click:7"))
    assert (row.kind, row.who, row.happened_at, row.heard_at) == (
        "Linked", "olga", at, at + timedelta(minutes=5),
    )  # fmt: skip
    kept = story.conn.execute(select(history).where(history.c.kind == "TicketSeen")).one()
    assert "words" not in kept.change and "requester" not in kept.change  # people can ask to be forgotten


@HISTORY.shows("6.cause", "2.9")
def a_cause_that_was_heard_before_changes_nothing_even_if_the_world_has_moved_on(
    story: Script, then: Then
) -> None:
    story.issue("KS-1")
    story.ticket("Ana")
    linked = changes.Linked(Origin("zendesk:ticket", "101"), story.id("KS-1"), "agent", story.now)
    assert story.record(linked, cause="click:1")
    story.unlink("101", "KS-1")
    assert not story.record(linked, cause="click:1")
    then.stands("Ana", "withdrawn")


@HISTORY.shows("6.cause", "6.rows", "2.9")
def what_says_nothing_new_leaves_no_row(story: Script, then: Then) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.narrow("Ana", "KS-1", to=["KS-2"])
    before = rows(story)
    story.look("KS-1", "KS-2")
    story.again(story.tickets["101"])
    story.narrow("Ana", "KS-1", to=["KS-2"])
    story.title("KS-1", "The  KS-1 thing ")
    story.link("101", "KS-1")
    assert rows(story) == before


@HISTORY.shows("6.then", "1.edge", "1.told")
def the_way_of_an_ask_and_what_its_person_was_told_can_be_read_in_the_end(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-9")
    story.ask("Ana", "KS-9")
    story.duplicate("KS-9", of="KS-1")
    story.container("KS-1", into=("KS-2", "KS-3"))
    story.done("KS-2")
    then.goes_out("Ana: part_delivered in ticket 101")
    story.reopen("KS-2")
    story.approve_drafts()
    then.goes_out_at_once("Ana: correction in ticket 101")
    story.duplicate("KS-3", of="KS-2")
    story.done("KS-2")
    then.goes_out("Ana: delivered in ticket 101")
    then.came(
        "Ana", "linked KS-9", "merged KS-9 into KS-1", "split KS-1 into KS-2", "split KS-1 into KS-3",
        "merged KS-3 into KS-2",
    )  # fmt: skip
    then.told(
        "Ana", "part_delivered of KS-2 in ticket 101", "correction of KS-2 in ticket 101",
        "delivered of KS-2 in ticket 101",
    )  # fmt: skip


@HISTORY.shows("7.touched", "5.told")
def a_change_writes_to_the_issue_it_touches_and_to_no_other(story: Script, then: Then) -> None:
    story.issue("KS-1", "KS-2", "KS-5")
    story.ask("Ana", "KS-1")
    story.ask("Bo", "KS-5")

    def revisions() -> list[int]:
        asked = (select(pushes.c.rev).where(pushes.c.item_id == story.id(key)) for key in ("KS-1", "KS-5"))
        return [story.conn.scalar(one) or 0 for one in asked]

    one, five = revisions()
    story.ask("Cy", "KS-1")
    assert revisions() == [one + 1, five]
    story.done("KS-1")
    assert revisions() == [one + 1, five]  # what it counts is the same
    told = story.conn.scalars(select(notices.c.person_id).order_by(notices.c.person_id))
    assert list(told) == [story.person("Ana"), story.person("Cy")]


@HISTORY.shows("7.few")
def a_link_a_vote_or_a_merge_beside_many_takes_no_more_statements_than_beside_few(
    story: Script, then: Then
) -> None:
    story.issue("KS-1", "KS-2", "KS-3", "KS-4", "KS-5")
    story.post("9", placed="KS-1")
    story.ask("Ana", "KS-1", org="Acme")
    story.ask("Ana", "KS-2", org="Acme")
    few = {
        "link": cost(story, lambda: story.link(story.ticket("Bo"), "KS-1")),
        "vote": cost(story, lambda: story.vote("Cy", "9")),
        "merge": cost(story, lambda: story.duplicate("KS-3", of="KS-2")),
    }
    for number in range(40):
        story.ask(f"P{number}", "KS-1", org=f"Org{number}")
        story.ask(f"Q{number}", "KS-4", org=f"Org{number}")
    many = {
        "link": cost(story, lambda: story.link(story.ticket("Di"), "KS-1")),
        "vote": cost(story, lambda: story.vote("Ed", "9")),
        "merge": cost(story, lambda: story.duplicate("KS-5", of="KS-4")),
    }
    print(few, many)
    assert all(many[what] <= few[what] for what in few)


def cost(story: Script, what: Callable[[], object]) -> int:
    """How many statements this takes."""
    with _counted(story) as made:
        what()
    return len(made)


@contextmanager
def _counted(story: Script) -> Iterator[list[str]]:
    made: list[str] = []

    def note(*args: Any) -> None:
        made.append(args[2])

    event.listen(story.conn, "before_cursor_execute", note)
    yield made
    event.remove(story.conn, "before_cursor_execute", note)
