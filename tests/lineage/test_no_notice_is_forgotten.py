"""Every row that is not final has a due time or is parked; whatever is owed is in a row."""

import random

import pytest
from sqlalchemy import select

from lineage.drafting import drafts
from lineage.facts import key_of, keys_in
from lineage.notices import in_doubt
from lineage.outcomes import LIVE, UNDER_WAY, notices, pushes
from lineage.planning import dealt_with
from lineage.tables import persons
from lineage.world import World
from tests.lineage.conftest import Stage
from tests.lineage.random_history import ACTS, begin, play
from tests.lineage.random_worker import RandomWorker
from tests.lineage.story import Story

FOR_A_PERSON = {"awaiting_approval", "blocked"}
ON_ITS_WAY = {"held", "queued", "sending", "unknown"}
OVER = {"confirmed", "posted_not_emailed", "cancelled", "skipped"}


def nothing_is_forgotten(story: Story) -> None:
    for row in story.conn.execute(select(notices)):
        assert row.state in FOR_A_PERSON | ON_ITS_WAY | OVER
        due, parked = row.due_at is not None, row.parked_at is not None
        wanted = {(True, False), (False, True)} if row.state in ON_ITS_WAY else set()
        wanted |= {(False, True)} if row.state in FOR_A_PERSON else set()
        wanted |= {(False, False)} if row.state in OVER else set()
        assert (due, parked) in wanted, (row.id, row.lane, row.state, due, parked)
        assert due or row.lease_until is None, (row.id, row.state)
        assert row.state in UNDER_WAY or not row.settled_by or row.state in OVER, (row.id, row.state)
        assert row.state in UNDER_WAY or not in_doubt(row) or row.state in OVER, (row.id, row.state)
    for row in story.conn.execute(select(pushes)):
        assert row.due_at or row.parked_at or row.pushed_rev == row.rev
        assert not (row.due_at and row.parked_at)


def everything_owed_is_in_a_notice(story: Story) -> None:
    for person in story.conn.scalars(select(persons.c.id)).all():
        rows = story.conn.execute(select(notices).where(notices.c.person_id == person)).all()
        of_person = [row for row in rows if row.lane != "note"]
        planned = {key for row in of_person if row.state in LIVE for key in keys_in(row.facts)}
        world = World(story.conn, story.workspace.id)
        owed = {
            key_of(fact)
            for draft in drafts(story.conn, story.workspace, world, person)
            for fact in draft.facts
        }
        assert owed <= planned | dealt_with(of_person)
        assert planned <= owed, "nothing waits that is not owed"


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_no_notice_and_no_push_is_forgotten(stage: Stage, seed: int) -> None:
    rng = random.Random(seed)
    with stage() as story:
        begin(story)
        worker = RandomWorker(story, rng)
        acts = sorted(set(ACTS) - {"send"})
        for _ in range(60):
            play(story, (rng.choice(acts), rng.randint(0, 20), rng.randint(0, 20)))
            worker.step()
            nothing_is_forgotten(story)
            everything_owed_is_in_a_notice(story)
