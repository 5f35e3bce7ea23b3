"""One call that a vendor made, as far as its proof is about it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from werkzeug.datastructures import Headers


@dataclass(frozen=True, slots=True)
class Call:
    """`url`: the address that the vendor was given, never what the caller says it called; `body`: raw."""

    url: str
    headers: Headers
    body: bytes
    now: datetime

    def header(self, name: str) -> str:
        """Empty where it is missing."""
        return self.headers.get(name) or ""


class Ear(Protocol):
    """What is particular to one vendor's calls: a module of this folder has these."""

    def proven(self, call: Call, secrets: Sequence[str]) -> bool:
        """Whether the vendor made this very call, not too long ago, with one of these secrets."""

    def delivery_id(self, call: Call) -> str:
        """What tells this delivery from every other, and is the same when it is repeated."""


def digest(*parts: bytes) -> str:
    """For deliveries that have no number: equal ones are the same one."""
    return hashlib.sha256(b"\n".join(parts)).hexdigest()
