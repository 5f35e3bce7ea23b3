"""The work of the inbox: from each delivery, the looks that it asks for. Nothing else in it is believed."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection, Engine, update

from connectors.accounts import connection_or_none
from lineage import ledger
from store import connections, inbox, looks, workspaces
from store.connections import Connection as Account
from store.database import transaction
from store.errors import GiveUp
from store.secrets import Vault
from store.waiting import Claimed, Superseded
from webhooks import connect, forge, hubspot, jira, zendesk
from webhooks.wishes import Heard

READERS: Mapping[str, Callable[[Connection, Account, bytes], Heard]] = {
    "jira": jira.heard,
    "zendesk": zendesk.heard,
    "hubspot": hubspot.heard,
    connect.SYSTEM: connect.heard,
    forge.SYSTEM: forge.heard,
}
READ_THROUGH: Mapping[str, str] = {connect.SYSTEM: "jira", forge.SYSTEM: "jira"}
"""Whose account reads what was told, where that is not the teller's own."""


def hear(claimed: Claimed, *, engine: Engine, vault: Vault, clock: Callable[[], datetime]) -> None:
    """Understands one delivery, in one transaction. Raises GiveUp for what cannot be read, Superseded."""
    teller, body, now = claimed.row["system"], claimed.row["body"], clock()
    system = READ_THROUGH.get(teller, teller)
    with transaction(engine) as conn:
        account = connection_or_none(conn, vault, claimed.workspace_id, system)
        if account is None:
            why = "any more" if system == teller else f"to read what {teller} told"
            _close(conn, claimed, f"{system} is not connected {why}")
            return
        try:
            heard = READERS[teller](conn, account, body)
        except ValueError as garbled:
            raise GiveUp(
                f"{system.capitalize()} sent a delivery that cannot be read ({garbled}): nothing was done. "
                "Compare what its webhook is set up to send, then dismiss this."
            ) from None
        _apply(conn, claimed, heard, system=system, now=now)
        connections.touch_event(conn, claimed.workspace_id, system, now=claimed.row["received_at"])
        _close(conn, claimed, str(heard))


def _apply(conn: Connection, claimed: Claimed, heard: Heard, *, system: str, now: datetime) -> None:
    workspace = workspaces.by_id(conn, claimed.workspace_id)
    for number, gone in enumerate(heard.gone):  # first: it holds the workspace, then rows in it
        ledger.record(conn, workspace, gone, cause=f"inbox:{claimed.id}:{number}", now=now)
    for wish in heard.wishes:
        looks.ask(
            conn,
            workspace_id=claimed.workspace_id,
            system=system,
            kind=wish.kind,
            object_id=wish.id,
            now=now,
            at=wish.at,
            hint=wish.hint,
        )


def _close(conn: Connection, claimed: Claimed, outcome: str) -> None:
    table = inbox.inbox
    conn.execute(update(table).where(inbox.SHELF.held(claimed)).values(outcome=outcome))
    if not inbox.SHELF.done(conn, claimed):
        raise Superseded(f"delivery {claimed.id} was taken over by another worker")
