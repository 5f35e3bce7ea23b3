"""The sidebar of one ticket: where this request stands now, or, while it is not linked, what it may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lineage import questions
from lineage.questions import CustomerPage, next_words
from lineage.questions.views import AskView, ItemView, NoticeView, ToldView
from lineage.terms import ItemId, Standing
from plugin import app_state, clicks, freshness, picture
from plugin.errors import Missing
from plugin.freshness import Fresh, Object
from plugin.identity import Agent
from plugin.jira import acts
from plugin.jira.acts import Act
from plugin.phrases import all_parts
from plugin.picture import Drawing
from plugin.zendesk import vendor
from plugin.zendesk.asked import asked
from plugin.zendesk.shown import shown_only
from plugin.zendesk.suggestions import Suggestion, suggestions, without_quotes
from store.database import reading
from store.workspaces import Workspace

routes = Blueprint("ticket", __name__)

IN_FULL = 3
"""So many linked issues are shown whole; of the others the line, and the rest when it is unfolded."""
DRAFT_WAITS = next_words.WAITS["awaiting_approval"]
SHOWN_NOTICES = ("awaiting_approval", "held", "queued", "sending", "unknown", "blocked")


@dataclass(frozen=True, slots=True)
class Done:
    """What a click did, said in words. `undo`, `fields`: path and form that take it back."""

    words: str
    undo: str = ""
    fields: Mapping[str, str | Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Card:
    """One ask of this ticket. `others`, `companies`: who waits besides; `passed`: all items on its
    way; `parts`: the parts of those that were split.
    """

    ask: AskView
    others: int
    companies: int
    passed: tuple[ItemView, ...]
    parts: Mapping[ItemId, ItemView]
    notices: tuple[NoticeView, ...]
    drawing: Drawing

    @property
    def untold(self) -> bool:
        """Whether it was delivered before it was imported, so that nobody is told by itself."""
        return self.ask.next == next_words.BEFORE_THE_IMPORT


@dataclass(frozen=True, slots=True)
class Screen:
    """`linked`: asks that stand, the first of them; `folded`: the others; `kept`: unlinked ones that still
    count; `pages`: the requester's own.

    `making`: an issue that somebody asked for here, until it is made.
    """

    ticket: str
    here: str
    linked: tuple[Card, ...]
    folded: tuple[AskView, ...]
    kept: tuple[AskView, ...]
    suggested: tuple[Suggestion, ...]
    fresh: Fresh
    pages: tuple[CustomerPage, ...]
    making: Act | None


@routes.get("/<slug>/tickets/<int:ticket>")
@shown_only
def ticket(agent: Agent, ticket: int) -> ResponseReturnValue:
    try:
        must_be_known(agent, ticket)
    except Missing:
        vendor.make_known(agent.workspace, str(ticket))
    return show(agent, ticket)


@routes.post("/<slug>/tickets/<int:ticket>/refresh")
@shown_only
def refresh(agent: Agent, ticket: int) -> ResponseReturnValue:
    must_be_known(agent, ticket)
    with reading(app_state.current().engine) as conn:
        shown = _standing(questions.asks_of_ticket(conn, agent.workspace, str(ticket)))
    freshness.look_again(agent.workspace, _objects(ticket, shown))
    return show(agent, ticket)


@routes.get("/<slug>/tickets/<int:ticket>/asks/<int:ask>")
@shown_only
def unfolded(agent: Agent, ticket: int, ask: int) -> ResponseReturnValue:
    """One of many linked issues, whole."""
    with reading(app_state.current().engine) as conn:
        asks = _standing(questions.asks_of_ticket(conn, agent.workspace, str(ticket)))
        wanted = [one for one in asks if one.ask_id == ask]
        cards = _cards(conn, agent.workspace, wanted, _only(agent, ticket))
    if not cards:
        raise Missing
    here = _here(agent.workspace, ticket)
    return render_template(
        "zendesk/ask.html", unfolded=cards[0], here=here, ticket=str(ticket), click=clicks.fresh()
    )


@routes.get("/<slug>/tickets/<int:ticket>/fresh")
@shown_only
def fresh(agent: Agent, ticket: int) -> ResponseReturnValue:
    """The line about freshness while something is read; the whole screen once it was."""
    must_be_known(agent, ticket)
    shown = screen(agent.workspace, ticket, only=_only(agent, ticket))
    if shown.fresh.reading:
        tries = request.args.get("tries", 8, type=int)
        return render_template("freshness.html", fresh=shown.fresh, here=shown.here, tries=tries)
    whole = make_response(show(agent, ticket))
    whole.headers.update({"HX-Retarget": "#screen", "HX-Reswap": "innerHTML"})
    return whole


def must_be_known(agent: Agent, ticket: int) -> None:
    """Raises Missing for a ticket that was never opened in this agent's workspace."""
    with reading(app_state.current().engine) as conn:
        if asked(conn, agent.workspace, str(ticket)) is None:
            raise Missing


def show(agent: Agent, ticket: int, *, done: Done | None = None) -> str:
    """The whole screen, and above it what was just done."""
    shown = screen(agent.workspace, ticket, only=_only(agent, ticket))
    return render_template(
        "zendesk/ticket.html", screen=shown, done=done, click=clicks.fresh(), most=acts.MOST_TRIES
    )


def place_of(ticket: int) -> str:
    """What is written on this ticket is written there."""
    return f"zendesk:ticket:{ticket}"


def _only(agent: Agent, ticket: int) -> str:
    """The one place whose words this agent reads beside the ticket; empty: those of every ticket."""
    return "" if agent.sees_every_ticket else place_of(ticket)


def screen(workspace: Workspace, ticket: int, *, only: str = "") -> Screen:
    """`only`: nothing that was said, will be said or was asked in another place stands there."""
    with reading(app_state.current().engine) as conn:
        asks = [ask for ask in questions.asks_of_ticket(conn, workspace, str(ticket)) if not _over(ask)]
        standing = _standing(asks)
        read_at = [ask.item.read_at for ask in standing]
        alike = suggestions(conn, workspace, str(ticket), {ask.item.id for ask in asks})
        return Screen(
            ticket=str(ticket),
            here=_here(workspace, ticket),
            linked=_cards(conn, workspace, standing[:IN_FULL], only),
            folded=tuple(standing[IN_FULL:]),
            kept=tuple(ask for ask in asks if ask.detached),
            suggested=without_quotes(alike) if only else alike,
            fresh=freshness.fresh(conn, workspace, _objects(ticket, standing), read_at),
            pages=tuple(questions.pages_of_ticket(conn, workspace, str(ticket))),
            making=_making(conn, workspace, ticket),
        )


def _making(conn: Connection, workspace: Workspace, ticket: int) -> Act | None:
    newest = acts.from_tickets(conn, workspace.id, ItemId(f"zendesk:ticket:{ticket}"))[:1]
    return next((one for one in newest if one.waits or one.parked or one.made.get(acts.REFUSED)), None)


def _over(ask: AskView) -> bool:
    return ask.standing is Standing.WITHDRAWN


def _here(workspace: Workspace, ticket: int) -> str:
    return f"/zendesk/{workspace.slug}/tickets/{ticket}"


def _standing(asks: Sequence[AskView]) -> list[AskView]:
    """Those that are linked, in their order; where they are many, first those with a draft that waits."""
    linked = [ask for ask in asks if not ask.detached and not _over(ask)]
    return sorted(linked, key=lambda ask: ask.next != DRAFT_WAITS) if len(linked) > IN_FULL else linked


def _cards(conn: Connection, workspace: Workspace, asks: Sequence[AskView], only: str) -> tuple[Card, ...]:
    messages = {
        person: [
            notice
            for notice in questions.notices(conn, workspace, person_id=person)
            if notice.state in SHOWN_NOTICES and only in ("", notice.where)
        ]
        for person in {ask.person_id for ask in asks}
    }
    return tuple(
        _card(conn, workspace, replace(ask, told=_told(ask, only)), messages[ask.person_id]) for ask in asks
    )


def _told(ask: AskView, only: str) -> tuple[ToldView, ...]:
    return tuple(one for one in ask.told if only in ("", one.where))


def _card(conn: Connection, workspace: Workspace, ask: AskView, messages: Sequence[NoticeView]) -> Card:
    demand = questions.demand(conn, workspace, ask.item.id)
    about = {ask.item.id, *(carrier.item.id for carrier in ask.carriers)}
    waiting = [notice for notice in messages if about & {item.id for item in notice.issues}]
    way = passed(conn, workspace, ask)
    parts = {part: questions.item(conn, workspace, part) for item in way for part in all_parts(item)}
    return Card(
        ask=ask,
        others=max(0, demand.requesters - 1) if demand else 0,
        companies=demand.companies if demand else 0,
        passed=tuple(way),
        parts={part: item for part, item in parts.items() if item is not None},
        notices=tuple(waiting),
        drawing=picture.draw(questions.picture_of_ask(conn, workspace, ask.ask_id)),
    )


def passed(conn: Connection, workspace: Workspace, ask: AskView) -> list[ItemView]:
    """Every item on the way of this ask, in its order; the linked one first."""
    steps = [key for step in ask.path for key in (step.src_key, step.dst_key)]
    keys = dict.fromkeys([ask.item.key, *steps, *(carrier.item.key for carrier in ask.carriers)])
    return [item for key in keys if (item := questions.item(conn, workspace, ItemId(key))) is not None]


def _objects(ticket: int, linked: Sequence[AskView]) -> list[Object]:
    items = {ask.item.id for ask in linked} | {c.item.id for ask in linked for c in ask.carriers}
    return [
        Object("zendesk", "ticket", str(ticket)),
        *(Object("jira", "issue", one) for one in sorted(items)),
    ]
