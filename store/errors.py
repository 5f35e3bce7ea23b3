"""The two answers that work can give when it did not get done: ask again later, or never again."""


class TryLater(Exception):
    """The other side cannot answer now. The row stays, and is tried again when `after_s` have passed.

    `after_s` is the wait that the other side asked for, in seconds; None leaves it to our schedule.
    """

    def __init__(self, message: str, *, after_s: float | None = None) -> None:
        self.after_s = after_s
        super().__init__(message)


class GiveUp(Exception):
    """Asking again changes nothing. The row is parked with this reason, for a person to see."""
