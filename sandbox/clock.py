"""The time that a sandbox vendor lives in: the real time, plus whatever a test let pass."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Real time moved forward. One clock may be shared by several vendors."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Aware, UTC."""
        return datetime.now(UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        """Let this much time pass at once."""
        self._ahead += timedelta(seconds=seconds)
