"""Lines of a table that a spreadsheet will open."""

import re
from collections.abc import Iterable
from decimal import Decimal

COMMANDS = "=+-@\t\r\n＝＋－＠"
"""With what a cell begins that a spreadsheet would run as a formula (OWASP, "CSV Injection")."""

SEPARATORS = ',;\t|"\r\n'
"""After each of these a cell may begin inside of a text: in many languages a spreadsheet separates lists with
a semicolon, and then neither our commas nor our quotes mean anything to it.
"""

_BEGINNING = re.compile(rf"(^|[{SEPARATORS}])(?= *[{re.escape(COMMANDS)}])|([,;\t|\r\n])(?=\Z)")
"""Also after a separator at the very end: the quote that ends our text would begin one there."""


def line(cells: Iterable[object]) -> str:
    r"""One line of a CSV: numbers as they are, all else as text that is `harmless`.

    >>> line(["KS-1", 3, Decimal("-2.50"), "=1", "one; two"])
    'KS-1,3,-2.50,\'=1,"one; two"\r\n'
    """
    return ",".join(_written(cell) for cell in cells) + "\r\n"


def _written(cell: object) -> str:
    """A text in which a cell may begin is quoted: also for who takes several separators at once."""
    if isinstance(cell, int | float | Decimal):
        return str(cell)
    text = harmless(str(cell))
    if any(one in text for one in SEPARATORS):
        return '"{}"'.format(text.replace('"', '""'))
    return text


def harmless(text: str) -> str:
    r"""What would be run as a formula is marked as text, also where a cell may begin within.

    >>> harmless('=HYPERLINK("http://x")'), harmless("a-b"), harmless("Export; =1+1")
    ('\'=HYPERLINK("http://x")', 'a-b', "Export;' =1+1")
    """
    return _BEGINNING.sub(r"\g<0>'", text)
