"""JSON of others made fit to keep: half a character, and NUL, are in some texts, and in no database."""

import re

ODD = re.compile(
    rb"""\\(?: u[dD][89abAB][0-9a-fA-F]{2} \\u[dD][c-fC-F][0-9a-fA-F]{2}  # both halves: a character
             | (?P<escaped> u(?: [dD][89a-fA-F][0-9a-fA-F]{2} | 0000 ))
             | . )
       | (?P<plain> \xed[\xa0-\xbf][\x80-\xbf] )""",
    re.VERBOSE | re.DOTALL,
)


def keepable(json: bytes) -> bytes:
    r"""The same JSON, with U+FFFD where a text holds what neither UTF-8 nor Postgres takes.

    Such halves come from whoever cuts a text to length between them; without this, one of them would keep
    a whole ticket or issue from being read.

    >>> keepable(rb'"cut \ud83d, whole \ud83d\ude00, a path C:\\ud83d"')
    b'"cut \\ufffd, whole \\ud83d\\ude00, a path C:\\\\ud83d"'
    """
    return ODD.sub(_mended, json) if b"\\u" in json or b"\xed" in json else json


def _mended(odd: re.Match[bytes]) -> bytes:
    if odd["escaped"]:
        return rb"\ufffd"
    return "\ufffd".encode() if odd["plain"] else odd[0]
