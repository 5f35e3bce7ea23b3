"""Whose tickets are read back after a restore, and until when nothing goes out."""

from typing import Any

import pytest
from sqlalchemy import select, update

from lineage import restored
from lineage.changes import Erased, UsersMerged
from lineage.outcomes import pushes, readbacks
from tests.lineage.cast import person
from tests.lineage.story import Story


@pytest.fixture
def back(story: Story) -> Story:
    """Ana, Bo and Di asked by ticket, Di wants to be forgotten, Kim only voted; a backup came back."""
    story.issue("KS-1")
    for who in ("Ana", "Bo", "Di"):
        story.ask(who, "KS-1")
    story.record(Erased(story.person("Di"), "agent", story.now))
    story.post("9", placed="KS-1")
    story.vote("Kim", "9")
    restored.begin(story.conn, story.workspace, backup_at=story.now, now=story.now)
    restored.begin_reading(story.conn, story.workspace, now=story.now)
    return story


def waiting(story: Story) -> dict[int, Any]:
    return {row.person_id: row for row in story.conn.execute(select(readbacks)).all()}


def test_everybody_with_an_account_of_the_helpdesk_is_read_back(back: Story) -> None:
    assert waiting(back).keys() == {back.person("Ana"), back.person("Bo")}
    progress = restored.progress(back.conn, back.workspace)
    assert progress is not None
    assert (progress.persons, progress.left, progress.parked) == (2, 2, 0)


@pytest.mark.parametrize("gone_was_read", [True, False])
def test_two_who_turn_out_to_be_one_are_read_once_more_as_one(back: Story, gone_was_read: bool) -> None:
    ana, bo = back.person("Ana"), back.person("Bo")
    read = [ana, bo] if gone_was_read else [ana]
    back.conn.execute(update(readbacks).where(readbacks.c.person_id.in_(read)).values(due_at=None))
    back.record(UsersMerged("zd-bo", person("Ana"), back.now))
    [(left, row)] = waiting(back).items()
    assert left == ana
    assert (row.due_at is None) == gone_was_read


def test_when_all_is_read_demand_is_pushed_with_a_number_that_wins(back: Story) -> None:
    before = {row.item_id: row.rev for row in back.conn.execute(select(pushes)).all()}
    restored.finish(back.conn, back.workspace, now=back.now)
    after = back.conn.execute(select(pushes)).all()
    assert {row.item_id: row.rev - restored.FAR_AHEAD for row in after} == before
    assert all(row.due_at == back.now for row in after)
