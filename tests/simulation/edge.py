"""The calls of one worker of ours, and the network between it and the account.

Takes the place of `connectors.zendesk.client.Zendesk`, and raises what that raises.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from connectors.errors import Conflict, NotFound, Refused, Unavailable
from connectors.zendesk.client import Read
from tests.simulation.account import US, Account, Json
from tests.simulation.loop import EPOCH

if TYPE_CHECKING:
    from tests.simulation.run import Run
    from tests.simulation.worker import Worker

WAITS_S = 10.0
"""How long we wait for an answer."""

T = TypeVar("T")
Answer = Json | Conflict | Refused | NotFound


class Edge:
    def __init__(self, run: "Run", worker: "Worker") -> None:
        self.run = run
        self.worker = worker

    @property
    def account(self) -> Account:
        return self.run.account

    # Reading

    def ticket(self, ident: str | int) -> Read:
        """`at` is Zendesk's own time of the answer, however long we stand still over it."""
        return self._read(f"ticket #{ident}", lambda: Read(self.account.shown(int(ident)), self._clock()))

    def audits(self, ident: str | int, *, most: int = 100) -> list[Json]:
        rng, lag_s = self.run.loop.rng, 0.0
        if self.run.loop.chance(self.run.weather.stale):
            lag_s = rng.uniform(0, rng.choice((3, 30, 300)))
            if rng.random() < 0.3:
                self.account.freeze_audits(rng.uniform(10, 300))
        found = self._read(f"audits of #{ident}", lambda: self.account.audits(int(ident), lag_s=lag_s))
        self.run.judge.read(self.worker, int(ident))
        return found[:most]

    def user(self, ident: str | int) -> Json:
        return self._read(f"user {ident}", lambda: self.account.user(int(ident)))

    def me(self) -> Json:
        return self.user(US)

    def tickets_by_external_id(self, external_id: str) -> list[Json]:
        lag_s = self.run.loop.rng.uniform(0, 60) if self.run.loop.chance(self.run.weather.stale) else 0.0
        return self._read("tickets by id", lambda: self.account.named(external_id, lag_s=lag_s))

    def requested_by(self, ident: str | int) -> list[Json]:
        return self._read(f"tickets of {ident}", lambda: self.account.requested_by(int(ident)))

    def _clock(self) -> datetime:
        return EPOCH + timedelta(seconds=int(self.run.loop.now + self.account.ahead_s))

    def _read(self, what: str, read: Callable[[], T]) -> T:
        loop, rng = self.run.loop, self.run.loop.rng
        self.run.step(self.worker, f"before reading {what}")
        if self.run.is_out() or loop.chance(self.run.weather.unread):
            self.worker.works(rng.choice((0.3, WAITS_S)))
            loop.say(self.worker.name, f"cannot read {what}")
            raise Unavailable("no answer", after_s=rng.choice((None, None, 30.0)))
        self.worker.works(
            rng.uniform(2, 60) if loop.chance(self.run.weather.slow) else rng.uniform(0.02, 0.12)
        )
        found = read()
        loop.say(self.worker.name, f"reads {what}")
        self.run.step(self.worker, f"having read {what}")
        return found

    # Writing

    def put_ticket(self, ident: str | int, body: Mapping[str, Any]) -> Json:
        given = body["ticket"]
        self.run.step(self.worker, "before a PUT", sends=True)
        self.run.judge.writes(self.worker, int(ident), given["metadata"])
        return self._write(f"PUT #{ident}", lambda: self.account.put(int(ident), given))

    def create_ticket(self, body: bytes, *, idempotency_key: str) -> Json:
        self.run.step(self.worker, "before a POST", sends=True)
        self.run.judge.writes(self.worker, None, {})
        return self._write("POST", lambda: self.account.post(body, idempotency_key))

    def _write(self, what: str, apply: Callable[[], Iterator[Json]]) -> Json:
        """Send it on its way, and wait for what is heard of it."""
        loop, rng, weather = self.run.loop, self.run.loop.rng, self.run.weather
        if self.run.is_out() or loop.chance(weather.turned_away):
            return self._turned_away(what)
        heard: list[Answer] = []
        arrives = [self._arrival_s()]
        if loop.chance(weather.twice):
            arrives.append(arrives[0] + rng.choice((rng.uniform(0, 0.9), rng.uniform(0, 60))))
        copies = [apply] * len(arrives)
        if loop.chance(weather.refused) and not what.startswith("POST"):
            copies[-1] = refuse  # not of a POST: its key gives both copies one answer
        if not loop.chance(weather.never):
            for seconds, copy in zip(arrives, copies, strict=True):
                loop.after(seconds, lambda copy=copy: self._arrive(what, copy, heard))  # type: ignore[misc]
        loop.say(self.worker.name, f"sends {what}")
        self.run.step(self.worker, f"having sent {what}")
        return self._answer(what, heard)

    def _arrival_s(self) -> float:
        loop, rng = self.run.loop, self.run.loop.rng
        if not loop.chance(self.run.weather.late):
            return rng.uniform(0.03, 0.4)
        return rng.uniform(WAITS_S, self.run.latest_s)

    def _arrive(self, what: str, apply: Callable[[], Iterator[Json]], heard: list[Answer]) -> None:
        loop = self.run.loop
        try:
            doing = apply()
            answer = next(doing)
            if answer:
                heard.append(answer)
                return
        except (Conflict, Refused, NotFound) as refusal:
            loop.say("zendesk", f"refuses {what}: {refusal}")
            heard.append(refusal)
            return
        loop.after(loop.rng.uniform(0, self.account.torn_s or 1.5), lambda: heard.append(next(doing)))

    def _answer(self, what: str, heard: list[Answer]) -> Json:
        loop, rng = self.run.loop, self.run.loop.rng
        if loop.chance(self.run.weather.unanswered):
            self.worker.works(rng.choice((1.0, WAITS_S)))
            loop.say(self.worker.name, f"hears nothing of {what}")
            self.run.step(self.worker, f"without an answer to {what}")
            raise Unavailable("no answer, or 5xx", after_s=rng.choice((None, 20.0)))
        for _ in range(2):
            self.worker.works(2.5 if not heard else 0.05)
        if not heard:
            self.worker.works(WAITS_S - 5)
        if not heard:
            loop.say(self.worker.name, f"waits no longer for an answer to {what}")
            raise Unavailable("timed out")
        answer = rng.choice(heard)
        self.run.step(self.worker, f"with the answer to {what}")
        if isinstance(answer, Exception):
            raise answer
        loop.say(self.worker.name, f"hears 200 of {what}")
        return answer

    def _turned_away(self, what: str) -> Json:
        loop, rng = self.run.loop, self.run.loop.rng
        self.worker.works(rng.choice((0.3, 3.0)))
        loop.say(self.worker.name, f"is turned away with {what}")
        kind = rng.randrange(3)
        if kind == 0:
            raise Unavailable("429", after_s=rng.uniform(1, 90), sent=False)
        raise Unavailable("no connection" if kind == 1 else "503", sent=kind == 2)


def refuse() -> Iterator[Json]:
    raise Refused("a rule of the account says no", status=422)
