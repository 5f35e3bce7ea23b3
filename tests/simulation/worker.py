"""A worker of ours: the real job that tells people, on rows in memory, with every step a place to die."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any
from unittest import mock

from greenlet import getcurrent

from connectors import delivery
from connectors.delivery import Delivery
from connectors.errors import NotFound
from connectors.outcomes import Outcome
from connectors.zendesk.reply import Attempt, attempt
from lineage.notices import Sending
from store import attempt as attempts
from store.attempt import Work
from store.waiting import Claimed
from tests.simulation.edge import Edge
from tests.simulation.loop import Killed, Process, Wrong

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
        shelf, loop = self.run.notices.SHELF, self.loop
        nowhere: Any = None  # where the database would be
        deliver = Delivery(nowhere, {"zendesk": Channel(self)}, loop.clock, LEASE_S, loop.rng)
        rows: Any = shelf
        while True:
            try:
                claimed = self._claimed = shelf.claim(loop.clock(), LEASE_S)
                if claimed is None:
                    self.rest(self._until_next_s())
                    continue
                row = self.run.rows[claimed.id]
                loop.say(self.name, f"takes notice {row.id}: {row.state}, {row.place}, fence {row.fence}")
                ended = attempts.attempt(
                    nowhere, Work(rows, deliver), claimed, clock=loop.clock, rng=loop.rng
                )
                loop.say(self.name, f"ends: {ended}, {row.state}, {row.reason}")
            except Killed:
                self.wait(loop.rng.uniform(0.5, 30))

    def works(self, seconds: float) -> None:
        """Waits for something, while its heartbeat keeps the lease."""
        if self._claimed:
            now = self.loop.clock()
            self.run.notices.SHELF.renew(None, self._claimed, now=now, lease_s=seconds + LEASE_S)
        self.wait(seconds)

    def _until_next_s(self) -> float:
        upcoming = self.run.notices.SHELF.next_at()
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
            run.read(int(ticket))


class Log:
    """Nobody reads what goes wrong as it must; a bug ends the run."""

    def info(self, _event: str, **_said: object) -> None: ...

    def warning(self, _event: str, **_said: object) -> None: ...

    def error(self, event: str, **said: object) -> None:
        raise Wrong(f"{event}: {said}")


@contextmanager
def in_memory(run: "Run") -> Iterator[None]:
    """The job's own code, with these rows where the database is; each commit is a step."""
    by_greenlet = {worker.greenlet: worker for worker in run.workers}

    @contextmanager
    def transaction(_engine: object) -> Iterator[None]:
        worker = by_greenlet[getcurrent()]
        run.step(worker, "before a transaction")
        yield
        run.ring()
        run.step(worker, "having committed", sends=True)

    def left_unmarked(_engine: object, _work: object, claimed: Claimed) -> bool:
        return run.notices.SHELF.held(claimed) is not None

    rows = run.notices
    with (
        mock.patch.multiple(delivery, transaction=transaction, workspaces=rows, notices=rows, outbox=rows),
        mock.patch.multiple(attempts, transaction=transaction, _left_unmarked=left_unmarked, log=Log()),
    ):
        yield
