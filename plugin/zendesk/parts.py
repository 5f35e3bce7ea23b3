"""Which parts of a split issue this requester asked for, and what customers may read of an issue."""

from collections.abc import Sequence

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lineage import ledger, questions
from lineage.changes import PartsChosen, Titled
from lineage.questions.views import AskView, ItemView
from lineage.terms import PersonId
from plugin import app_state, clicks
from plugin.errors import Missing
from plugin.identity import Agent
from plugin.jira import undoable
from plugin.jira.undoable import Told
from plugin.phrases import all_parts, and_join
from plugin.translating import gettext as _
from plugin.zendesk import ticket as screen
from plugin.zendesk.shown import shown_only
from plugin.zendesk.ticket import Done
from store.database import transaction
from store.workspaces import Workspace

routes = Blueprint("parts", __name__)

LONGEST_TITLE = 120


@routes.post("/<slug>/tickets/<int:ticket>/parts")
@shown_only
def parts(agent: Agent, ticket: int) -> ResponseReturnValue:
    """The ticked parts; none ticked, all ticked, or "all": every part, also those still to come."""
    state = app_state.current()
    now, wanted = state.clock(), request.form.getlist("part")
    with transaction(state.engine) as conn:
        ask, item = _asked(conn, agent.workspace, ticket)
        before = chosen_parts(conn, agent.workspace, ask, item)
        every_part = all_parts(item)
        after = [part for part in every_part if part in wanted]
        every = "all" in request.form or not after or len(after) == len(every_part)
        change = PartsChosen(
            PersonId(ask.person_id), item.id, None if every else tuple(after), by=agent.name, at=now
        )
        click = f"sidebar:{clicks.sent()}"
        undoable.decide(conn, agent.workspace, change, Told(cause=click, click=click), now=now)
        keys = [part.key for one in after if (part := questions.item(conn, agent.workspace, one))]
    state.wake()
    who, key = ask.person_name or _("This requester"), item.key
    if every:
        words = _("%(person)s wants all of %(key)s.", person=who, key=key)
    else:
        words = _("%(person)s wants %(parts)s of %(key)s.", person=who, parts=and_join(keys), key=key)
    undo: dict[str, str | Sequence[str]] = {"ask": str(ask.ask_id), "issue": item.id}
    undo |= {"part": before} if before else {"all": "yes"}
    return screen.show(agent, ticket, done=Done(words, "parts", undo))


@routes.post("/<slug>/tickets/<int:ticket>/title")
@shown_only
def title(agent: Agent, ticket: int) -> ResponseReturnValue:
    state = app_state.current()
    now, words = state.clock(), " ".join(request.form.get("title", "").split())[:LONGEST_TITLE]
    own = "own" in request.form
    with transaction(state.engine) as conn:
        _ask, item = _asked(conn, agent.workspace, ticket)
        before = (item.own_title if own else item.public_title) or ""
        if words:
            change = Titled(item.id, words, own_part=own, by=agent.name, at=now)
            ledger.record(conn, agent.workspace, change, cause=f"sidebar:{clicks.sent()}", now=now)
    state.wake()
    undo = {
        "ask": request.form.get("ask", ""),
        "issue": item.id,
        "title": before,
        **({"own": "yes"} if own else {}),
    }
    said = (
        _("Customers read “%(title)s”.", title=words)
        if words
        else _("A title needs words. Nothing was changed.")
    )
    return screen.show(agent, ticket, done=Done(said, "title" if before and words else "", undo))


def chosen_parts(conn: Connection, workspace: Workspace, ask: AskView, item: ItemView) -> list[str]:
    """The parts of this item that the ask is narrowed to; none where it is not."""
    if not ask.choices:
        return []
    known = [questions.item(conn, workspace, part) for part in all_parts(item)]
    return [part.id for part in known if part is not None and part.key in ask.choices]


def _asked(conn: Connection, workspace: Workspace, ticket: int) -> tuple[AskView, ItemView]:
    """The ask of this ticket that the form names, and the item on its way. Raises Missing."""
    named = request.form.get("ask", ""), request.form.get("issue", "")
    for ask in questions.asks_of_ticket(conn, workspace, str(ticket)):
        for item in screen.passed(conn, workspace, ask) if str(ask.ask_id) == named[0] else ():
            if item.id == named[1]:
                return ask, item
    raise Missing
