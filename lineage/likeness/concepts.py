"""What is meant, however it is said: a small thesaurus of business software in the six languages. Pure.

It is what lets a ticket in German meet an issue in English where no model is connected.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from lineage.likeness.tokens import JAPANESE, LONGEST_TEXT, Token, folded, lines_of

LONGEST_PHRASE = 4
SHORTEST_BEGINNING = 3


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """Forms, each with the concepts that it may mean. `phrases` by their words; `japanese` found anywhere."""

    words: Mapping[str, tuple[str, ...]]
    beginnings: Mapping[str, tuple[str, ...]]
    phrases: Mapping[tuple[str, ...], tuple[str, ...]]
    japanese: Mapping[str, tuple[str, ...]]


@cache
def thesaurus() -> Thesaurus:
    kinds: dict[str, dict[str, list[str]]] = {"words": {}, "beginnings": {}, "phrases": {}, "japanese": {}}
    for line in lines_of("concepts.txt"):
        name, _, forms = line.partition(":")
        for form in forms.split():
            plain = folded(unicodedata.normalize("NFKC", form))
            kinds[_kind(plain)].setdefault(plain.rstrip("*"), []).append(name)
    words, beginnings, phrases, japanese = (
        {form: tuple(names) for form, names in forms.items()} for forms in kinds.values()
    )
    return Thesaurus(words, beginnings, {tuple(k.split("_")): v for k, v in phrases.items()}, japanese)


def concepts(text: str, said: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Each concept that the text names, with the word that names it.

    >>> from lineage.likeness.tokens import tokens
    >>> sorted({name for name, _ in concepts("", tokens("Rechnung als PDF herunterladen"))})
    ['bill', 'download', 'pdf']
    """
    for at in range(len(said)):
        yield from _beginning_at(said, at)
    known = thesaurus()
    for run in JAPANESE.findall(unicodedata.normalize("NFKC", text[:LONGEST_TEXT])):
        for form in known.japanese:
            if form in run:
                yield from ((name, form) for name in known.japanese[form])


def _beginning_at(said: Sequence[Token], at: int) -> Iterator[tuple[str, str]]:
    """What the word at this place names, or the phrase that begins there."""
    known, one = thesaurus(), said[at]
    beginnings = (one.folded[:length] for length in range(SHORTEST_BEGINNING, len(one.folded) + 1))
    for names in (known.words.get(one.folded, ()), *(known.beginnings.get(b, ()) for b in beginnings)):
        yield from ((name, one.said) for name in names)
    for length in range(2, LONGEST_PHRASE + 1):
        phrase = said[at : at + length]
        for name in known.phrases.get(tuple(word.folded for word in phrase), ()):
            yield name, " ".join(word.said for word in phrase)


def _kind(form: str) -> str:
    if JAPANESE.search(form):
        return "japanese"
    if form.endswith("*"):
        return "beginnings"
    return "phrases" if "_" in form else "words"
