"""What no view has to think of: numbers that no row can have, and text that no database keeps."""

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter

from plugin.errors import Missing

RAW = ("/webhooks/", "/connect/")
"""Below these, what counts is the body as it came: nothing may read it before its proof was checked."""


class RowNumber(IntegerConverter):
    """`<int:…>` of an address: what does not fit 64 bits, or is not written in ASCII, names nothing."""

    regex = r"[0-9]{1,18}"


def refuse_the_impossible(app: Flask) -> None:
    """Once per app, before its routes: else such a call fails only in the database, and as our fault."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_without_nul)


def row_number(text: str) -> int | None:
    """A number that a form names; None for what no row can have.

    >>> row_number("7"), row_number("²"), row_number("9" * 30)
    (7, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _without_nul() -> None:
    """Postgres keeps no NUL, and nobody types one. Raises Missing and BadRequest."""
    if "\x00" in request.path:
        raise Missing
    if request.path.startswith(RAW):
        return
    for typed in (request.args, request.form):
        if any("\x00" in text for name, texts in typed.lists() for text in (name, *texts)):
            abort(400)
