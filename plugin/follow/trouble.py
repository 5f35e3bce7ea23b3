"""A link that opens nothing, and forms that were not taken: one plain page, in the browser's language."""

from flask import render_template
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from plugin.follow.languages import preferred, words_in


def dead_link() -> tuple[str, int]:
    """The same for what was never a link, was revoked, or belongs to nobody any more."""
    words = words_in(preferred())
    return _page(words.dead, words.dead_advice), 404


def refused(error: HTTPException) -> Response | tuple[str, int]:
    """Redirects and the like pass as they are."""
    words = words_in(preferred())
    if error.code == 400:
        return _page(words.stale, words.stale_advice), 400
    if error.code == 429:
        return _page(words.too_often, words.too_often_advice), 429
    if error.code in (404, 405, 413):
        return _page(words.dead, words.dead_advice), error.code
    return error.get_response()


def _page(heading: str, advice: str) -> str:
    return render_template(
        "follow/trouble.html", w=words_in(preferred()), company="", heading=heading, advice=advice
    )
