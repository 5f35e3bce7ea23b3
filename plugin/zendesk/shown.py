"""The one door to everything beside a ticket: whoever Zendesk keeps from the ticket is kept from it here.

We read with an administrator's account, and our bearer names a workspace and an agent, no ticket. So Zendesk
is asked about each ticket that an agent opens who does not see every one; whoever sees all costs no call.
"""

import functools
from collections.abc import Callable
from typing import Any

from flask.typing import ResponseReturnValue

from connectors.errors import Refused, Unavailable
from connectors.zendesk import access
from plugin import app_state, identity
from plugin.errors import NotAllowed
from plugin.identity import Agent
from plugin.zendesk import vendor
from plugin.zendesk.asked import tickets_answered_in
from store import connections
from store.connections import NotConnected
from store.database import reading

MOST_OTHERS = 10
"""So many tickets that are answered in one are asked about; of more it is as if one was hidden."""

NOT_SHOWN = "not shown"
UNKNOWN = "unknown"


def shown_only(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """The view gets the `Agent`, if Zendesk shows them the ticket of the address. Raises NotAllowed."""

    @identity.agents_only
    @functools.wraps(view)
    def asked(agent: Agent, ticket: int, **rest: Any) -> ResponseReturnValue:
        if not agent.sees_every_ticket:
            _must_see(agent, ticket)
        return view(agent, ticket=ticket, **rest)

    return asked


def _must_see(agent: Agent, ticket: int) -> None:
    """Zendesk's word is remembered for a minute; that it does not answer is not."""
    state = app_state.current()
    asked, now = (agent.workspace.id, agent.user, ticket), state.clock()
    said = state.shown.get(asked, now)
    if said is None:
        said = _as_zendesk_says(agent, ticket)
        state.shown.put(asked, said, now)
    if said == UNKNOWN:
        raise NotAllowed(
            "Zendesk keeps you from some of the tickets by a rule that is not known here, so nothing is "
            "shown to you beside them. Ask whoever administers Zendesk."
        )
    if said:
        raise NotAllowed(
            "Zendesk does not show you this ticket, or one that is answered in it, so nothing of it is shown "
            "to you here. Ask whoever administers Zendesk."
        )


def _as_zendesk_says(agent: Agent, ticket: int) -> str:
    """Empty for a ticket that it shows to this agent, with all that are answered there. Raises NotAllowed."""
    state = app_state.current()
    try:
        with reading(state.engine) as conn:
            account = connections.load(conn, state.vault, agent.workspace.id, "zendesk")
            others = tickets_answered_in(conn, agent.workspace, str(ticket))
        if len(others) > MOST_OTHERS:
            return NOT_SHOWN
        with vendor.speaking(account) as zendesk:
            return "" if access.shows(zendesk, agent.user, [str(ticket), *others]) else NOT_SHOWN
    except access.RuleUnknown:
        return UNKNOWN
    except (Unavailable, Refused, NotConnected):
        raise NotAllowed(
            "Zendesk does not say at the moment whether it shows you this ticket, so nothing of it is shown "
            "to you here. Try again in a moment."
        ) from None
