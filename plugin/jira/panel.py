"""The panel beside a Jira issue: who waits for it, what it counts, and whom closing it would tell what."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lineage import questions
from lineage.questions.views import AskView, Closing, DemandView, EdgeView, ItemView
from lineage.terms import ItemId, Standing, State
from plugin import app_state, freshness, identity, picture, trend
from plugin.freshness import Fresh, Object
from plugin.identity import Engineer
from plugin.jira.worth import Worth, worth
from plugin.phrases import all_parts
from plugin.picture import Drawing
from plugin.trend import Trend
from store import connections
from store.connections import NotConnected
from store.database import reading
from store.workspaces import Workspace

routes = Blueprint("panel", __name__)

MOST_SHOWN = 200
FEW = 6
"""So many of those who wait are shown at once; the rest unfolds."""
LETTERS = 20
"""So many of the letters that would go out are shown; the send plan has them all."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One request that rests on this issue or passed it. `worth` is None without a company."""

    ask: AskView
    worth: Worth | None
    ticket_url: str


@dataclass(frozen=True, slots=True)
class Panel:
    """All there is to say of one issue. `edges`: its links, also those set aside; `parts`: of its split."""

    here: str
    item: ItemView
    demand: DemandView | None
    drawing: Drawing
    trend: Trend | None
    closing: Closing
    waiting: Sequence[Waiting]
    parts: Sequence[ItemView]
    edges: Sequence[EdgeView]
    fresh: Fresh

    @property
    def unexplained(self) -> bool:
        """Closed, and neither a mapping nor a duplicate says what that means for those who asked."""
        merged = any(e.kind == "merged" and e.stands and e.src_key == self.item.key for e in self.edges)
        return self.item.state is State.CLOSED and not merged

    @property
    def passed_on(self) -> bool:
        """Whether companies asked for it and nothing of what they are worth rests on it any more."""
        if self.demand is None:
            return False
        here = self.demand.customer.minor + self.demand.pipeline.minor
        return here == 0 < self.demand.reach_customer.minor + self.demand.reach_pipeline.minor


@routes.get("/jira/<slug>/issues/<issue>")
@identity.engineers_only
def issue(engineer: Engineer) -> ResponseReturnValue:
    return show(engineer)


@routes.post("/jira/<slug>/issues/<issue>/refresh")
@identity.engineers_only
def refresh(engineer: Engineer) -> ResponseReturnValue:
    with reading(app_state.current().engine) as conn:
        item = questions.item(conn, engineer.workspace, engineer.issue)
    freshness.look_again(engineer.workspace, _objects(engineer.issue, item.parts if item else ()))
    return show(engineer)


@routes.get("/jira/<slug>/issues/<issue>/fresh")
@identity.engineers_only
def fresh(engineer: Engineer) -> ResponseReturnValue:
    """The line about freshness while something is read; the whole panel once it was."""
    shown = panel(engineer)
    if shown is not None and shown.fresh.reading:
        tries = request.args.get("tries", 8, type=int)
        return render_template("freshness.html", fresh=shown.fresh, here=shown.here, tries=tries)
    whole = make_response(show(engineer))
    whole.headers.update({"HX-Retarget": "#screen", "HX-Reswap": "innerHTML"})
    return whole


def show(engineer: Engineer, *, done: str = "") -> str:
    """The whole panel, and above it what was just done."""
    return render_template("jira/panel.html", panel=panel(engineer), done=done, few=FEW, letters=LETTERS)


def panel(engineer: Engineer) -> Panel | None:
    """None for an issue that nobody ever asked for."""
    workspace = engineer.workspace
    with reading(app_state.current().engine) as conn:
        item = questions.item(conn, workspace, engineer.issue)
        if item is None:
            return None
        parts = [
            part for one in all_parts(item) if (part := questions.item(conn, workspace, one)) is not None
        ]
        return Panel(
            here=f"/jira/{workspace.slug}/issues/{item.id}",
            item=item,
            demand=questions.demand(conn, workspace, item.id),
            drawing=picture.draw(questions.picture_of_item(conn, workspace, item.id)),
            trend=trend.of_item(conn, workspace, item.id),
            closing=questions.closing_now(conn, workspace, item.id),
            waiting=_waiting(conn, workspace, item.id),
            parts=parts,
            edges=questions.edges_at(conn, workspace, item.id),
            fresh=freshness.fresh(conn, workspace, _objects(item.id, item.parts), [item.read_at]),
        )


def _waiting(conn: Connection, workspace: Workspace, item: ItemId) -> list[Waiting]:
    """The worthiest companies first, then who has waited longest."""
    asks = [
        ask
        for ask in questions.asks_on(conn, workspace, item, limit=MOST_SHOWN)
        if ask.standing is not Standing.WITHDRAWN
    ]
    amounts = worth(conn, workspace, {ask.request_id for ask in asks})
    zendesk = _zendesk_url(conn, workspace)
    rows = [Waiting(ask, amounts.get(ask.request_id), _ticket_url(zendesk, ask.origin)) for ask in asks]
    return sorted(rows, key=lambda row: (-_sum(row.worth), row.ask.asked_at))


def _sum(amounts: Worth | None) -> int:
    return amounts.customer.minor + amounts.pipeline.minor if amounts else 0


def _zendesk_url(conn: Connection, workspace: Workspace) -> str:
    try:
        return connections.load(conn, app_state.current().vault, workspace.id, "zendesk").url
    except NotConnected:
        return ""


def _ticket_url(zendesk: str, origin: object) -> str:
    system, _, ident = str(origin).rpartition(":")
    return f"{zendesk}/agent/tickets/{ident}" if zendesk and system == "zendesk:ticket" else ""


def _objects(item: ItemId, parts: Sequence[ItemId]) -> list[Object]:
    return [Object("jira", "issue", one) for one in dict.fromkeys([item, *parts])]
