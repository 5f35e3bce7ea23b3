"""What left, as it left."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Sent:
    """One message as it left."""

    to: str
    kind: str
    place: str
    text: str


def to(sent: Iterable[Sent]) -> list[tuple[str, str]]:
    """Who heard which kind of news."""
    return sorted((one.to, one.kind) for one in sent)
