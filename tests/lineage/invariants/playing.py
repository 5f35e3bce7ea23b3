"""Playing a history event by event, and finding the shortest one that still fails."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.lineage.invariants.table import AT_THE_END, OFTEN, Wrong, look, noted, said
from tests.lineage.twin import broken
from tests.lineage.twin.hearing import Stage
from tests.lineage.twin.twin import Twin

EVERY = 10
"""After how many events it is looked; and always at the end."""
PATIENCE = 5_000
"""How many events are played again at most to make a history shorter: about a minute."""


class Event(NamedTuple):
    """A sentence of the twin: which method, and with what."""

    name: str
    args: tuple[Any, ...] = ()
    more: Mapping[str, Any] = {}


@dataclass(eq=False)
class Failed(Exception):
    """Some event, or a look after it, showed something wrong."""

    wrong: Wrong
    events: list[Event]
    said: list[str]

    def __str__(self) -> str:
        numbered = (f"  {number}. {sentence}" for number, sentence in enumerate(self.said, 1))
        return "\n".join(["", *said(self.wrong), "after this history:", *numbered])


@dataclass
class Playing:
    twin: Twin
    every: int = EVERY
    events: list[Event] = field(default_factory=list)
    """Those that happened."""

    def happens(self, event: Event) -> None:
        before, wrong = len(self.twin.said), Wrong()
        with noted(wrong, broken.RUNS):
            getattr(self.twin, event.name)(*event.args, **event.more)
        if len(self.twin.said) == before and not wrong:
            return
        self.events.append(event)
        self._insist(wrong)
        if len(self.events) % self.every == 0:
            self._insist(look(self.twin, OFTEN))

    def ends(self) -> None:
        self._insist(look(self.twin, OFTEN) | look(self.twin, AT_THE_END))

    def _insist(self, wrong: Wrong) -> None:
        if wrong:
            raise Failed(wrong, self.events, self.twin.said)


def failure_of(stage: Stage, events: Iterable[Event], *, every: int = EVERY) -> Failed | None:
    """How this history fails, if it does."""
    with stage() as story:
        playing = Playing(Twin(story), every)
        try:
            for event in events:
                playing.happens(event)
            playing.ends()
        except Failed as failed:
            return failed
    return None


def shortest(stage: Stage, failed: Failed) -> Failed:
    """The same failure after as few events as can be found by leaving some out, larger pieces first."""
    looked = (failure_of(stage, failed.events, every=1), failed)
    best = next(one for one in looked if one and one.wrong.keys() & failed.wrong.keys())
    piece, played = max(1, len(best.events) // 2), 0
    while played < PATIENCE:
        shorter = None
        for start in range(0, len(best.events), piece):
            played += len(best.events)
            found = failure_of(stage, _without(best.events, start, piece), every=1)
            if found and found.wrong.keys() & failed.wrong.keys():
                shorter = found
                break
        if shorter:
            best, piece = shorter, min(piece, max(1, len(shorter.events) // 2))
        elif piece == 1:
            return best
        else:
            piece //= 2
    return best


def _without(events: Sequence[Event], start: int, piece: int) -> list[Event]:
    return [*events[:start], *events[start + piece :]]
