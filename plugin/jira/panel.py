"""The panel beside a Jira issue: who waits for it, what it counts, and what may be done here.

Its first answer takes three statements, however many ask. What takes longer, the lineage and whom closing it
would tell what, comes a moment later, by itself (`panel_more.py`).
"""

from dataclasses import dataclass
from functools import partial

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from connectors import known
from lineage import questions
from lineage.questions import Waiter, Waiting
from lineage.questions.views import DemandView, ItemView
from lineage.terms import ItemId, State
from plugin import app_state, freshness, identity
from plugin.freshness import Fresh, Object
from plugin.identity import Engineer
from plugin.jira import hiding
from plugin.jira.around import Around, account_of, around
from store.database import reading

routes = Blueprint("panel", __name__)

FEW = 6
"""So many of those who wait are shown at once; the rest comes when somebody asks for it."""


@dataclass(frozen=True, slots=True)
class Panel:
    """All there is to say of one issue at once."""

    here: str
    demand: DemandView | None
    waiting: Waiting
    around: Around
    fresh: Fresh

    @property
    def item(self) -> ItemView:
        return self.waiting.item

    @property
    def unexplained(self) -> bool:
        """Closed, and neither a mapping nor a duplicate says what that means for those who asked."""
        edges = self.waiting.edges
        merged = any(e.kind == "merged" and e.stands and e.src_key == self.item.key for e in edges)
        return self.item.state is State.CLOSED and not merged

    @property
    def passed_on(self) -> bool:
        """Whether companies asked for it and nothing of what they are worth rests on it any more."""
        if self.demand is None:
            return False
        here = self.demand.customer.minor + self.demand.pipeline.minor
        return here == 0 < self.demand.reach_customer.minor + self.demand.reach_pipeline.minor

    @property
    def parts_unseen(self) -> int:
        """So many of its parts are not for this reader to see."""
        return hiding.parts_unseen(self.waiting)

    def ticket_url(self, waiter: Waiter) -> str:
        """Where a colleague reads the ticket: Zendesk shows it to its agents, and to nobody else."""
        system, _, ident = waiter.origin.rpartition(":")
        zendesk = self.around.zendesk
        return known.ticket_page(zendesk, ident) if zendesk and system == "zendesk:ticket" else ""


@routes.get("/jira/<slug>/issues/<issue>")
@identity.engineers_only
@identity.for_every_reader
def issue(engineer: Engineer) -> ResponseReturnValue:
    return show(engineer)


@routes.post("/jira/<slug>/issues/<issue>/refresh")
@identity.engineers_only
@identity.for_every_reader
def refresh(engineer: Engineer) -> ResponseReturnValue:
    with reading(app_state.current().engine) as conn:
        item = questions.item(conn, engineer.workspace, engineer.issue)
    parts = item.parts if item else ()
    wanted = [Object("jira", "issue", one) for one in dict.fromkeys([engineer.issue, *parts])]
    freshness.look_again(engineer.workspace, wanted)
    return show(engineer)


@routes.get("/jira/<slug>/issues/<issue>/fresh")
@identity.engineers_only
@identity.for_every_reader
def fresh(engineer: Engineer) -> ResponseReturnValue:
    """The line about freshness while something is read; the whole panel once it was."""
    shown = panel(engineer)
    if shown is not None and shown.fresh.reading:
        tries = request.args.get("tries", 8, type=int)
        return render_template("freshness.html", fresh=shown.fresh, here=shown.here, tries=tries)
    return whole(show(engineer))


def whole(page: str) -> ResponseReturnValue:
    """Have the page that asked for a part of itself show this instead of all that it shows."""
    answer = make_response(page)
    answer.headers.update({"HX-Retarget": "#screen", "HX-Reswap": "innerHTML"})
    return answer


def show(engineer: Engineer, *, done: str = "", trouble: str = "") -> str:
    """The whole panel, and above it what was just done, or why it was not."""
    shown = panel(engineer)
    if not engineer.sees_customers:
        return render_template("jira/counts.html", panel=shown, why=identity.COUNTS_ALONE)
    return render_template(
        "jira/panel.html", panel=shown, done=done, trouble=trouble, edits=engineer.edits,
        why_not=identity.READS_ALONE,
    )  # fmt: skip


def panel(engineer: Engineer, *, limit: int = FEW, offset: int = 0) -> Panel | None:
    """None for an issue that nobody ever asked for. Of others it names those that its reader may see."""
    workspace = engineer.workspace
    with reading(app_state.current().engine) as conn:
        found = questions.waiting_for(conn, workspace, engineer.issue, limit=limit, offset=offset)
        if found is None:
            return None
        beside = around(conn, workspace, engineer.issue)
    found = hiding.in_waiting(engineer, found, partial(account_of, beside))
    demand = questions.view_of_row(workspace, found.item, beside.demand) if beside.demand else None
    read = Fresh(found.item.read_at, ("Jira",) if beside.reading else (), beside.trouble)
    return Panel(address(engineer), demand, found, beside, read)


def address(engineer: Engineer) -> str:
    """Below this path is all that may be asked and done from the panel of this issue."""
    return f"/jira/{engineer.workspace.slug}/issues/{ItemId(engineer.issue)}"
