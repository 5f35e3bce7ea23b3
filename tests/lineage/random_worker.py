"""A worker that may die, be slow or get any answer, and people who decide meanwhile: at random."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select, update

from lineage import notices, outbox
from lineage.errors import LineageError
from lineage.notices import Sending
from lineage.outcomes import notices as kept
from lineage.outcomes import pushes
from store.waiting import Claimed, Shelf
from tests.lineage.story import Story

PUSHES = Shelf("pushes", pushes)
DECISIONS = (notices.retry, notices.cancel, notices.approve)


class RandomWorker:
    """Holds what it claimed, maybe too long. `rng` decides everything."""

    def __init__(self, story: Story, rng: random.Random) -> None:
        self.story, self.rng = story, rng
        self.held: list[Claimed] = []
        self.begun: dict[int, Sending] = {}

    def step(self) -> None:
        story, rng = self.story, self.rng
        story.now += timedelta(seconds=rng.choice([0, 5, 30, 900]))
        self.held += outbox.SHELF.claim(story.conn, now=story.now, lease_s=20, limit=rng.randint(0, 3))
        rng.shuffle(self.held)
        while self.held and rng.random() < 0.7:
            self._one(self.held.pop())
        if rng.random() < 0.3:
            self._somebody_decides()
        self._push()

    def _one(self, claimed: Claimed) -> None:
        """As `connectors/delivery.py` does it, as far as it comes."""
        story, rng = self.story, self.rng
        if rng.random() < 0.1 or not self._renew(claimed):
            return
        begun = notices.begin(story.conn, story.workspace, claimed.id, now=story.now)
        if begun is None:
            outbox.settled(story.conn, claimed)
        elif isinstance(begun, datetime):
            outbox.early(story.conn, claimed, until=begun)
        else:
            self._try(claimed, begun)

    def _try(self, claimed: Claimed, sending: Sending) -> None:
        story, rng = self.story, self.rng
        if rng.random() < 0.5:
            wrote = {"sent_at": story.now.isoformat(), "stamp": "x"}
            notices.keep(story.conn, sending, rng.choice([wrote, {"sent_at": None}]))
        if rng.random() < 0.2:
            story.done(f"KS-{rng.randint(1, 5)}")  # while we speak
        if rng.random() < 0.1:
            return  # dead
        rng.choice(self._ends(claimed, sending))()

    def _ends(self, claimed: Claimed, sending: Sending) -> list[Callable[[], bool]]:
        conn, workspace, now = self.story.conn, self.story.workspace, self.story.now
        later = now + timedelta(seconds=10)
        words = self.rng.choice([(), sending.kept["words"][:1]])
        receipt = self.story.receipt(sending.place)

        def withdraw() -> bool:
            notices.keep(conn, sending, {"sent_at": None})
            return outbox.withdraw(conn, workspace, claimed, reason="x", now=now)

        return [
            lambda: outbox.confirm(conn, workspace, claimed, receipt, now=now, words=words),
            lambda: outbox.unknown(conn, claimed, until=later, reason="x", counts=True),
            lambda: outbox.wait(conn, workspace, claimed, until=later, reason="x", now=now),
            lambda: outbox.block(conn, workspace, claimed, reason="x", now=now),
            lambda: outbox.plan_again(conn, workspace, claimed, at=now, reason="x", now=now),
            lambda: outbox.SHELF.park(conn, claimed, reason="the worker died over it", now=now),
            withdraw,
        ]

    def _renew(self, claimed: Claimed) -> bool:
        return outbox.SHELF.renew(self.story.conn, claimed, now=self.story.now, lease_s=20)

    def _somebody_decides(self) -> None:
        story, rng = self.story, self.rng
        every = story.conn.execute(select(kept)).all()
        if not every:
            return
        row, decide = rng.choice(every), rng.choice(["retry", "cancel", "approve"])
        try:
            if decide == "retry":
                notices.retry(story.conn, story.workspace, row.id, now=story.now)
            elif decide == "cancel":
                notices.cancel(story.conn, story.workspace, row.id, by="agent", now=story.now)
            else:
                notices.approve(
                    story.conn, story.workspace, row.id, digest=row.digest, by="agent", now=story.now
                )
        except LineageError:
            pass

    def _push(self) -> None:
        story, rng = self.story, self.rng
        for claimed in PUSHES.claim(story.conn, now=story.now, lease_s=20, limit=rng.randint(0, 2)):
            written = update(pushes).where(PUSHES.held(claimed)).values(pushed_rev=claimed.row["rev"])
            end = rng.choice(["done", "later", "park", "dead"])
            if end == "done":
                story.conn.execute(written)
                PUSHES.done(story.conn, claimed)
            elif end == "later":
                PUSHES.later(story.conn, claimed, at=story.now + timedelta(seconds=5), reason="x")
            elif end == "park":
                PUSHES.park(story.conn, claimed, reason="x", now=story.now)
