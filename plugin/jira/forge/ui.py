"""A page of the Forge app asks for a screen, or acts on one.

Each call proves anew who reads what, so nothing is kept in the page. The views are those of a Connect frame:
they are called from within, as the reader that Forge's token names.
"""

from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, Response, current_app, make_response, render_template, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response as Plain

from lineage.terms import ItemId
from plugin import app_state, bearer, errors, frames, identity
from plugin.board import as_csv
from plugin.errors import Missing, NotAllowed
from plugin.identity import Engineer
from plugin.jira import access, board, context, setup
from plugin.jira.forge import calls, installed
from plugin.jira.forge.installed import Installed
from plugin.translating import gettext as _
from store import workspaces
from store.database import reading
from store.errors import GiveUp, TryLater
from store.workspaces import Workspace

routes = Blueprint("ui", __name__)

SETUP, BOARD = "kithspark-admin", "kithspark-board"
HTMX = ("HX-Retarget", "HX-Reswap", "HX-Trigger", "HX-Refresh")
"""What a screen may say besides its words."""


class Wish(BaseModel):
    """What the page wants: a path below its issue (none: the whole panel), and a form as htmx sends it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    method: str = Field("GET", pattern="^(GET|POST)$")
    path: str = Field("", max_length=2_000)
    form: str = Field("", max_length=200_000)
    language: str = Field("", max_length=40, pattern=r"^[\w-]*$")


@routes.post("/ui")
@identity.proves("forge")
def ui() -> Response:
    """Always 200 for a call that is proven, because Forge shows a page nothing of any other answer."""
    with calls.proven() as call:
        invocation, site = call.invocation, call.site
    try:
        wish = Wish.model_validate_json(request.get_data(cache=False))
        account = invocation.account_id
        if account is None:
            raise NotAllowed(_("Sign in to Jira to see who is waiting for this issue."))
        if invocation.module == SETUP:
            screen: Plain = _setup(site, account)
        elif invocation.module == BOARD:
            screen = _board(site, account, wish)
        else:
            screen = _within(_engineer(site, account, invocation.issue_id), wish)
    except ValidationError:
        screen = errors.as_response(Missing())
    except (NotAllowed, Missing, TryLater, GiveUp) as trouble:
        screen = errors.as_response(trouble)
    said = {name: screen.headers[name] for name in HTMX if name in screen.headers}
    told = {"status": screen.status_code, "html": screen.get_data(as_text=True), "headers": said}
    return frames.keep_nothing(make_response(told))


def _setup(site: Installed, account: str) -> Response:
    access.admins_only(site.api_url, account, lambda: installed.client_of(site))
    shown = setup.what_is_there(site.site, site.workspace_id)
    page = render_template("jira/setup.html", around="jira/forge/part.html", **shown)
    return make_response(page)


def _board(site: Installed, account: str, wish: Wish) -> Response:
    """The ranking, or all of it to be saved. Raises Missing for any other path, and as `show`."""
    workspace = _workspace(site)
    home = f"/jira/{workspace.slug}/board"
    wanted = urlsplit(home if wish.path in ("", "/") else wish.path)
    if wanted.scheme or wanted.netloc or wanted.path not in (home, f"{home}.csv") or wish.method != "GET":
        raise Missing
    may = board.may_see(workspace, site.site or site.api_url, account, lambda: installed.client_of(site))
    spoken = {"Accept-Language": wish.language or request.headers.get("Accept-Language", "")}
    with current_app.test_request_context(wanted.path, query_string=wanted.query, headers=spoken):
        if wanted.path == home:
            return make_response(board.show(workspace, may))
        saved = as_csv(workspace, board.wish_of(workspace), summaries=False, may=may)
        return make_response(saved.get_data(as_text=True))


def _workspace(site: Installed) -> Workspace:
    """Raises NotAllowed with what an operator has to do where nobody has said whose site it is."""
    if site.workspace_id is None:
        raise NotAllowed(context.unattached(site.site))
    with reading(app_state.current().engine) as conn:
        return workspaces.by_id(conn, site.workspace_id)


def _engineer(site: Installed, account: str, issue: str) -> Engineer:
    """Raises NotAllowed, Missing, and connectors.errors where Jira does not say what they may see."""
    workspace = _workspace(site)
    if not issue:
        raise Missing
    found = access.of_reader(site.site or site.api_url, account, issue, lambda: installed.client_of(site))
    return context.engineer_at(workspace, account, ItemId(issue), found)


def _within(engineer: Engineer, wish: Wish) -> Plain:
    """The answer of one of the panel's own views. Raises Missing for any other address."""
    home = f"/jira/{engineer.workspace.slug}/issues/{engineer.issue}"
    wanted = urlsplit(home if wish.path in ("", "/") else wish.path)
    if wanted.scheme or wanted.netloc or ".." in wanted.path or "%" in wanted.path:
        raise Missing
    if wanted.path != home and not wanted.path.startswith(f"{home}/"):
        raise Missing
    now = app_state.current().clock()
    minted = bearer.mint(context.bearer_of(engineer), keys=identity.signing_keys(), now=now)
    call = EnvironBuilder(
        path=wanted.path,
        method=wish.method,
        query_string=wanted.query,
        data=parse_qs(wish.form, keep_blank_values=True) if wish.method == "POST" else None,
        headers=Headers(
            {
                "Authorization": f"Bearer {minted}",
                "HX-Request": "true",
                "Accept-Language": wish.language or request.headers.get("Accept-Language", ""),
            }
        ),
        environ_base={"REMOTE_ADDR": request.remote_addr or ""},
    )
    return Plain.from_app(current_app.wsgi_app, call.get_environ())
