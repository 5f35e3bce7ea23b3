"""What can go wrong when we speak to another system, and what to do then.

Every message begins with the system's name, says what happened, and ends with what a person can do.
No vendor library's own exception leaves its connector.
"""

from collections.abc import Mapping

from store.errors import GiveUp, TryLater


class Unavailable(TryLater):
    """No answer, a garbled one, 429 or 5xx: theirs to mend, ours to wait.

    After a *write* it also means that nobody knows whether the write took place; `sent` says whether
    the request may have reached them (False: the connection was never made, or they answered 429).
    `whole_account` is False where a wait is asked for this one object, and others need not wait.
    """

    def __init__(
        self, message: str, *, after_s: float | None = None, sent: bool = True, whole_account: bool = True
    ) -> None:
        self.sent = sent
        self.whole_account = whole_account
        super().__init__(message, after_s=after_s)


class Conflict(TryLater):
    """409: somebody else wrote meanwhile. Read again, then decide again."""


class Refused(GiveUp):
    """4xx: they understood us and said no. Asking again changes nothing. `status` is their HTTP status.

    `whole_account`: no call at all gets through as we are connected (credentials that open no door, an
    address that leads elsewhere), so nothing is to be held against the object that was asked for.
    `fields`: their words about single fields of what was sent, by the field's id.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        whole_account: bool = False,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.fields = dict(fields or {})
        self.whole_account = whole_account
        super().__init__(message)


class NotFound(Refused):
    """404: the ticket, issue or deal is gone over there, or hidden from us."""


class Unauthorized(Refused):
    """401 or 403: our credentials do not (or no longer) open this door."""
