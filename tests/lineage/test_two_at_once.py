"""Changes that come at the same moment, each on a connection of its own, as from several workers."""

import threading
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from lineage import ledger
from lineage.changes import Change, Linked
from lineage.questions import ranking
from lineage.tables import history
from lineage.terms import EdgeKind, Origin
from store.database import reading, transaction
from store.workspaces import Workspace
from tests.lineage.conftest import Stage
from tests.lineage.story import Story

PEOPLE = ("Ana", "Bo", "Cy", "Di")


@pytest.fixture(scope="session")
def dbms() -> str:
    """SQLite lets one writer in at a time anyway."""
    return "postgres"


def before(story: Story) -> dict[str, Change]:
    """Four tickets and two issues, read; and what happens next, which nobody has heard yet."""
    story.issue("KS-1", "KS-2")
    story.company("Acme", customer=100_001, of=["Ana", "Bo"])
    tickets = [story.ticket(who) for who in PEOPLE]
    story.keeps_part("KS-1", False)
    story.tracker.link(EdgeKind.SPLIT, "KS-1", "KS-2", at=story.now)
    story.tracker.change("KS-2", at=story.now, category="done", resolution_id="1", meaning="delivered")
    item = story.id("KS-1")
    links = {n: Linked(Origin("zendesk:ticket", n), item, "agent", story.now) for n in tickets}
    return {**links, **{key: story.tracker.seen(key) for key in ("KS-1", "KS-2")}}


def after(story: Story) -> dict[str, Any]:
    """What became of it, in words that do not depend on who came first."""
    said = sorted((one.person_name, one.kind, one.state, one.text) for one in story.notices())
    asks = {number: (story.shares(number), story.standing(number)) for number in story.tickets}
    counted = [(one.item.key, one.requesters, one.customer) for one in ranking(story.conn, story.workspace)]
    return {"asks": asks, "counted": counted, "said": said, "states": [story.state("KS-2")]}


def at_once(database: Engine, workspace: Workspace, heard: dict[str, Change], now: datetime) -> list[bool]:
    """Records each of these, by its cause, in a thread of its own; what `record` said."""
    answers: list[bool] = []
    problems: list[Exception] = []
    ready = threading.Barrier(len(heard))

    def hear(cause: str, change: Change) -> None:
        try:
            with transaction(database) as conn:
                conn.execute(select(1))  # the connection is there: nobody waits for one
                ready.wait(30)
                answers.append(ledger.record(conn, workspace, change, cause=cause.partition("#")[0], now=now))
        except Exception as problem:  # noqa: BLE001 - whatever it is, the test shows it
            problems.append(problem)

    threads = [threading.Thread(target=hear, args=one) for one in heard.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []
    return answers


@pytest.mark.parametrize("turn", range(3))
def test_changes_at_the_same_moment_end_as_one_after_the_other(
    database: Engine, workspace: Workspace, stage: Stage, now: datetime, turn: int
) -> None:
    with stage() as story:
        for change in before(story).values():
            story.again(change)
        wanted = after(story)
    with transaction(database) as conn:
        story = Story(conn, workspace, now)
        heard = before(story)
    at_once(database, workspace, heard, story.now)
    with reading(database) as story.conn:
        assert after(story) == wanted


def test_one_cause_heard_by_many_at_once_is_recorded_once(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        story = Story(conn, workspace, now)
        change = before(story)["KS-2"]
    heard = {f"delivery#{number}": change for number in range(6)}
    assert sorted(at_once(database, workspace, heard, story.now)) == [False] * 5 + [True]
    with reading(database) as conn:
        query = select(func.count()).where(history.c.cause == "delivery")
        assert conn.scalar(query) == 1
