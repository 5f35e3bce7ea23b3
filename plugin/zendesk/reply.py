"""What is about to be said to this requester: the exact words, and a yes or no to them."""

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lineage import notices, questions
from lineage.errors import LineageError
from lineage.questions.views import NoticeView
from plugin import app_state, queue
from plugin.differing import pieces
from plugin.errors import Missing
from plugin.formats import moment
from plugin.identity import Agent
from plugin.translating import gettext as _
from plugin.zendesk import ticket as screen
from plugin.zendesk.shown import shown_only
from plugin.zendesk.ticket import Done, place_of
from store.database import reading, transaction

routes = Blueprint("reply", __name__)


@routes.get("/<slug>/tickets/<int:ticket>/replies/<int:notice>")
@shown_only
def reply(agent: Agent, ticket: int, notice: int) -> ResponseReturnValue:
    return _review(agent, ticket, notice)


@routes.post("/<slug>/tickets/<int:ticket>/replies/<int:notice>/approve")
@shown_only
def approve(agent: Agent, ticket: int, notice: int) -> ResponseReturnValue:
    """An approval holds for exactly the words that were read; of changed ones, the new are shown.

    Whoever wants another moment and chooses none sends nothing.
    """
    state, digest = app_state.current(), request.form.get("digest", "")
    now = state.clock()
    try:
        at = queue.moment_of_form(needed="at" in request.form)
        with transaction(state.engine) as conn:
            _theirs(conn, agent, ticket, notice)
            notices.approve(conn, agent.workspace, notice, digest=digest, by=agent.name, now=now, at=at)
    except LineageError as refused:
        return _review(agent, ticket, notice, trouble=str(refused))
    except ValueError:
        return _review(agent, ticket, notice, trouble=_("This is no moment: choose a day and a time."))
    state.wake()
    words = _("Approved. It goes out now, in exactly these words.")
    if at is not None and at > now:
        words = _("Approved. It goes out in exactly these words, not before %(moment)s.", moment=moment(at))
    return screen.show(agent, ticket, done=Done(words))


@routes.post("/<slug>/tickets/<int:ticket>/replies/<int:notice>/edit")
@shown_only
def edit(agent: Agent, ticket: int, notice: int) -> ResponseReturnValue:
    """Other words in place of ours: shown again, for whoever approves exactly them."""
    state = app_state.current()
    try:
        with transaction(state.engine) as conn:
            _theirs(conn, agent, ticket, notice)
            queue.edit_as_sent(conn, agent.workspace, notice, by=agent.name, now=state.clock())
    except LineageError as refused:
        return _review(agent, ticket, notice, trouble=str(refused))
    state.wake()
    return _review(agent, ticket, notice)


@routes.post("/<slug>/tickets/<int:ticket>/replies/<int:notice>/cancel")
@shown_only
def cancel(agent: Agent, ticket: int, notice: int) -> ResponseReturnValue:
    state = app_state.current()
    try:
        with transaction(state.engine) as conn:
            _theirs(conn, agent, ticket, notice)
            gone = notices.cancel(conn, agent.workspace, notice, by=agent.name, now=state.clock())
    except LineageError as refused:
        return _review(agent, ticket, notice, trouble=str(refused))
    state.wake()
    words = _("It will not be sent. The requester hears nothing of this.")
    return screen.show(agent, ticket, done=Done(words if gone else _("It is taken back, unless it arrived.")))


def _review(agent: Agent, ticket: int, notice: int, *, trouble: str = "") -> ResponseReturnValue:
    with reading(app_state.current().engine) as conn:
        shown = _theirs(conn, agent, ticket, notice)
    here = f"/zendesk/{agent.workspace.slug}/tickets/{ticket}"
    diff = pieces(shown.drafted_text, shown.text) if shown.drafted_text is not None else ()
    page = make_response(
        render_template(
            "zendesk/reply.html", notice=shown, here=here, ticket=str(ticket), trouble=trouble, diff=diff
        )
    )
    if trouble:
        page.status_code = 409
        page.headers.update({"HX-Retarget": "#screen", "HX-Reswap": "innerHTML"})
    return page


def _theirs(conn: Connection, agent: Agent, ticket: int, notice: int) -> NoticeView:
    """The notice, if it is for somebody who asked on this ticket; for whom Zendesk keeps from others, if it
    is written here. Raises Missing.
    """
    people = {ask.person_id for ask in questions.asks_of_ticket(conn, agent.workspace, str(ticket))}
    for found in questions.notices(conn, agent.workspace, ids=[notice]):
        here = agent.sees_every_ticket or found.where == place_of(ticket)
        if found.person_id in people and here:
            return found
    raise Missing
