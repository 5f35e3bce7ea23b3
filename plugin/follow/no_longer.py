"""I no longer need this: asked once more, then taken back; and taken up again with one click."""

from datetime import datetime

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lineage import ledger
from lineage.changes import Change
from lineage.requester_changes import RequestResumed, RequestWithdrawn
from plugin import app_state, clicks
from plugin.follow.reader import BY, Requester, requesters_only
from plugin.forum import members, votes
from plugin.forum.members import Member
from plugin.incoming import row_number
from plugin.pages import limits
from store.database import transaction

VOTE = "forum:vote"


@limits.limit("120/minute")
@requesters_only
def ask(reader: Requester) -> ResponseReturnValue:
    return reader.show("follow/no_longer.html")


@limits.limit("30/hour")
@requesters_only
def withdraw(reader: Requester) -> ResponseReturnValue:
    state = app_state.current()
    now = state.clock()
    with transaction(state.engine) as conn:
        voter = _voter(conn, reader)
        if voter:  # the forum keeps its own count of votes
            votes.withdraw(conn, reader.workspace, *voter, now=now)
        else:
            _record(conn, reader, RequestWithdrawn(reader.origin, BY, now), now)
    state.wake()
    return redirect(url_for("follow.page", token=reader.token), 303)


@limits.limit("30/hour")
@requesters_only
def resume(reader: Requester) -> ResponseReturnValue:
    state = app_state.current()
    now = state.clock()
    with transaction(state.engine) as conn:
        voter = _voter(conn, reader)
        if voter:
            votes.cast(conn, reader.workspace, *voter, why="", now=now)
        else:
            _record(conn, reader, RequestResumed(reader.origin, BY, now), now)
    state.wake()
    return redirect(url_for("follow.page", token=reader.token), 303)


def _record(conn: Connection, reader: Requester, change: Change, now: datetime) -> None:
    cause = f"follow:{reader.request}:{clicks.sent()}"
    ledger.record(conn, reader.workspace, change, cause=cause, now=now)


def _voter(conn: Connection, reader: Requester) -> tuple[int, Member] | None:
    """The forum's post and the member whose vote this request is; None for any other request."""
    if reader.origin.kind != VOTE:
        return None
    post, _, voter = reader.origin.id.partition(":")
    number, by = row_number(post), row_number(voter)
    member = members.by_id(conn, reader.workspace.id, by) if by is not None else None
    return None if number is None or member is None else (number, member)
