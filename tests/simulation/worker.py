"""A worker of ours: the real job that tells people, on rows in memory, with every step a place to die."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.delivery import Delivery
from connectors.errors import NotFound
from connectors.outcomes import Outcome
from connectors.zendesk.attempts import Attempt
from connectors.zendesk.reply import attempt
from lineage.notices import Sending
from store import attempt as attempts
from store.attempt import Work
from store.waiting import Claimed
from tests.simulation.edge import Edge
from tests.simulation.loop import Killed, Process

if TYPE_CHECKING:
    from tests.simulation.run import Run

LEASE_S = 20.0
Keep = Callable[[Mapping[str, Any]], None]


class Worker(Process):
    def __init__(self, run: "Run", name: str) -> None:
        super().__init__(run.loop, name)
        self.run = run
        self.edge = Edge(run, self)
        self._claimed: Claimed | None = None

    def live(self) -> None:
        house, loop = self.run.house, self.loop
        nowhere: Any = None  # where the database would be
        deliver = Delivery(nowhere, {"zendesk": Channel(self)}, loop.clock, LEASE_S, loop.rng)
        while True:
            try:
                claimed = self._claimed = house.claim(loop.clock(), LEASE_S)
                if claimed is None:
                    self.rest(self._until_next_s())
                    continue
                row = self.run.rows[claimed.id]
                loop.say(self.name, f"takes notice {row.id}: {row.state}, {row.place}, fence {row.fence}")
                ended = attempts.attempt(
                    nowhere, Work(self.run.shelf, deliver), claimed, clock=loop.clock, rng=loop.rng
                )
                row = self.run.rows[claimed.id]
                loop.say(self.name, f"ends: {ended}, {row.state}, {row.reason}")
            except Killed:
                self.wait(loop.rng.uniform(0.5, 30))

    def holds(self, fence: int) -> bool:
        """Whether nobody has taken over, as this fence of its row says, what it works on."""
        return self._claimed is not None and self._claimed.fence == fence

    def works(self, seconds: float) -> None:
        """Waits for something, while its heartbeat keeps the lease."""
        if self._claimed:
            now = self.loop.clock()
            self.run.house.renew(self._claimed, now, seconds + LEASE_S)
        self.wait(seconds)

    def _until_next_s(self) -> float:
        upcoming = self.run.house.next_at()
        if upcoming is None:
            return 1e9
        return max(0.01, (upcoming - self.loop.clock()).total_seconds()) + self.loop.rng.uniform(0, 1)


class Channel:
    """As `connectors/zendesk/channel.py`, but that what is read again is kept in memory."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker

    def say(self, _workspace: object, sending: Sending, now: datetime, keep: Keep, /) -> Outcome:
        self.worker.run.judge.begins(self.worker, sending)
        client: Any = self.worker.edge
        loop, began = self.worker.loop, self.worker.loop.now
        settle_s = self.worker.run.settle_s
        outcome = attempt(Attempt(client, sending, now, settle_s, keep, lambda: loop.now - began))
        loop.say(self.worker.name, str(outcome))
        return outcome

    def read_again(self, _workspace: object, ticket: str, now: datetime, /) -> None:
        run = self.worker.run
        try:
            self.worker.edge.ticket(ticket)
        except NotFound:
            run.hear_of(int(ticket))
        else:
            run.reads(int(ticket))
