"""What the requester says on their own page: an agent who saw to it puts it away."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lineage import ledger, questions
from lineage.requester_changes import RemarksSettled
from lineage.terms import Origin
from plugin import app_state, clicks
from plugin.errors import Missing
from plugin.identity import Agent
from plugin.translating import gettext as _
from plugin.zendesk import ticket as screen
from plugin.zendesk.shown import shown_only
from plugin.zendesk.ticket import Done
from store.database import transaction

routes = Blueprint("remark", __name__)


@routes.post("/<slug>/tickets/<int:ticket>/remarks")
@shown_only
def settle(agent: Agent, ticket: int) -> ResponseReturnValue:
    state, named = app_state.current(), request.form.get("origin", "")
    now = state.clock()
    with transaction(state.engine) as conn:
        pages = questions.pages_of_ticket(conn, agent.workspace, str(ticket))
        if named not in {page.origin for page in pages}:
            raise Missing
        change = RemarksSettled(Origin.parse(named), by=agent.name, at=now)
        ledger.record(conn, agent.workspace, change, cause=f"sidebar:{clicks.sent()}", now=now)
    return screen.show(agent, ticket, done=Done(_("Put away. The requester is not told.")))
