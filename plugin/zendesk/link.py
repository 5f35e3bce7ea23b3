"""Finding the issue that a ticket is about, linking it, and taking the link back."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from connectors.errors import Refused, Unavailable
from connectors.jira.answers import Hit
from lineage import ledger, questions
from lineage.agent_changes import MaybeThis, NotThis
from lineage.changes import Linked, Unlinked
from lineage.questions.views import ItemView
from lineage.terms import ItemId, Origin
from plugin import app_state, clicks, issues
from plugin.errors import Missing
from plugin.identity import Agent
from plugin.translating import gettext as _
from plugin.zendesk import ticket as screen
from plugin.zendesk.shown import shown_only
from plugin.zendesk.suggestions import Suggestion, by_words, without_quotes
from plugin.zendesk.ticket import Done
from store.connections import NotConnected
from store.database import reading, transaction
from store.workspaces import Workspace

routes = Blueprint("link", __name__)


@dataclass(frozen=True, slots=True)
class Found:
    """`hits`: what Jira found; where it did not answer, `trouble` says so, and `known` is what we know."""

    hits: Sequence[Hit] = ()
    known: Sequence[Suggestion] = ()
    trouble: str = ""


@routes.get("/<slug>/tickets/<int:ticket>/search")
@shown_only
def search(agent: Agent, ticket: int) -> ResponseReturnValue:
    words = request.args.get("q", "").strip()[:200]
    found = _find(agent, words) if words else Found()
    here = f"/zendesk/{agent.workspace.slug}/tickets/{ticket}"
    return render_template("zendesk/link.html", found=found, words=words, here=here, click=clicks.fresh())


@routes.post("/<slug>/tickets/<int:ticket>/link")
@shown_only
def link(agent: Agent, ticket: int) -> ResponseReturnValue:
    screen.must_be_known(agent, ticket)
    state, item = app_state.current(), issues.known_issue(agent.workspace, _issue())
    now = state.clock()
    with transaction(state.engine) as conn:
        change = Linked(_origin(conn, agent.workspace, ticket), item.id, by=agent.name, at=now)
        ledger.record(conn, agent.workspace, change, cause=_cause(), now=now)
    state.wake()
    if request.form.get("tell"):
        return screen.show(agent, ticket, done=Done(_("Read below what they would be told, and approve it.")))
    undo = {**_ask(), "issue": item.id, "keep": "yes" if request.form.get("kept") else "no"}
    done = Done(
        _("Linked to %(key)s. Whatever becomes of it, this requester will hear.", key=item.key),
        "unlink",
        undo,
    )
    return screen.show(agent, ticket, done=done)


@routes.post("/<slug>/tickets/<int:ticket>/unlink")
@shown_only
def unlink(agent: Agent, ticket: int) -> ResponseReturnValue:
    """`keep`: the person still counts and is still told; else the ask is withdrawn."""
    state, keep = app_state.current(), request.form.get("keep") == "yes"
    now = state.clock()
    with transaction(state.engine) as conn:
        item = questions.item(conn, agent.workspace, ItemId(_issue()))
        if item is None:
            raise Missing
        origin = _origin(conn, agent.workspace, ticket)
        change = Unlinked(origin, item.id, keep=keep, by=agent.name, at=now)
        ledger.record(conn, agent.workspace, change, cause=_cause(), now=now)
    state.wake()
    if keep:
        words = _("Unlinked from %(key)s: this requester still counts and is still told.", key=item.key)
    else:
        words = _("Unlinked from %(key)s: this requester no longer counts and is told nothing.", key=item.key)
    return screen.show(agent, ticket, done=Done(words, "link", {**_ask(), "issue": item.id}))


@routes.post("/<slug>/tickets/<int:ticket>/not-this")
@shown_only
def not_this(agent: Agent, ticket: int) -> ResponseReturnValue:
    """It is suggested for this ticket no more, and less for others like it."""
    item = _said_of_it(agent, ticket, NotThis)
    done = Done(
        _("%(key)s is not suggested here any more, and less for tickets like this.", key=item.key),
        "maybe-this",
        {"issue": item.id},
    )
    return screen.show(agent, ticket, done=done)


@routes.post("/<slug>/tickets/<int:ticket>/maybe-this")
@shown_only
def maybe_this(agent: Agent, ticket: int) -> ResponseReturnValue:
    item = _said_of_it(agent, ticket, MaybeThis)
    return screen.show(agent, ticket, done=Done(_("%(key)s may be suggested again.", key=item.key)))


def _said_of_it(agent: Agent, ticket: int, what: type[NotThis] | type[MaybeThis]) -> ItemView:
    """Record what an agent says of the issue that the form names. Raises Missing."""
    screen.must_be_known(agent, ticket)
    state = app_state.current()
    now = state.clock()
    with transaction(state.engine) as conn:
        item = questions.item(conn, agent.workspace, ItemId(_issue()))
        if item is None:
            raise Missing
        change = what(Origin("zendesk:ticket", str(ticket)), item.id, by=agent.name, at=now)
        ledger.record(conn, agent.workspace, change, cause=_cause(), now=now)
    state.wake()
    return item


def _find(agent: Agent, words: str) -> Found:
    try:
        return Found(hits=issues.search(agent.workspace, words))
    except (Unavailable, Refused, NotConnected) as trouble:
        with reading(app_state.current().engine) as conn:
            known = by_words(conn, agent.workspace, words)
        known = known if agent.sees_every_ticket else without_quotes(known)
        return Found(known=known, trouble=str(trouble))


def _issue() -> str:
    """The issue that the form names. Raises Missing."""
    named = request.form.get("issue", "").strip()
    if not named:
        raise Missing
    return named


def _ask() -> dict[str, str]:
    return {"ask": request.form["ask"]} if request.form.get("ask") else {}


def _origin(conn: Connection, workspace: Workspace, ticket: int) -> Origin:
    """The request that the form names, which may have come from a ticket that was merged into this one;
    else this ticket's own. Raises Missing.
    """
    named = request.form.get("ask")
    if not named:
        return Origin("zendesk:ticket", str(ticket))
    for ask in questions.asks_of_ticket(conn, workspace, str(ticket)):
        if str(ask.ask_id) == named:
            return Origin.parse(ask.origin)
    raise Missing


def _cause() -> str:
    return f"sidebar:{clicks.sent()}"
