"""What is told in one message: all of a lane, but in public only what was asked for there.

A post is read by everybody. What its voter asked for elsewhere, in a ticket that is deleted or in an
interview, is nobody's business there, and what was asked for on another post is said on that one.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Row

from lineage.news import Owed
from lineage.recipients import Place
from lineage.votes import PUBLIC


def together(
    facts: Sequence[Owed], request_of: Callable[[Owed], Row[Any]], place_of: Callable[[Sequence[Owed]], Place]
) -> list[tuple[Sequence[Owed], Place]]:
    """The facts of each message and where it goes, those that are said in public first.

    What is told there anyhow is told for what was asked elsewhere, too: that needs no message of its own.
    """
    place = place_of(facts)
    if place.state is not None or not place.place.startswith(PUBLIC):
        return [(facts, place)]
    said: dict[str, list[Owed]] = {}
    elsewhere: list[Owed] = []
    for fact in facts:
        where = request_of(fact).reply_to
        (said.setdefault(where, []) if where.startswith(PUBLIC) else elsewhere).append(fact)
    left: list[Owed] = []
    for fact in elsewhere:
        there = next((known for known in said.values() if any(_same(fact, one) for one in known)), left)
        there.append(fact)
    return [(told, place_of(told)) for told in (*said.values(), left) if told]


def _same(fact: Owed, other: Owed) -> bool:
    """Whether it is the same that happened, for whichever ask."""
    return (fact.item, fact.own, fact.happened, fact.kind, fact.told) == (
        other.item, other.own, other.happened, other.kind, other.told,
    )  # fmt: skip
