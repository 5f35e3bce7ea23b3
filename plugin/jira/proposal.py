"""Which part somebody may have meant, from their words: a proposal, which a person takes or leaves."""

import re
from collections.abc import Mapping

SHORTEST, LOOSE = 4, 4


def propose(said: str, parts: Mapping[str, str]) -> str:
    """The part whose words are met most by what was said; empty where none is, or two are alike.

    `parts`: each part's words by its name. A word meets one that begins like it.

    >>> propose("We export 300 reports", {"1": "Export one report", "2": "Send it every Monday"})
    '1'
    >>> propose("Please hurry", {"1": "Export one report", "2": "Send it every Monday"})
    ''
    """
    theirs = words(said)
    telling = {name: words(text) for name, text in parts.items()}
    points = {
        name: sum(1 for word in of - _shared(telling, name) if any(alike(word, one) for one in theirs))
        for name, of in telling.items()
    }
    best = max(points.values(), default=0)
    first = [name for name, number in points.items() if number == best]
    return first[0] if best and len(first) == 1 else ""


def _shared(telling: Mapping[str, set[str]], name: str) -> set[str]:
    """Words that every part has tell none of them from another."""
    others = [of for other, of in telling.items() if other != name]
    return set.intersection(telling[name], *others) if others else set()


def words(text: str) -> set[str]:
    """The words of a text that are long enough to mean something."""
    return set(re.findall(rf"[^\W\d_]{{{SHORTEST},}}", text.casefold()))


def alike(one: str, other: str) -> bool:
    """Whether the longer of two words begins with the shorter, give or take an ending."""
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) <= LOOSE and long.startswith(short)
