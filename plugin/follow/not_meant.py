"""This is not what I meant: to whoever looks after the request, in the requester's own words."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lineage import ledger
from lineage.requester_changes import NotMeant
from plugin import app_state, clicks
from plugin.follow.reader import BY, Requester, requesters_only
from plugin.forum.words import tidy
from plugin.pages import limits
from store.database import transaction

LONGEST = 2000


@limits.limit("120/minute")
@requesters_only
def ask(reader: Requester) -> ResponseReturnValue:
    return reader.show("follow/not_meant.html", longest=LONGEST)


@limits.limit("10/hour")
@requesters_only
def send(reader: Requester) -> ResponseReturnValue:
    state, words = app_state.current(), tidy(request.form.get("words", ""))[:LONGEST]
    now = state.clock()
    change = NotMeant(reader.origin, words, BY, now)
    cause = f"follow:{reader.request}:{clicks.sent()}"
    with transaction(state.engine) as conn:
        ledger.record(conn, reader.workspace, change, cause=cause, now=now)
    state.wake()
    return redirect(url_for("follow.page", token=reader.token), 303)
