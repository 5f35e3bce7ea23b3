"""What is other in two texts, word by word or line by line, for a person to read."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal, TypeAlias

Piece: TypeAlias = tuple[Literal["same", "gone", "new"], str]

MOST_WORDS = 1500
"""Longer texts are compared by line: by word it would take seconds."""


@lru_cache(maxsize=512)
def pieces(before: str, now: str, *, by_line: bool = False) -> tuple[Piece, ...]:
    """The pieces of both, in order; those that are `same` and `new` make `now`.

    >>> pieces("It is done.", "It is out.")
    (('same', 'It is '), ('gone', 'done.'), ('new', 'out.'))
    """
    parts = re.compile(r"[^\n]*\n|[^\n]+") if by_line else re.compile(r"\s+|\S+")
    old, new = parts.findall(before), parts.findall(now)
    if not by_line and max(len(old), len(new)) > MOST_WORDS:
        return pieces(before, now, by_line=True)
    return tuple(_pieces(old, new))


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield "same", "".join(new[k:m])
            continue
        if i < j:
            yield "gone", "".join(old[i:j])
        if k < m:
            yield "new", "".join(new[k:m])
