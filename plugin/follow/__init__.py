"""Where did my request go: the requester's own page, without an account, a script or a cookie."""

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from plugin.follow import no_longer, no_news, not_meant, page, trouble
from plugin.pages import POLICY

routes = Blueprint("follow", __name__, url_prefix="/r/<token>")

routes.get("", endpoint="page")(page.show)
routes.get("/no-longer", endpoint="no_longer")(no_longer.ask)
routes.post("/no-longer", endpoint="withdraw")(no_longer.withdraw)
routes.post("/after-all", endpoint="resume")(no_longer.resume)
routes.get("/no-news", endpoint="no_news")(no_news.ask)
routes.post("/no-news", endpoint="stop")(no_news.stop)
routes.post("/news", endpoint="hear_again")(no_news.resume)
routes.get("/not-meant", endpoint="not_meant")(not_meant.ask)
routes.post("/not-meant", endpoint="send")(not_meant.send)

routes.register_error_handler(HTTPException, trouble.refused)


@routes.after_request
def keep_to_the_reader(response: Response) -> Response:
    """The address is the key: it goes into no cache, no search engine, and no other site's log."""
    response.headers.update(
        {
            "Cache-Control": "no-store",
            "Content-Security-Policy": POLICY,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex, nofollow",
        }
    )
    return response
