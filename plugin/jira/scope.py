"""What an engineer may say of an issue: its own part, its children, its titles, who wants which part."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lineage import ledger, questions
from lineage.changes import Change, ChildrenAreParts, KeepsPart, PartsChosen, Titled
from lineage.terms import PersonId
from plugin import app_state, clicks, identity
from plugin.errors import Missing
from plugin.identity import Engineer
from plugin.jira import panel
from plugin.phrases import all_parts
from plugin.translating import gettext as _
from store.database import reading, transaction

routes = Blueprint("scope", __name__)

LONGEST_TITLE = 120


@routes.post("/jira/<slug>/issues/<issue>/keeps-part")
@identity.engineers_only
def keeps_part(engineer: Engineer) -> ResponseReturnValue:
    keeps = request.form.get("keeps") == "yes"
    change = KeepsPart(engineer.issue, keeps, by=engineer.name, at=app_state.current().clock())
    _record(engineer, change)
    said = (
        _("It keeps a part of its own: the rest of the work.")
        if keeps
        else _("It is a container: only its parts count.")
    )
    return panel.show(engineer, done=said)


@routes.post("/jira/<slug>/issues/<issue>/children")
@identity.engineers_only
def children(engineer: Engineer) -> ResponseReturnValue:
    are = request.form.get("parts") == "yes"
    change = ChildrenAreParts(engineer.issue, are, by=engineer.name, at=app_state.current().clock())
    _record(engineer, change)
    said = _("Its children are its parts.") if are else _("Its children only show how far it is.")
    return panel.show(engineer, done=said)


@routes.post("/jira/<slug>/issues/<issue>/title")
@identity.engineers_only
def title(engineer: Engineer) -> ResponseReturnValue:
    words = " ".join(request.form.get("title", "").split())[:LONGEST_TITLE]
    if not words:
        return panel.show(engineer, done=_("A title needs words. Nothing was changed."))
    own = "own" in request.form
    change = Titled(engineer.issue, words, own_part=own, by=engineer.name, at=app_state.current().clock())
    _record(engineer, change)
    return panel.show(engineer, done=_("Customers read “%(title)s”.", title=words))


@routes.post("/jira/<slug>/issues/<issue>/parts")
@identity.engineers_only
def parts(engineer: Engineer) -> ResponseReturnValue:
    """One part, or all of them, for somebody who asked for this issue. Unsure is all."""
    workspace, wanted = engineer.workspace, request.form.getlist("part")
    with reading(app_state.current().engine) as conn:
        item = questions.item(conn, workspace, engineer.issue)
        asks = {
            str(ask.ask_id): ask
            for ask in questions.asks_on(conn, workspace, engineer.issue, limit=panel.MOST_SHOWN)
        }
    ask = asks.get(request.form.get("ask", ""))
    if item is None or ask is None:
        raise Missing
    every_part = all_parts(item)
    chosen = tuple(part for part in every_part if part in wanted)
    every = "all" in request.form or not chosen or len(chosen) == len(every_part)
    who, now = PersonId(ask.person_id), app_state.current().clock()
    _record(engineer, PartsChosen(who, item.id, None if every else chosen, by=engineer.name, at=now))
    person = ask.person_name or _("They")
    all_of_it = _("%(person)s: all parts.", person=person)
    return panel.show(
        engineer, done=all_of_it if every else _("%(person)s: only the ticked parts.", person=person)
    )


def _record(engineer: Engineer, change: Change) -> None:
    state = app_state.current()
    with transaction(state.engine) as conn:
        cause = f"panel:{engineer.issue}:{clicks.sent()}"
        ledger.record(conn, engineer.workspace, change, cause=cause, now=state.clock())
    state.wake()
