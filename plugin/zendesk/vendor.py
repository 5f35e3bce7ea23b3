"""What the sidebar asks Zendesk itself, while somebody waits: who an agent is, and a ticket seen first.

Both with a short time-out: the agent is told that Zendesk is slow rather than left with a blank frame.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import select

from connectors.errors import NotFound, Refused, Unavailable
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


def agent_name(account: Connection, user: str) -> str:
    """The name of the agent with this id; `agent 42` while Zendesk does not say.

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
    if known is not None and known.read_at > now - NAMES_LAST:
        return _only_staff(known.name, staff=known.staff)
    try:
        with speaking(account) as zendesk:
            found = zendesk.user(user)
    except NotFound:
        return _only_staff("", staff=False)
    except (Unavailable, Refused):
        return _only_staff(known.name, staff=known.staff) if known else f"agent {user}"
    name = str(found.get("name") or f"agent {user}")[:LONGEST_NAME]
    staff = found.get("role") in STAFF
    key = {"workspace_id": account.workspace_id, "system": "zendesk", "id": user}
    with transaction(state.engine) as conn:
        upsert(conn, vendor_users, list(key), {**key, "name": name, "staff": staff, "read_at": now})
    return _only_staff(name, staff=staff)


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


def _only_staff(name: str, *, staff: bool) -> str:
    if not staff:
        raise NotAllowed("Zendesk does not count you among its agents. Ask an administrator.")
    return name
