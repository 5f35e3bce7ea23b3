"""What members write, made fit to show: tidy text in, harmless HTML out."""

import html
import re
import unicodedata

import nh3
from markdown_it import MarkdownIt

LONGEST_TITLE = 120
LONGEST_WORDS = 4000

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "code", "pre", "blockquote", "a"}
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
JOINERS = {"\u200c", "\u200d"}  # Persian, Hindi and emoji need them

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
    ["heading", "lheading", "image", "hr", "html_block", "html_inline"]
)


def one_line(typed: str) -> str:
    """A title or a name: one line, no control characters, no marks that turn the reading direction."""
    return " ".join(tidy(typed).split())


def tidy(typed: str) -> str:
    """Text in NFC with Unix line ends, without what cannot be seen, and without blank ends."""
    text = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in text if c in "\n\t" or c in JOINERS or _seen(c)).strip()


def as_html(words: str) -> str:
    """Markdown as HTML that holds nothing but text, lists, quotes, code and links that earn no rank.

    >>> as_html("*soon* <b>bold</b>")
    '<p><em>soon</em> &lt;b&gt;bold&lt;/b&gt;</p>'
    """
    return harmless(_markdown.render(words)).strip()


def harmless(markup: str) -> str:
    """HTML without anything but what `TAGS` allows."""
    return nh3.clean(
        markup,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener noreferrer",
    )


def excerpt(words: str, longest: int = 180) -> str:
    """The beginning, as plain text of one line."""
    plain = html.unescape(nh3.clean(_markdown.render(words), tags=set()))
    line = " ".join(plain.split())
    if len(line) <= longest:
        return line
    return line[:longest].rsplit(" ", 1)[0].rstrip(",.;:") + " …"


def folded(text: str) -> str:
    """For comparing: case, width and accents do not matter."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def stems(text: str, most: int = 6) -> list[str]:
    """The longest few words of a text, cut so that 'exports' and 'exporting' meet.

    >>> stems("Please export the Reports")
    ['plea', 'expo', 'repo', 'the']
    """
    found = dict.fromkeys(word for word in re.findall(r"\w+", folded(text)) if len(word) > 2)
    cut = dict.fromkeys(word if len(word) < 5 else word[: max(4, len(word) * 2 // 3)] for word in found)
    return sorted(cut, key=len, reverse=True)[:most]


def _seen(character: str) -> bool:
    return unicodedata.category(character) not in UNSEEN
