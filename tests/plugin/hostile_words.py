"""What is sent by people who want to break something, and where it can be put."""

import re
from collections.abc import Iterator, Mapping
from random import Random

from werkzeug.routing import Rule

NUMBERS = ("0", "-1", "1.5", "9" * 25, "9" * 5000, "%D9%A3", "%C2%B2", "1%00")
WORDS = ("%00", "a%00b", "%FF", "%ED%A0%80", "%2e%2e%2fx", "%5c", "%0d%0aSet-Cookie:x", "ACME", "a" * 3000,
         "'--", "%7B%7B7*7%7D%7D", "%20")  # fmt: skip
VALUES = (
    "", "\x00", "a\x00b", "\ud800", "-1", "0", "²", "9" * 25, "9" * 5000, "x" * 30_000, "\u202e", "../..",
    "//evil.example", "https://evil.example", "\r\nX: y", "<script>alert(1)</script>", "'--", "{{7*7}}",
    "yes", "all", "1@0", "²@0", f"{'9' * 25}@0", "publish", "x.y.z", "ana@acme.example",
)  # fmt: skip
FIELDS = (
    "issue", "ask", "keep", "kept", "click", "part", "all", "own", "title", "digest", "keeps", "notice",
    "verdict", "reason", "email", "then", "name", "words", "form", "why", "back", "q", "sort", "page",
    "tries", "close", "own_title", "find", "search", "use", "more",
    "propose", "seen", "want-1", "from", "token", "jwt", "issueId", "dead",
)  # fmt: skip
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"HX-Request": "true", "Accept-Language": "../../../etc, *;q=9, " + "x-" * 500},
    {"Accept-Language": "root, und, tlh, en-US-u-nu-arab", "Host": "evil.example"},
    {"X-Forwarded-For": "127.0.0.1, \x7f, '--", "X-Forwarded-Host": "evil.example", "Range": "bytes=9-1"},
)

Form = list[tuple[str, str]]


def address(rule: Rule, places: Mapping[str, str]) -> str:
    """The path of a route, with `places` where it has something to fill in; else 1."""
    return re.sub(r"<(?:[^<>]+:)?(\w+)>", lambda named: places.get(named[1], "1"), rule.rule)


def paths(rule: Rule, places: Mapping[str, str]) -> Iterator[str]:
    """One thing in it is nasty, the others are good."""
    for name in sorted(rule.arguments):
        for nasty in NUMBERS if f"int:{name}>" in rule.rule else WORDS:
            yield address(rule, {**places, name: nasty})


def forms(chance: Random, good: Mapping[str, str], *, how_many: int) -> Iterator[Form]:
    """Mostly what a page of ours would send, so that the view goes on; the rest nasty, or left out."""
    for _ in range(how_many):
        yield [
            (name, good[name] if name in good and chance.random() < 0.8 else chance.choice(VALUES))
            for name in FIELDS
            if name in good or chance.random() < 0.6
        ]
