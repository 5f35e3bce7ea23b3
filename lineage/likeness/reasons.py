"""Why an item sounds like a text: which of the text's own words, and which earlier requests."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection

from lineage.likeness import documents
from lineage.likeness.concepts import concepts
from lineage.likeness.documents import Said
from lineage.likeness.tokens import telling, tokens
from lineage.terms import ItemId

WORDS, EARLIER, NEWEST, QUOTE = 4, 1, 50, 70


@dataclass(frozen=True, slots=True)
class Earlier:
    """A request for the item that said the same: the number of its ticket, and what it said, shortened."""

    ticket: str
    quote: str


@dataclass(frozen=True, slots=True)
class Reason:
    """`words` are the text's own; `literal`: the item has them too, else it has others that mean the same."""

    words: tuple[str, ...]
    literal: bool
    earlier: tuple[Earlier, ...]


def reason(conn: Connection, workspace_id: int, text: str, item: ItemId) -> Reason:
    """Read from the words of the item and its newest requests."""
    said = documents.asked(conn, workspace_id, item, newest=NEWEST)
    own = documents.own_texts(conn, workspace_id, [item]).get(item, "")
    theirs = "\n".join([own, *(one.text for one in said)])
    literal = _same_words(text, theirs)
    words = literal or _same_meaning(text, theirs)
    return Reason(tuple(words[:WORDS]), bool(literal), _earlier(text, said))


def _same_words(text: str, theirs: str) -> list[str]:
    """The longest first: they tell most."""
    there = {one.stem for one in telling(theirs)}
    found = dict.fromkeys(one.said.lower() for one in telling(text) if one.stem in there)
    return sorted(found, key=len, reverse=True)


def _same_meaning(text: str, theirs: str) -> list[str]:
    there = {name for name, _ in concepts(theirs, tokens(theirs))}
    return list(dict.fromkeys(word.lower() for name, word in concepts(text, tokens(text)) if name in there))


def _earlier(text: str, said: list[Said]) -> tuple[Earlier, ...]:
    """The tickets that share most with the text, if two words at least."""
    mine = {one.stem for one in telling(text)} | {name for name, _ in concepts(text, tokens(text))}
    found = []
    for one in said:
        kind, _, number = one.origin.rpartition(":")
        if kind == "zendesk:ticket":
            quote, shared = max(((part, _shared(mine, part)) for part in _sentences(one.text)), key=_second)
            if shared >= 2:
                found.append((shared, number, quote))
    found.sort(key=lambda each: (-each[0], each[1]))
    return tuple(Earlier(number, _short(quote)) for _, number, quote in found[:EARLIER])


def _second(pair: tuple[str, int]) -> int:
    return pair[1]


def _shared(mine: set[str], part: str) -> int:
    stems = {one.stem for one in telling(part)}
    return len(mine & (stems | {name for name, _ in concepts(part, tokens(part))}))


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?。])\s+|\n+", text) if part.strip()] or [""]


def _short(quote: str) -> str:
    plain = " ".join(quote.split())
    return plain if len(plain) <= QUOTE else plain[: QUOTE - 1].rstrip() + "…"
