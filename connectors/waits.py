"""For how long another system asks us to wait: `Retry-After` in both spellings, and what vendors add."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_S = 86_400.0
"""A vendor's longest window is its day; who asks for more has made a mistake."""


@dataclass(frozen=True, slots=True)
class Wait:
    """`seconds` is what we obey; `asked_s` what was asked for, where that is longer than we believe."""

    seconds: float
    asked_s: float | None = None

    def __str__(self) -> str:
        """The words to add to an error's; empty where the wait is obeyed as it was asked for."""
        if self.asked_s is None:
            return ""
        return f" It asks for a wait of {self.asked_s:.0f} s, which we cut to {self.seconds:.0f} s."


def asked_for(headers: Mapping[str, str], *, now: datetime, longest_s: float = LONGEST_S) -> Wait | None:
    """The wait that these headers (any case) ask for; None where there is none, or it has passed already.

    `retry-after-ms` is OpenAI's, finer; `X-RateLimit-Reset` Jira's, a moment in ISO 8601. `now`: by the
    clock of whoever answered, where it said so, for a moment is meant by that clock.

    >>> asked_for({"Retry-After": "30"}, now=datetime.now(UTC))
    Wait(seconds=30.0, asked_s=None)
    """
    told = {name.lower(): str(value).strip() for name, value in headers.items()}
    now = moment(told.get("date", "")) or now
    readers = (
        _milliseconds(told.get("retry-after-ms", "")),
        _seconds(told.get("retry-after", "")),
        _until(moment(told.get("retry-after", "")), now),
        _until(_iso(told.get("x-ratelimit-reset", "")), now),
    )
    asked_s = next((one for one in readers if one is not None), None)
    if asked_s is None or asked_s <= 0:
        return None
    return Wait(asked_s) if asked_s <= longest_s else Wait(longest_s, asked_s)


def moment(value: str) -> datetime | None:
    """An HTTP date; None for what is none."""
    try:
        at = parsedate_to_datetime(value)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _seconds(value: str) -> float | None:
    return float(value) if value.isascii() and value.isdigit() else None


def _milliseconds(value: str) -> float | None:
    found = _seconds(value)
    return None if found is None else found / 1000


def _iso(value: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _until(at: datetime | None, now: datetime) -> float | None:
    return None if at is None else (at - now).total_seconds()
