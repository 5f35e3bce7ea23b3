"""One seed: two workers of ours, one account, one thing to tell, and everything that can come between."""

from collections.abc import Mapping
from typing import Any

from greenlet import getcurrent

from tests.simulation.account import ANA, Account
from tests.simulation.house import House
from tests.simulation.judge import Judge
from tests.simulation.loop import Killed, Loop
from tests.simulation.meddling import People
from tests.simulation.notices import Notices
from tests.simulation.planning import HOLD_S
from tests.simulation.rows import Row
from tests.simulation.weather import CALM, Scene, scene_of, weather_of
from tests.simulation.worker import Worker

SETTLE_S = 90.0
CALM_FOR_S = 80 * 3600.0


class Run:
    """`scene`: another than the one that the seed stands for."""

    def __init__(
        self, seed: int, *, scene: Scene | None = None, house: House | None = None, telling: bool = False
    ) -> None:
        self.loop = loop = Loop(seed, telling=telling)
        self.scene = scene = scene or scene_of(seed)
        rng = loop.rng
        self.judge = Judge(self)
        self.account = Account(loop, self.judge.landed, torn_s=scene.torn_s)
        self.weather = weather_of(rng, scene)
        self.latest_s = SETTLE_S - scene.torn_s if scene.torn_s else rng.choice((SETTLE_S, 4 * SETTLE_S))
        self.rough_for_s = rng.choice((300.0, 1800.0, 4 * 3600.0))
        begins = rng.uniform(0, self.rough_for_s)
        long_s = 3 * 3600.0 if rng.random() < scene.outage else 0.0
        self._out = (begins, begins + rng.choice((0.0, 120.0)) + long_s)
        self.house = house or Notices()
        self.shelf: Any = None
        self.settle_s = SETTLE_S
        self.people = People(self)
        self.workers = [Worker(self, name) for name in ("worker A", "worker B")]
        self._open_tickets()

    @property
    def rows(self) -> Mapping[int, Row]:
        return self.house.rows

    def _open_tickets(self) -> None:
        rng = self.loop.rng
        if self.scene.votes:
            self.house.votes()
            self.house.knows(self.account.open(ANA), asks=False)
        for asks in () if self.scene.votes else (True, *([rng.random() < 0.5] if rng.random() < 0.6 else [])):
            self.house.knows(self.account.open(ANA), asks=asks)
        if rng.random() < self.scene.closed:
            self.people.close(min(self.account.tickets.values(), key=lambda ticket: ticket.id))
        self._begins = rng.uniform(0, 100)
        self.loop.after(self._begins, self.people.reopened_or_done)

    def play(self) -> None:
        """Raises Wrong."""
        loop, rng = self.loop, self.loop.rng
        with self.house.at_work(self._before_a_transaction, self._having_committed) as self.shelf:
            try:
                for _ in range(rng.choice((0, 1, 3, 8))):
                    loop.after(rng.uniform(0, self.rough_for_s), self.people.do_something)
                    loop.after(self._begins + HOLD_S + rng.expovariate(1 / 60), self.people.do_something)
                loop.run(self.rough_for_s)
                self._end_well()
            finally:
                for worker in self.workers:
                    worker.end()
        self.judge.judge()

    def _end_well(self) -> None:
        """The faults stop, people retry what is parked, and time passes."""
        loop = self.loop
        loop.say("----", "all faults stop")
        self.weather, self._out = CALM, (0.0, 0.0)
        loop.run(loop.now + self.latest_s)
        self.people.make_good()
        for _ in range(4):
            loop.run(loop.now + CALM_FOR_S / 8)
            self.people.retry()
            self.ring()
        loop.run(loop.now + CALM_FOR_S / 2)

    def is_out(self) -> bool:
        """Whether Zendesk cannot be reached at all for a while."""
        return self._out[0] <= self.loop.now < self._out[1]

    # What is heard of Zendesk

    def hear_of(self, ident: int) -> None:
        """By a webhook soon, or later by the reconciliation."""
        late_s = self.loop.rng.choice((1.0, 20.0, 600.0))
        self.loop.after(self.loop.rng.uniform(0.1, late_s), lambda: self.reads(ident))

    def hear_of_ana(self) -> None:
        """Her tickets tell who she is now."""
        for ticket in self.account.tickets.values():
            if ticket.requester == ANA:
                self.hear_of(ticket.id)

    def reads(self, ident: int) -> None:
        ticket = self.account.tickets[ident]
        suspended = ticket.requester in self.account.suspended
        self.house.reads(ticket, suspended=suspended, now=self.loop.clock())
        self.ring()

    # Our workers

    def step(self, worker: Worker, where: str, *, sends: bool = False) -> None:
        """A point at which anything may come between. `sends`: it comes right before a write.

        Who stands still there sends it at any time afterwards. Only the stamp guards against that, so not
        where it is torn.
        """
        loop, weather = self.loop, self.weather
        if loop.chance(weather.meddle):
            self.people.do_something()
            self.ring()
        if loop.chance(weather.crash):
            loop.say(worker.name, f"DIES {where}")
            raise Killed
        if loop.chance(weather.pause) and not (sends and self.scene.torn_s):
            for_s = loop.rng.uniform(1, loop.rng.choice((10, 60, 600)))
            loop.say(worker.name, f"stands still for {for_s:.0f} s, {where}")
            worker.wait(for_s)

    def _before_a_transaction(self) -> None:
        self.step(self._whose_turn(), "before a transaction")
        self.judge.before_it_begins(self._whose_turn())

    def _having_committed(self) -> None:
        self.ring()
        self.step(self._whose_turn(), "having committed", sends=True)

    def _whose_turn(self) -> Worker:
        return next(worker for worker in self.workers if worker.greenlet is getcurrent())

    def ring(self) -> None:
        """Something changed: whoever has nothing to do looks again soon."""
        for worker in self.workers:
            worker.ring()
