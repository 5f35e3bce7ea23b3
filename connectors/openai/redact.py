"""Takes out of a text what tells who somebody is, before it leaves the house. Pure.

Each thing becomes a placeholder of its kind, `[EMAIL_1]`; the same thing the same one. What stood there
is not kept anywhere.
"""

import re
from collections.abc import Callable
from functools import partial

WORD = r"[^\s@<>(),;:\[\]\"\\]"
EMAIL = re.compile(rf'(?:"[^"\n@]{{1,64}}"|(?<!{WORD}){WORD}++)(?:@{WORD}++)+')
URL = re.compile(r"https?://[^\s<>\"]++", re.IGNORECASE)
TELLING_URL = re.compile(r"[?#].*=|@|/[^/?#]*(?=[^/?#]*\d)[A-Za-z0-9_\-]{20,}")
"""A query or fragment with values, a password, or a long opaque piece: a URL that may open a door."""

IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \-]?[A-Za-z0-9]){11,30}")
CARD = re.compile(r"(?<!\d)\d(?:[ \-]?\d){12,18}(?!\d)")
PHONE = re.compile(r"(?<![\w+])(?:\+|00)?\(?\d(?:[ ().\-/]{0,3}\d){6,16}(?!\w)")
KEY = re.compile(r"(?<![\w\-])(?=[\w\-]*\d)(?=[\w\-]*[A-Za-z])[A-Za-z0-9_\-]{24,}+")
IP = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)")

SHORTEST_IBAN = 15


def redact(text: str) -> str:
    """The text without e-mail and IP addresses, telling URLs, account and card numbers, phones and keys.

    >>> redact("Mail anna@acme.example or call +43 664 1234567, twice: anna@acme.example")
    'Mail [EMAIL_1] or call [PHONE_1], twice: [EMAIL_1]'
    """
    for kind, pattern, telling in KINDS:
        text = pattern.sub(partial(_replaced, kind, telling, {}), text)
    return text


def _replaced(kind: str, telling: Callable[[str], int], names: dict[str, str], match: re.Match[str]) -> str:
    """What was found, with its telling beginning, as long as `telling` says, behind a placeholder."""
    found = match[0]
    length = telling(found)
    if not length:
        return found
    name = names.setdefault(found[:length].lower(), f"[{kind}_{len(names) + 1}]")
    return name + found[length:]


def _all_of(found: str) -> int:
    return len(found)


def _url(found: str) -> int:
    return len(found) if TELLING_URL.search(found, 8) else 0


def _card(found: str) -> int:
    """Card numbers check by Luhn's sum."""
    total = 0
    for place, digit in enumerate(reversed([int(c) for c in found if c.isdigit()])):
        total += sum(divmod(digit * 2, 10)) if place % 2 else digit
    return len(found) if total % 10 == 0 else 0


def _iban(found: str) -> int:
    """Account numbers check by ISO 7064 mod 97; words that follow are not part of one."""
    for end in range(len(found), SHORTEST_IBAN - 1, -1):
        if not found[end - 1].isalnum():
            continue
        plain = "".join(c for c in found[:end] if c.isalnum() and c.isascii()).upper()
        if len(plain) < SHORTEST_IBAN:
            return 0
        if int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1:
            return end
    return 0


def _phone(found: str) -> int:
    """At least nine digits, or seven with a country's prefix: a date has eight."""
    digits = sum(c.isdigit() for c in found)
    return len(found) if digits >= (7 if found.startswith(("+", "00")) else 9) else 0


KINDS: tuple[tuple[str, re.Pattern[str], Callable[[str], int]], ...] = (
    ("URL", URL, _url),
    ("EMAIL", EMAIL, _all_of),
    ("IBAN", IBAN, _iban),
    ("CARD", CARD, _card),
    ("KEY", KEY, _all_of),
    ("IP", IP, _all_of),
    ("PHONE", PHONE, _phone),
)
"""In this order: a URL may hold an address, and a card number looks like a phone."""
