"""What the sidebar asks Zendesk itself, while somebody waits: who an agent is, and a ticket seen first.

Both with a short time-out: the agent is told that Zendesk is slow rather than left with a blank frame.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from connectors.errors import NotFound, Refused, Unavailable
from connectors.zendesk.access import sees_every_ticket
from connectors.zendesk.client import Zendesk
from connectors.zendesk.reader import STAFF, read_ticket
from lineage import ledger
from plugin import app_state
from plugin.errors import Missing, NotAllowed
from plugin.identity_tables import vendor_users
from store import connections
from store.connections import Connection
from store.database import reading, transaction, upsert
from store.workspaces import Workspace

PATIENCE_S = 5.0
NAMES_LAST = timedelta(days=1)
LONGEST_NAME = 200
"""So much of a name is kept beside what its bearer did."""
LONGEST_TAG = 35
"""As BCP 47 advises to make room for."""


@contextmanager
def speaking(account: Connection, *, patience_s: float = PATIENCE_S) -> Iterator[Zendesk]:
    """A client for this moment. Raises what the client raises."""
    client = Zendesk(
        url=account.url,
        client_id=account.config.get("client_id", ""),
        client_secret=account.secrets.get("client_secret", ""),
        email=account.config.get("email", ""),
        api_token=account.secrets.get("api_token", ""),
        timeout_s=patience_s,
    )
    try:
        yield client
    finally:
        client.close()


@dataclass(frozen=True, slots=True)
class Known:
    """An agent as Zendesk has them. `locale`: the language of their profile; empty where it says none.
    `sees_every_ticket`: Zendesk says that it keeps none from them.
    """

    name: str
    locale: str = ""
    sees_every_ticket: bool = False


def agent(account: Connection, user: str) -> Known:
    """The agent with this id; `agent 42` while Zendesk does not say, who counts as kept from some tickets.

    Raises NotAllowed for somebody whom Zendesk does not count among its staff.
    """
    state = app_state.current()
    now = state.clock()
    with reading(state.engine) as conn:
        known = conn.execute(
            select(vendor_users).where(
                vendor_users.c.workspace_id == account.workspace_id,
                vendor_users.c.system == "zendesk",
                vendor_users.c.id == user,
            )
        ).first()
    told = known is not None and known.sees_every_ticket is not None
    if known is not None and told and known.read_at > now - NAMES_LAST:
        return _only_staff(Known(known.name, known.locale, known.sees_every_ticket), staff=known.staff)
    try:
        with speaking(account) as zendesk:
            found = zendesk.user(user)
    except NotFound:
        return _only_staff(Known(""), staff=False)
    except (Unavailable, Refused):
        return (
            _only_staff(Known(known.name, known.locale), staff=known.staff)
            if known
            else Known(f"agent {user}")
        )
    here, staff = _known(found, user), found.get("role") in STAFF
    key = {"workspace_id": account.workspace_id, "system": "zendesk", "id": user}
    with transaction(state.engine) as conn:
        read = {
            "name": here.name, "staff": staff, "locale": here.locale, "read_at": now,
            "sees_every_ticket": here.sees_every_ticket,
        }  # fmt: skip
        upsert(conn, vendor_users, list(key), {**key, **read})
    return _only_staff(here, staff=staff)


def agent_of_every_ticket(account: Connection, user: str) -> Known:
    """An agent whom Zendesk keeps from no ticket, as it says this moment.

    Raises NotAllowed for anybody else, and Unavailable or Refused where Zendesk does not say.
    """
    try:
        with speaking(account) as zendesk:
            found = zendesk.user(user)
    except NotFound:
        return _only_staff(Known(""), staff=False)
    known = _only_staff(_known(found, user), staff=found.get("role") in STAFF)
    if not known.sees_every_ticket:
        raise NotAllowed(
            "Zendesk shows you some of the tickets only, and the queue speaks of all of them. Approve "
            "replies beside the tickets that are yours."
        )
    return known


def make_known(workspace: Workspace, ticket: str) -> None:
    """Read a ticket that we have never seen. Raises Missing, and Unavailable with a plain word."""
    state = app_state.current()
    with reading(state.engine) as conn:
        account = connections.load(conn, state.vault, workspace.id, "zendesk")
    try:
        with speaking(account) as zendesk:
            seen = read_ticket(zendesk, ticket)
    except NotFound:
        raise Missing from None
    now = state.clock()
    with transaction(state.engine) as conn:
        ledger.record(
            conn, workspace, seen, cause=f"sidebar:opened:{ticket}:{seen.updated.timestamp():.0f}", now=now
        )
    state.wake()


def _known(found: Mapping[str, Any], user: str) -> Known:
    name = str(found.get("name") or f"agent {user}")[:LONGEST_NAME]
    return Known(name, str(found.get("locale") or "")[:LONGEST_TAG], sees_every_ticket(found))


def _only_staff(known: Known, *, staff: bool) -> Known:
    if not staff:
        raise NotAllowed("Zendesk does not count you among its agents. Ask an administrator.")
    return known
