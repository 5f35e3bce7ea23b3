"""An operator's own template, filled with one message: bounded, and held to saying what must be said."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Template, TemplateError

from lineage.wording.markup import blocks, unplaced, visible
from lineage.wording.own_rules import Unusable, check, environment

STARTER = "{{ greeting }}\n\n{{ earlier }}\n\n{{ news }}\n\n{{ page }}\n\n{{ signature }}"
"""The template that says just what ours says."""

LONGEST = 20_000
"""Characters of a finished message; our own wording stands in for one that is longer."""


def own_words(source: str, facts: Mapping[str, Any], pieces: Mapping[str, str]) -> str:
    """The template filled with these facts (`write.facts_of`) and with the pieces of our own letter.

    Raises Unusable, with a sentence that says what to do, for a template that breaks the rules, says
    nothing or too much, or leaves out what the message is about.
    """
    said, length = [], 0
    for piece in _filled(source, _values(facts, pieces)):
        length += len(piece)
        if length > LONGEST:
            raise Unusable(f"It becomes longer than {LONGEST:,} characters: say less.")
        said.append(piece)
    whole = unplaced("".join(said))
    _must_say(whole, facts)
    return whole


def _filled(source: str, values: Mapping[str, Any]) -> Iterator[str]:
    try:
        yield from _compiled(source).generate(values)
    except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError, LookupError) as wrong:
        if isinstance(wrong, Unusable):
            raise
        raise Unusable(f"It cannot be filled in ({wrong}): compare and show only what is there.") from None


ALONE = re.compile(r"^[ \t]*((?:\{%[^\n]*?%\}[ \t]*)+)\n", re.MULTILINE)
"""A line of `if`, `for` or their ends alone: it leaves no blank line behind, which would part a list."""


@lru_cache(maxsize=64)
def _compiled(source: str) -> Template:
    check(source)
    return environment().from_string(ALONE.sub(r"\1", visible(source, but="\n")))


def _values(facts: Mapping[str, Any], pieces: Mapping[str, str]) -> dict[str, Any]:
    """By the names of `own_rules`. All of it is text, numbers, yes and no, and lists of these by name."""
    return {
        **pieces,
        "name": facts["name"],
        "company": facts["sender"],
        "earlier_subject": facts["followup_subject"],
        "page_url": facts["follow_url"],
        "public": facts["public"],
        "everything": facts["everything"],
        "sections": [_section(section) for section in facts["sections"]],
        "corrections": [
            {name: one[name] for name in ("title", "said", "told_on")} for one in facts["retractions"]
        ],
    }


def _section(section: Mapping[str, Any]) -> dict[str, Any]:
    same = ("about", "asked_on", "delivered", "standing", "final")
    return {name: section[name] for name in same} | {
        "by_vote": section["asked_how"] == "vote",
        "count": section["parts"],
        "page_url": section["follow_url"],
        "parts": [
            {"title": line["title"], "mark": line["mark"], "state": line["state"], "new": line["fresh"]}
            for line in section["lines"]
        ],
    }


def _must_say(whole: str, facts: Mapping[str, Any]) -> None:
    """A message that names less than it is owed for would count as told: it is not sent."""
    plain = _plain(whole)
    if not plain:
        raise Unusable("It says nothing: use {{ news }}.")
    titles = [line["title"] for section in facts["sections"] for line in section["lines"]]
    titles += [one["title"] for one in facts["retractions"]]
    if any(_plain(title) not in plain for title in titles):
        raise Unusable(
            "It must name everything it tells of: use {{ news }}, or name every part of a section."
        )
    if _plain(facts["followup_subject"]) not in plain:
        raise Unusable("It must say which earlier request it answers: use {{ earlier }}.")
    links = {facts["follow_url"], *(section["follow_url"] for section in facts["sections"])} - {""}
    if not all(_ends_with_its_links(line, links) for block in blocks(whole) for line in block):
        raise Unusable("The address of a page must end its paragraph: nothing may follow {{ page_url }}.")


def _ends_with_its_links(line: str, links: Collection[str]) -> bool:
    """Only there it can be clicked, and left out where others read the message."""
    *words, last = line.split(" ")
    inside = any(link in word for word in words for link in links)
    return not inside and (last in links or not any(link in last for link in links))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()
