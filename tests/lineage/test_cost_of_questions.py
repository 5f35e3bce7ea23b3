"""Questions only read, and take as many statements for many as for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from lineage import questions
from lineage.questions import (
    asks_of_ticket,
    asks_on,
    closing_now,
    notices,
    picture_of_item,
    ranking,
)
from lineage.terms import EdgeKind
from tests.lineage.story import Story

MANY = 30


@contextmanager
def counted(story: Story) -> Iterator[list[str]]:
    """The statements that are made meanwhile."""
    made: list[str] = []

    def note(*args: Any) -> None:
        made.append(args[2])

    event.listen(story.conn, "before_cursor_execute", note)
    yield made
    event.remove(story.conn, "before_cursor_execute", note)


def many(story: Story, number: int) -> None:
    """So many people ask for KS-1, of which one part is out."""
    story.issue("KS-1")
    story.split("KS-1", into=["KS-2"])
    for one in range(number):
        story.ask(f"P{one}", "KS-1", org=f"Org{one}")
    story.done("KS-2")


def cost(story: Story) -> dict[str, int]:
    """How many statements each question takes."""
    conn, workspace, one = story.conn, story.workspace, story.id("KS-1")
    asked: dict[str, Any] = {
        "asks_on": lambda: asks_on(conn, workspace, one),
        "asks_of_ticket": lambda: asks_of_ticket(conn, workspace, "101"),
        "notices": lambda: notices(conn, workspace),
        "closing_now": lambda: closing_now(conn, workspace, one, now=story.now),
        "ranking": lambda: ranking(conn, workspace),
        "demand": lambda: questions.demand(conn, workspace, one),
        "picture_of_item": lambda: picture_of_item(conn, workspace, one),
    }
    spent = {}
    for name, ask in asked.items():
        with counted(story) as made:
            ask()
        spent[name] = len(made)
    return spent


def test_a_question_takes_as_many_statements_for_many_as_for_one(story: Story) -> None:
    many(story, 1)
    for_one = cost(story)
    for number in range(MANY):
        story.ask(f"Q{number}", "KS-1", org=f"Q{number}")
    for_many = cost(story)
    print(for_many)
    assert for_many == for_one
    assert max(for_many.values()) <= 16


def test_questions_only_read(story: Story) -> None:
    many(story, 2)
    story.connect(EdgeKind.MERGED, ("KS-2", "KS-1"))
    with counted(story) as made:
        cost(story)
    assert {statement.split()[0] for statement in made} <= {"SELECT", "WITH"}
