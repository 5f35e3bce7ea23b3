"""What a text is made of, for comparing: its words, what they mean, and pieces of them. Pure.

A feature is a number of 32 bits: nobody can read a word out of it.
"""

import zlib
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

from lineage.likeness.concepts import concepts
from lineage.likeness.tokens import Token, telling, tokens

GRAM = 4
SHORTEST_CUT = 6


class Kind(StrEnum):
    """A stem; a concept of the thesaurus; four letters in a row of a long word, for slips and compounds."""

    WORD = "w"
    MEANING = "m"
    PIECE = "p"


def feature(kind: Kind, what: str) -> int:
    """Its number."""
    return zlib.crc32(f"{kind}:{what}".encode())


def features(text: str) -> Mapping[Kind, Counter[int]]:
    """How often each feature is there, by its kind."""
    said, words = tokens(text), telling(text)
    return {
        Kind.WORD: Counter(feature(Kind.WORD, one.stem) for one in words),
        Kind.MEANING: Counter(feature(Kind.MEANING, name) for name, _ in concepts(text, said)),
        Kind.PIECE: Counter(feature(Kind.PIECE, piece) for one in words for piece in pieces(one)),
    }


def pieces(word: Token) -> list[str]:
    """
    >>> from lineage.likeness.tokens import tokens
    >>> pieces(tokens("password")[0])
    ['pass', 'assw', 'sswo', 'swor', 'word']
    """
    plain = word.folded
    if len(plain) < SHORTEST_CUT:
        return []
    return [plain[begin : begin + GRAM] for begin in range(len(plain) - GRAM + 1)]
