"""Cells of a table that a spreadsheet will open."""

COMMANDS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With what a cell begins that a spreadsheet would run as a formula (OWASP, "CSV Injection")."""


def harmless(cell: object) -> str:
    r"""What stands in the cell; text that would be run is marked as text.

    >>> harmless('=HYPERLINK("http://x")'), harmless(-3), harmless("a-b")
    ('\'=HYPERLINK("http://x")', '-3', 'a-b')
    """
    text = str(cell)
    runs = isinstance(cell, str) and text.lstrip(" ").startswith(COMMANDS)
    return f"'{text}" if runs else text
