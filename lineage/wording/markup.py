"""Paragraphs and lists, as plain text and as HTML that says the same."""

import html
import re
import unicodedata
from collections.abc import Collection

from lineage.wording.telling import MARKS, PENDING_MARK

LIST_MARKS = frozenset({*MARKS.values(), PENDING_MARK})
REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Invisible characters that would turn the direction of what follows them."""

FOLLOW_LINK = re.compile(r"/r/[\w-]{48}$")
"""The end of a paragraph that leads to a requester's own page."""

Block = tuple[str, ...]
"""The lines of one paragraph (one line) or list (each begins with its mark)."""


def one_line(value: str) -> str:
    r"""A value from outside as one line that cannot break out of its place.

    Zendesk fills placeholders such as `{{ticket.id}}` in comments: a title or a name must not be one.

    >>> one_line("PDF\n\n export of {{ticket.id}}")
    'PDF export of { {ticket.id}}'
    """
    return unplaced(" ".join(visible(value).split()))


def visible(text: str, *, but: str = "") -> str:
    """Without what nobody sees: control characters (`but` these) become spaces, what turns text goes."""
    return "".join(
        " " if c not in but and unicodedata.category(c) in {"Cc", "Cs"} else c
        for c in text
        if c not in REORDERING
    )


def unplaced(text: str) -> str:
    """Without anything that Zendesk would take for a placeholder and fill in."""
    return re.sub(r"\{(?=[{%#])", "{ ", text)


def blocks(rendered: str, joint: str = " ") -> list[Block]:
    """What a template gave: blank lines part blocks, lines of a paragraph are joined, lists stay."""
    found: list[Block] = []
    for chunk in re.split(r"\n\s*\n", rendered.strip()):
        lines = [line.strip() for line in chunk.split("\n") if line.strip()]
        found.append(tuple(lines) if _is_list(lines) else (joint.join(lines),))
    return found


def as_text(parts: list[Block]) -> str:
    return "\n\n".join("\n".join(block) for block in parts)


def as_html(parts: list[Block], *, links: Collection[str] = ()) -> str:
    """Everything is escaped; only one of `links`, where a paragraph ends with it, can be clicked."""
    return "\n".join(_list(block) if _is_list(block) else _paragraph(block[0], links) for block in parts)


def without_links(text: str) -> str:
    r"""A message without the paragraphs that lead to a requester's page.

    >>> without_links("It is ready.\n\nSee here: https://ask.example/r/" + "a" * 48)
    'It is ready.'
    """
    return "\n\n".join(block for block in text.split("\n\n") if not FOLLOW_LINK.search(block))


def _is_list(lines: list[str] | Block) -> bool:
    return all(line.split(" ", 1)[0] in LIST_MARKS for line in lines)


def _list(block: Block) -> str:
    """Lines, not a list: each begins with its own mark, and a bullet before it would say nothing."""
    return "<p>" + "<br>".join(html.escape(line) for line in block) + "</p>"


def _paragraph(line: str, links: Collection[str]) -> str:
    link = next((link for link in links if f" {line}".endswith(f" {link}")), None)
    if link is None:
        return f"<p>{html.escape(line)}</p>"
    address = html.escape(link)
    return f'<p>{html.escape(line.removesuffix(link))}<a href="{address}">{address}</a></p>'
