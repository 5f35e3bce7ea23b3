"""By what the board ranks items, and in which order."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias, get_args

Measure: TypeAlias = Literal["score", "requesters", "companies", "votes", "customer", "pipeline", "oldest"]
MEASURES: Sequence[Measure] = get_args(Measure)
COLUMNS: Mapping[str, str] = {name: name for name in MEASURES} | {
    "score": "score_hundredths",
    "oldest": "oldest_at",
}
RISING: frozenset[str] = frozenset({"oldest"})
"""Who waited longest comes first; of all else the most does."""


def order_of(measure: str) -> Sequence[str]:
    """The columns that put a ranking in order, all of them falling or all rising: no two items are alike.

    >>> order_of("votes")
    ('votes', 'score_hundredths', 'item_id')
    >>> order_of("score")
    ('score_hundredths', 'item_id')
    """
    return tuple(dict.fromkeys((COLUMNS[measure], "score_hundredths", "item_id")))
