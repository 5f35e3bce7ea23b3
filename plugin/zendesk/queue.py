"""The approval queue in Zendesk's nav bar: the same as the operators' page, for agents who see every ticket.

It shows what is said on every ticket, so a key of its own opens it and no sidebar's does, and nobody is let
in whom Zendesk keeps from some of the tickets.
"""

from collections.abc import Sequence

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from plugin import app_state, frames, identity, queue, translating
from plugin.bearer import Bearer
from plugin.identity import Agent
from plugin.zendesk import vendor
from plugin.zendesk.sidebar import proven_load, script_of
from store.database import reading
from store.workspaces import Workspace, by_id

routes = Blueprint("queue", __name__)


@routes.post("/sidebar/<slug>/queue")
@identity.proves("queue load")
def first(slug: str) -> Response:
    account, user = proven_load(slug, place="nav_bar")
    agent, now = vendor.agent_of_every_ticket(account, user), app_state.current().clock()
    translating.speak_if_written(agent.locale)
    with reading(app_state.current().engine) as conn:
        workspace = by_id(conn, account.workspace_id)
    return frames.open_page(
        "zendesk/queue.html",
        Bearer("queue", account.workspace_id, user, agent.name, began_at=now, language=agent.locale),
        base=f"/zendesk/{slug}/queue",
        hosts=[account.url],
        scripts=[script_of(account)],
        content=_show(workspace),
    )


@routes.post("/<slug>/queue/renew")
@identity.queue_agents_only
def renew(_: Agent) -> Response:
    return frames.renewed("queue")


@routes.get("/<slug>/queue")
@identity.queue_agents_only
def again(agent: Agent) -> ResponseReturnValue:
    return _show(agent.workspace)


@routes.post("/<slug>/queue/approve")
@identity.queue_agents_only
def approve(agent: Agent) -> ResponseReturnValue:
    return _show(agent.workspace, queue.approve(agent.workspace, by=agent.name))


@routes.post("/<slug>/queue/<any(pause, resume):act>")
@identity.queue_agents_only
def pause(agent: Agent, act: str) -> ResponseReturnValue:
    return _show(agent.workspace, queue.pause(agent.workspace, act, by=agent.name))


@routes.post("/<slug>/queue/<int:notice>/<any(cancel, dismiss, retry, edit):act>")
@identity.queue_agents_only
def settle(agent: Agent, notice: int, act: str) -> ResponseReturnValue:
    return _show(agent.workspace, queue.settle(agent.workspace, notice, act, by=agent.name))


def _show(workspace: Workspace, done: Sequence[str] = ()) -> str:
    """The queue as the address of this request asks for it; above it what was just done."""
    state = app_state.current()
    with reading(state.engine) as conn:
        now = by_id(conn, workspace.id)  # it may have been paused this moment
        shown = queue.page(conn, now, queue.asked(), state.clock())
    here = f"/zendesk/{workspace.slug}/queue"
    return render_template("zendesk/queue_screen.html", shown=shown, here=here, done=done)
