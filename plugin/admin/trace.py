"""Where did a request go: what `kithspark trace` says, as a page, with the picture of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lineage import questions
from lineage.questions.views import AskView, DemandView, EdgeView, ItemView
from lineage.terms import Standing
from plugin import app_state, identity, picture, trend
from plugin.admin.workspace import around, named
from plugin.identity import Operator
from plugin.picture import Drawing
from plugin.translating import gettext as _
from plugin.trend import Trend
from store.database import reading
from store.workspaces import Workspace

routes = Blueprint("trace", __name__)

MOST = 200
DRAWN = 20
"""So many asks have a picture of their own."""


@dataclass(frozen=True, slots=True)
class Traced:
    """One ask; `drawing` is None where its way is a single step, or it counts no more."""

    ask: AskView
    drawing: Drawing | None


@dataclass(frozen=True, slots=True)
class Issue:
    """What there is to say of an issue besides the asks."""

    item: ItemView
    demand: DemandView | None
    drawing: Drawing
    trend: Trend | None
    aside: Sequence[EdgeView]


@dataclass(frozen=True, slots=True)
class Trace:
    """`what`: what was looked for, in words. `more`: there may be more asks than are shown."""

    what: str
    asks: Sequence[Traced]
    issue: Issue | None = None
    more: bool = False


@routes.get("/<slug>/trace")
@identity.operators_only
def trace(operator: Operator, slug: str) -> ResponseReturnValue:
    given = {name: request.args.get(name, "").strip() for name in ("ticket", "issue", "person", "find")}
    with reading(app_state.current().engine) as conn:
        workspace = named(conn, slug)
        found = _found(conn, workspace, **given)
    shown = next(filter(None, given.values()), "")
    return render_template("admin/trace.html", trace=found, shown=shown, **around(operator, workspace))


def _found(
    conn: Connection, workspace: Workspace, *, ticket: str, issue: str, person: str, find: str
) -> Trace | None:
    """None where nothing was looked for. What is typed into the one field (`find`) says itself what it is."""
    if ticket or find.isdigit():
        number = ticket or find
        return _trace(
            conn,
            workspace,
            _("ticket %(number)s", number=number),
            questions.asks_of_ticket(conn, workspace, number),
        )
    if person or "@" in find:
        email = person or find
        return _trace(conn, workspace, email, questions.asks_of_person(conn, workspace, email))
    return _of_issue(conn, workspace, issue or find) if issue or find else None


def _of_issue(conn: Connection, workspace: Workspace, key: str) -> Trace:
    item = questions.item(conn, workspace, key)
    if item is None:
        return Trace(key, ())
    asks = questions.asks_on(conn, workspace, item.id, limit=MOST)
    about = Issue(
        item=item,
        demand=questions.demand(conn, workspace, item.id),
        drawing=picture.draw(questions.picture_of_item(conn, workspace, item.id)),
        trend=trend.of_item(conn, workspace, item.id),
        aside=[edge for edge in questions.edges_at(conn, workspace, item.id) if not edge.stands],
    )
    return Trace(item.key, [Traced(ask, None) for ask in asks], about, more=len(asks) == MOST)


def _trace(conn: Connection, workspace: Workspace, what: str, asks: Sequence[AskView]) -> Trace:
    traced = [
        Traced(ask, _drawing(conn, workspace, ask) if number < DRAWN else None)
        for number, ask in enumerate(asks[:MOST])
    ]
    return Trace(what, traced, more=len(asks) > MOST)


def _drawing(conn: Connection, workspace: Workspace, ask: AskView) -> Drawing | None:
    if ask.standing is Standing.WITHDRAWN or len(ask.path) < 2:
        return None
    return picture.draw(questions.picture_of_ask(conn, workspace, ask.ask_id))
