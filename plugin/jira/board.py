"""Jira's own page of ours: the ranking of what customers ask for, of the issues that its reader may see."""

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial

from flask import Blueprint, Response, make_response, render_template, request

from connectors.jira.client import Jira
from lineage.terms import ItemId
from plugin import app_state, board, frames, identity
from plugin.bearer import Bearer, NotProven
from plugin.board import Asked, May
from plugin.errors import NotAllowed
from plugin.identity import Reader
from plugin.jira import access, installations
from plugin.jira.context import REFUSED, client_of, open_frame, script_of, workspace_of
from plugin.jira.installations import Installation
from store.database import reading
from store.workspaces import Workspace

routes = Blueprint("board", __name__)


@routes.get("/connect/board")
@identity.proves("engineer load")
def first() -> Response:
    """The ranking. Only people who signed in to Jira see it: it shows what companies are worth.

    Of an issue it says the key and the public title: not every reader may read its summary.
    """
    proven, site = open_frame()
    if not proven.account_id:
        raise NotAllowed("Sign in to Jira to see what customers ask for.")
    workspace = workspace_of(site)
    name = f"Jira account {proven.account_id}"
    bearer = Bearer("board", workspace.id, proven.account_id, name, began_at=app_state.current().clock())
    return frames.open_page(
        "jira/board.html",
        bearer,
        base=f"/jira/{workspace.slug}/board",
        hosts=[site.base_url, site.display_url],
        scripts=[script_of(site)],
        content=show(workspace, _may(workspace, site, proven.account_id)),
    )


@routes.get("/jira/<slug>/board")
@identity.board_readers_only
def again(reader: Reader) -> Response:
    return frames.keep_nothing(make_response(show(reader.workspace, _may_read(reader))))


@routes.get("/jira/<slug>/board.csv")
@identity.board_readers_only
def saved(reader: Reader) -> Response:
    return board.as_csv(reader.workspace, wish_of(reader.workspace), summaries=False, may=_may_read(reader))


@routes.post("/jira/<slug>/board/renew")
@identity.board_readers_only
def renew(reader: Reader) -> Response:
    """Raises NotProven once the app was uninstalled or disabled."""
    with reading(app_state.current().engine) as conn:
        if installations.live_of(conn, reader.workspace.id) is None:
            raise NotProven(REFUSED)
    return frames.renewed("board")


def show(workspace: Workspace, may: May) -> str:
    """The board as the address of this request asks for it, to stand in a page of a Jira site.

    Raises connectors.errors where Jira does not say what its reader may see.
    """
    state = app_state.current()
    now, here = state.clock(), f"/jira/{workspace.slug}/board"
    with reading(state.engine) as conn:
        shown = board.page(conn, workspace, wish_of(workspace), now)
    board.keep_its_past(workspace, shown)
    shown = board.seen_by(shown, may)
    with reading(state.engine) as conn:
        shown = board.offered_to(conn, workspace, shown, segments=_segments(workspace))
    return render_template("jira/ranking.html", shown=shown, here=here, csv=f"{here}.csv")


def wish_of(workspace: Workspace) -> Asked:
    """What this request's address asks for; not by segment, where customers are not for every reader."""
    wish = board.asked(request.args, app_state.current().clock())
    chosen = {name: value for name, value in wish.chosen.items() if name != "segment" or _segments(workspace)}
    return replace(wish, chosen=chosen)


def _segments(workspace: Workspace) -> bool:
    return workspace.policy.customers_in_jira == "everyone"


def may_see(workspace: Workspace, site: str, account: str, client_of: Callable[[], Jira]) -> May:
    """What this account may see of issues at this site, as Jira says."""

    def may(issues: Collection[ItemId]) -> dict[ItemId, bool]:
        found = access.of_issues(site, account, issues, client_of)
        return {one: access.sees_customers(workspace, found[one]) for one in issues if found[one].browse}

    return may


def _may(workspace: Workspace, site: Installation, account: str) -> May:
    return may_see(workspace, site.base_url, account, partial(client_of, site))


def _may_read(reader: Reader) -> May:
    """Raises NotProven once the app was uninstalled or disabled."""
    with reading(app_state.current().engine) as conn:
        site = installations.live_of(conn, reader.workspace.id)
    if site is None:
        raise NotProven(REFUSED)
    return _may(reader.workspace, site, reader.account)
