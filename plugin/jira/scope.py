"""What customers may read of an issue, and of the part that it keeps."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lineage import ledger
from lineage.changes import Titled
from plugin import app_state, clicks, identity
from plugin.identity import Engineer
from plugin.jira import panel
from plugin.translating import gettext as _
from store.database import transaction

routes = Blueprint("scope", __name__)

LONGEST_TITLE = 120


@routes.post("/jira/<slug>/issues/<issue>/title")
@identity.editors_only
def title(engineer: Engineer) -> ResponseReturnValue:
    words = " ".join(request.form.get("title", "").split())[:LONGEST_TITLE]
    if not words:
        return panel.show(engineer, done=_("A title needs words. Nothing was changed."))
    state, own = app_state.current(), "own" in request.form
    change = Titled(engineer.issue, words, own_part=own, by=engineer.name, at=state.clock())
    with transaction(state.engine) as conn:
        cause = f"panel:{engineer.issue}:{clicks.sent()}"
        ledger.record(conn, engineer.workspace, change, cause=cause, now=state.clock())
    state.wake()
    return panel.show(engineer, done=_("Customers read “%(title)s”.", title=words))
