"""Lines of a table that a spreadsheet will open."""

import csv
import io
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
    r"""One line of a CSV: numbers as they are, all else as quoted text that is `harmless`.

    >>> line(["KS-1", 3, Decimal("-2.50"), "=1"])
    '"KS-1",3,-2.50,"\'=1"\r\n'
    """
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_NONNUMERIC).writerow(
        [cell if isinstance(cell, int | float | Decimal) else harmless(str(cell)) for cell in cells]
    )
    return written.getvalue()


def harmless(text: str) -> str:
    r"""What would be run as a formula is marked as text, also where a cell may begin within.

    >>> harmless('=HYPERLINK("http://x")'), harmless("a-b"), harmless("Export; =1+1")
    ('\'=HYPERLINK("http://x")', 'a-b', "Export;' =1+1")
    """
    return _BEGINNING.sub(r"\g<0>'", text)
