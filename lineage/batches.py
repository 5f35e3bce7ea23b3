"""Many ids, a few at a time: databases bound the parameters of one statement."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(things: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Tuples of at most `size` (as itertools.batched, which came with Python 3.12).

    >>> list(batched("abcde", 2))
    [('a', 'b'), ('c', 'd'), ('e',)]
    """
    left = iter(things)
    while chunk := tuple(islice(left, size)):
        yield chunk
