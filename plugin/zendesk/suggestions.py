"""What an unlinked ticket may be about: issues that others asked for in the same words.

Only shared words, for now: each suggestion names them, so that an agent can judge at a glance.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from lineage import questions
from lineage.questions.views import DemandView
from lineage.terms import ItemId
from plugin.forum.words import folded
from plugin.zendesk.asked import asked
from store.workspaces import Workspace

MOST = 5
CONSIDERED = 500
COMMON_WORDS = """
    and are but can could for from have how not our please that the their this was when with would you your
    aber das dem den der des die ein eine für hat ich ist kann mit nach nicht sie sind und von wie wir wird
"""
COMMON = frozenset(COMMON_WORDS.split())


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`why` is the reason in words."""

    demand: DemandView
    why: str


def suggestions(
    conn: Connection, workspace: Workspace, ticket: str, linked: Collection[ItemId]
) -> tuple[Suggestion, ...]:
    """The best few, those that share most words first; of equals, the one that counts more."""
    known = asked(conn, workspace, ticket)
    return by_words(conn, workspace, f"{known.subject} {known.words}", linked) if known else ()


def by_words(
    conn: Connection, workspace: Workspace, text: str, linked: Collection[ItemId] = ()
) -> tuple[Suggestion, ...]:
    """Issues that share words with `text`, leaving out those already `linked`."""
    said = words(text)
    found: list[tuple[int, Suggestion]] = []
    for demand in questions.ranking(conn, workspace, top=CONSIDERED):
        if demand.item.id in linked:
            continue
        shared = same_words(said, words(f"{demand.item.summary} {demand.item.public_title or ''}"))
        if shared:
            found.append((len(shared), Suggestion(demand, f"same words: {', '.join(shared)}")))
    found.sort(key=lambda one: -one[0])  # the ranking's order stays among equals
    return tuple(suggestion for _, suggestion in found[:MOST])


def words(text: str) -> list[str]:
    """The telling words of a text, once each, in its order.

    >>> words("Please export the reports, export!")
    ['export', 'reports']
    """
    found = re.findall(r"[^\W\d_]{3,}|\d{2,}", folded(text))
    return list(dict.fromkeys(word for word in found if word not in COMMON))


def same_words(said: Collection[str], theirs: Collection[str]) -> list[str]:
    """Words of `theirs` that begin like one of `said`: 'exporting' meets 'export', 'bus' not 'business'.

    >>> same_words(["exporting", "pdf", "bus"], ["export", "to", "pdf", "business"])
    ['export', 'pdf']
    """
    return [word for word in theirs if any(_alike(word, other) for other in said)]


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= 4 and len(long) - len(short) <= 4 and long.startswith(short))
