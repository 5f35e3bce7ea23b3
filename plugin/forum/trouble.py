"""Pages for what went wrong: each says what it was and what one can do."""

from flask import redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from lineage.wording.catalogue import later
from plugin.forum.visits import SignInFirst
from plugin.translating import gettext as _

WORDS: dict[int, tuple[str, str]] = {
    400: (
        later("That form was not ours"),
        later("It was open for too long, or came from another page. Go back and try again."),
    ),
    404: (later("There is nothing here"), later("The post or page does not exist, or it is not public.")),
    405: (later("That is not possible here"), later("Go back to the posts and start from there.")),
    413: (later("That was too much"), later("Make it shorter and send it again.")),
    429: (later("Slowly, please"), later("That was a lot in a short time. Wait a little and try again.")),
}


def sign_in_first(need: SignInFirst) -> Response:
    page = url_for("forum.sign_in", slug=need.slug, then=need.then or None)
    if "HX-Request" in request.headers:  # a script would put the page where the button was
        return Response(status=204, headers={"HX-Redirect": page})
    return redirect(page, 303)


def no_such_forum(_error: LookupError) -> tuple[str, int]:
    return _page(404)


def refused(error: HTTPException) -> Response | tuple[str, int]:
    """Redirects and the like pass as they are."""
    if error.code not in WORDS:
        return error.get_response()
    return _page(error.code)


def _page(status: int) -> tuple[str, int]:
    heading, advice = WORDS[status]
    return render_template("forum/trouble.html", heading=_(heading), advice=_(advice)), status
