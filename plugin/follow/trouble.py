"""A link that opens nothing, and forms that were not taken: one plain page, in the browser's language."""

from flask import render_template
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from plugin.translating import accepted, speak
from plugin.translating import gettext as _


def dead_link() -> tuple[str, int]:
    """The same for what was never a link, was revoked, or belongs to nobody any more."""
    speak(accepted())
    advice = _(
        "It may be incomplete, or have been replaced by a newer one. "
        "You find the newest in what we wrote to you last."
    )
    return _page(_("This link leads nowhere"), advice), 404


def refused(error: HTTPException) -> Response | tuple[str, int]:
    """Redirects and the like pass as they are."""
    speak(accepted())
    if error.code == 400:
        advice = _("Go back to your page and try again.")
        return _page(_("This form is no longer good"), advice), 400
    if error.code == 429:
        return _page(_("That was a little too often"), _("Wait a while, then try again.")), 429
    if error.code in (404, 405, 413):
        return dead_link()[0], error.code
    return error.get_response()


def _page(heading: str, advice: str) -> str:
    return render_template("follow/trouble.html", company="", heading=heading, advice=advice)
