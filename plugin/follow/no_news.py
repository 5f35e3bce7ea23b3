"""No more messages to this person, whatever they asked for: asked once more, then so; and taken back."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from lineage import ledger
from lineage.changes import OptedOut
from lineage.requester_changes import OptedIn
from plugin import app_state, clicks
from plugin.follow.reader import BY, Requester, requesters_only
from plugin.pages import limits
from store.database import transaction


@limits.limit("120/minute")
@requesters_only
def ask(reader: Requester) -> ResponseReturnValue:
    return reader.show("follow/no_news.html")


@limits.limit("30/hour")
@requesters_only
def stop(reader: Requester) -> ResponseReturnValue:
    return _record(reader, OptedOut(reader.person, BY, app_state.current().clock()))


@limits.limit("30/hour")
@requesters_only
def resume(reader: Requester) -> ResponseReturnValue:
    return _record(reader, OptedIn(reader.person, BY, app_state.current().clock()))


def _record(reader: Requester, change: OptedOut | OptedIn) -> ResponseReturnValue:
    state = app_state.current()
    cause = f"follow:{reader.request}:{clicks.sent()}"
    with transaction(state.engine) as conn:
        ledger.record(conn, reader.workspace, change, cause=cause, now=change.at)
    state.wake()
    return redirect(url_for("follow.page", token=reader.token), 303)
