"""What Forge tells by itself: what changed in Jira, what became of the app, and that an hour has passed.

It waits five seconds for an answer and comes again after anything but a 2xx, so a call is used up only when
what it told is kept.
"""

from flask import Blueprint, Response, make_response, request

from connectors.jira import forge_events
from plugin import app_state, identity
from plugin.jira import installations
from plugin.jira.forge import calls, installed
from store import inbox
from webhooks import forge

routes = Blueprint("told", __name__)

GONE = "avi:forge:uninstalled:app"


@routes.post("/events")
@identity.proves("forge")
def events() -> Response:
    """Kept for the worker. Of a site that is nobody's yet nothing is kept: connecting it reads everything."""
    state, body = app_state.current(), request.get_data(cache=False)
    with calls.proven() as call:
        if call.site.workspace_id is not None:
            inbox.keep(
                call.conn, workspace_id=call.site.workspace_id, system=forge.SYSTEM, headers={}, body=body,
                delivery_id=call.ident, now=state.clock(),
            )  # fmt: skip
    state.wake()
    return _heard()


@routes.post("/lifecycle")
@identity.proves("forge")
def lifecycle() -> Response:
    """Installed and upgraded only bring a token; uninstalled ends all that rests on it."""
    state, event = app_state.current(), _event(request.get_data(cache=False))
    with calls.proven() as call:
        if event == GONE:
            installed.uninstall(call.conn, state.vault, call.invocation, now=state.clock())
        elif event == "avi:forge:upgraded:app":
            installations.note(call.conn, call.site.installation, "upgraded", call.site.site, state.clock())
    return _heard()


@routes.post("/tick")
@identity.proves("forge")
def tick() -> Response:
    """Once an hour: a fresh token came along. What may have been missed meanwhile is read."""
    from plugin.work import ask_sync  # which knows what engineers ask Jira to do

    state = app_state.current()
    with calls.proven() as call:
        if call.site.workspace_id is not None:
            ask_sync(call.conn, call.site.workspace_id, "jira", now=state.clock())
    state.wake()
    return _heard()


def _event(body: bytes) -> str:
    """Its name; empty for what cannot be read, which then says nothing."""
    try:
        return forge_events.event(body)[0]
    except ValueError:
        return ""


def _heard() -> Response:
    return make_response({"heard": True})
