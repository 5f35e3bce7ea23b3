"""The body of an answer, read within a size and a time.

Whoever answers may drip a byte now and then, or never end: neither may fill our memory or hold a worker.
"""

import time
from collections.abc import Iterable, Iterator
from typing import Protocol

LARGEST_BYTES = 8 * 1024 * 1024
SLOWEST_S = 60.0
PIECE = 64 * 1024


class UnboundedError(Exception):
    """More came than we take, or it came too slowly. What was read is dropped."""


class Raw(Protocol):
    """A body that has not been read, as urllib3 has it."""

    def read1(self, amt: int | None = None, decode_content: bool | None = None) -> bytes: ...


def pieces(raw: Raw) -> Iterator[bytes]:
    """What is there, as it comes: `stream` would wait until a whole piece is, however long that takes."""
    return iter(lambda: raw.read1(PIECE, decode_content=True), b"")


def whole(pieces: Iterable[bytes], *, started: float, slowest_s: float | None = None) -> bytes:
    """All pieces, as they come. `started`: by `time.monotonic`; `slowest_s`: where somebody waits for less.

    Raises UnboundedError.
    """
    limit_s = SLOWEST_S if slowest_s is None else slowest_s
    found, length = [], 0
    for piece in pieces:
        length += len(piece)
        if length > LARGEST_BYTES:
            raise UnboundedError(f"an answer of more than {LARGEST_BYTES // 1024 // 1024} MB")
        if time.monotonic() - started > limit_s:
            raise UnboundedError(f"an answer that took longer than {limit_s:.0f} s")
        found.append(piece)
    return b"".join(found)
