"""A story that commits, with the worker that writes down where issues stood on a past day."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, func, select, update

from lineage import past_places, placing
from lineage.measures import Measure
from lineage.past_places import SHELF
from lineage.questions.board import Board, Filters, board
from lineage.tables import items
from lineage.terms import State
from store.attempt import Outcome
from store.database import reading, transaction
from store.waiting import Claimed
from store.workspaces import Workspace
from tests.lineage.story import Story

DAY = timedelta(days=1)
LEASE_S = 60.0
FILTERS = (Filters(), Filters(state=State.OPEN), Filters(project="P1", state=State.OPEN))


class Town:
    """A story that commits, and the worker beside it."""

    def __init__(self, database: Engine, workspace: Workspace, now: datetime) -> None:
        self.database, self.workspace = database, workspace
        with database.connect() as conn:
            self.story = Story(conn, workspace, now)

    @contextmanager
    def told(self) -> Iterator[Story]:
        """What happens in one transaction."""
        with transaction(self.database) as conn:
            self.story.conn = conn
            yield self.story

    @property
    def now(self) -> datetime:
        return self.story.now

    def next_day(self, days: int = 1) -> None:
        self.story.now += days * DAY

    def want(self, day: date, measure: Measure = "score") -> None:
        with transaction(self.database) as conn:
            past_places.want(conn, self.workspace.id, day, measure, now=self.now)

    def claim(self) -> Claimed | None:
        with transaction(self.database) as conn:
            found = SHELF.claim(conn, now=self.now, lease_s=LEASE_S, limit=1)
        return found[0] if found else None

    def place(self, claimed: Claimed) -> Outcome | None:
        return placing.place(self.database, claimed, clock=lambda: self.now, lease_s=LEASE_S)

    def work(self) -> int:
        """Everything that is due."""
        done = 0
        while claimed := self.claim():
            self.place(claimed)
            done += 1
        return done

    def kept(self, day: date, measure: Measure = "score") -> past_places.Kept:
        with reading(self.database) as conn:
            return past_places.kept(conn, self.workspace.id, day, measure)

    def shown(self, day: date, measure: Measure, filters: Filters, top: int, *, kept: bool = True) -> Board:
        """A page; without what is kept, as if nobody had compared before."""
        with self.database.connect() as conn, conn.begin() as begun:
            if not kept:
                forget(conn, self.workspace.id)
            found = board(conn, self.workspace, sort=measure, filters=filters, top=top, then=day)
            begun.rollback()
        return replace(found, to_keep=False)

    def rows(self) -> tuple[int, int]:
        with reading(self.database) as conn:
            tables = (past_places.past_days, past_places.past_places)
            return tuple(conn.scalar(select(func.count()).select_from(one)) or 0 for one in tables)  # type: ignore[return-value]


def forget(conn: Connection, workspace_id: int) -> None:
    for table in (past_places.past_places, past_places.past_days):
        conn.execute(table.delete().where(table.c.workspace_id == workspace_id))


@pytest.fixture
def town(database: Engine, workspace: Workspace, now: datetime) -> Town:
    """Monday: KS-1 to KS-12 are asked for by one each, KS-13 by two, KS-14 too. Thursday: KS-14 by nobody."""
    made = Town(database, workspace, now)
    with made.told() as story:
        story.issue(*(f"KS-{number}" for number in range(1, 15)))
        for number in range(1, 15):
            ticket = story.ask(f"P{number}", f"KS-{number}")
        story.ask("Ana", "KS-13")
        story.ask("Bo", "KS-5", org="Acme")
        story.company("Acme", customer=900_000, of=["Bo"])
        story.conn.execute(update(items).values(project="P1"))
        story.conn.execute(update(items).where(items.c.key == "KS-13").values(project="P2"))
    made.next_day(3)
    with made.told() as story:
        story.unlink(ticket, "KS-14")
        story.ask("Cy", "KS-7")
        story.done("KS-2")
    return made


def same(town: Town, day: date, measures: Sequence[Measure] = ("score",)) -> None:
    for measure in measures:
        for filters in FILTERS:
            for top in (2, 12, 50):
                kept, slow = (town.shown(day, measure, filters, top, kept=one) for one in (True, False))
                assert kept == slow, (day, measure, filters, top)
