"""One attempt at one message: what it is about, when it began, and what earlier ones left."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors.zendesk import marks
from connectors.zendesk.client import Zendesk
from lineage.notices import Sending

READ_BACK_S = 15.0


def _stopwatch() -> Callable[[], float]:
    started = time.monotonic()
    return lambda: time.monotonic() - started


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at one message. `keep` commits what a later attempt must know, before anything is sent."""

    client: Zendesk
    sending: Sending
    now: datetime
    settle_s: float
    keep: Callable[[Mapping[str, Any]], None]
    passed_s: Callable[[], float] = field(default_factory=_stopwatch)
    """How long ago `now` was."""

    def moment(self) -> datetime:
        """The time now: reading may have taken long."""
        return self.now + timedelta(seconds=self.passed_s())

    @property
    def sent_at(self) -> datetime | None:
        """When a write may last have left for Zendesk, as far as nobody knows what became of it."""
        at = self.sending.kept.get("sent_at")
        return datetime.fromisoformat(at) if at else None

    @property
    def settled(self) -> bool:
        """Whether what may stand where nobody can read any more may be given up: a person looked there, or it
        is for somebody who was forgotten, and who is never told anything again.
        """
        return bool(self.sending.kept.get("looked")) or not self.sending.person_keys

    @property
    def collided(self) -> bool:
        """Whether it was answered 409: the stamp has moved, so nothing that carries it can arrive any more.

        It may have arrived, though: networks deliver a PUT twice, and the second copy hits on the first.
        """
        return bool(self.sending.kept.get("collided"))

    @property
    def read_back_s(self) -> float:
        """When an unknown outcome is first read back: soon, and well before it may be written again."""
        return min(READ_BACK_S, self.settle_s / 4)

    @property
    def kind(self) -> str:
        """What is written, in the words of `store.crash_points`."""
        return "reply" if self.sending.public else "note"

    def place(self, place: str, ticket: str) -> marks.Place:
        return marks.Place(place, ticket, self.sending.person_keys if self.sending.public else ())
