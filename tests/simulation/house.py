"""Our side, as far as a run sees it: rows in memory (`notices.py`) or the real ones (`on_rows.py`)."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from store.waiting import Claimed
from tests.simulation.account import Ticket
from tests.simulation.loop import Wrong
from tests.simulation.rows import Row


class House(Protocol):
    """One workspace, in which Ana asked for one thing."""

    paused: bool

    # What we know

    @property
    def rows(self) -> Mapping[int, Row]: ...

    @property
    def told(self) -> bool: ...

    @property
    def erased(self) -> bool: ...

    def owed(self) -> bool: ...

    def place(self) -> tuple[str, str]:
        """Where Ana is told now, and why nothing can be said there."""
        ...

    # What we hear

    def knows(self, ticket: Ticket, *, asks: bool) -> None:
        """A ticket of hers; `asks`: it was linked to the thing."""

    def votes(self) -> None:
        """She asks by a vote in the community, of which she is told in a ticket of her own."""

    def issue(self, now: datetime, *, done: bool) -> None: ...

    def reads(self, ticket: Ticket, *, suspended: bool, now: datetime) -> None:
        """A ticket was read, and its requester with it."""

    # What people do

    def cancel(self, row: Row, now: datetime) -> None: ...

    def retry(self, row: Row, now: datetime) -> None: ...

    def pause(self, *, paused: bool) -> None: ...

    def remark(self, now: datetime) -> None:
        """Ana says that she meant something else: a note for the agents of her ticket."""

    def erase(self, now: datetime) -> None: ...

    # What workers do

    def claim(self, now: datetime, lease_s: float) -> Claimed | None: ...

    def renew(self, claimed: Claimed, now: datetime, lease_s: float) -> None: ...

    def next_at(self) -> datetime | None:
        """When the next row can be claimed."""
        ...

    def at_work(self, step: Callable[[], None], stepped: Callable[[], None]) -> AbstractContextManager[Any]:
        """The job's code on these rows, and what comes before and after each commit. Gives the shelf."""
        ...


class Log:
    """Nobody reads what goes wrong as it must; a bug ends the run."""

    def info(self, _event: str, **_said: object) -> None: ...

    def warning(self, _event: str, **_said: object) -> None: ...

    def error(self, event: str, **said: object) -> None:
        raise Wrong(f"{event}: {said}")


class Unpaced:
    """In the place of `connectors/pacing.py`: no run sends enough to be held back."""

    def settle(self, *_where: object, **_how: object) -> None: ...


class Unresting:
    """In the place of an account's pace: no answer here asks for a rest of all of it."""

    system = "zendesk"
    hold_until = None

    def read(self, *_where: object, **_how: object) -> "Unresting":
        return self
