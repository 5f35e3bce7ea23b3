"""Jira's events as Forge brings them: its token signs no body, so all that is believed is "look at this".

The call itself is taken in `plugin/jira/forge/`, where the installations are known.
"""

from sqlalchemy import Connection

from connectors.jira import forge_events
from store.connections import Connection as Account
from webhooks import connect
from webhooks.wishes import Heard

SYSTEM = "forge"


def heard(conn: Connection, account: Account, body: bytes) -> Heard:
    """Looks at what we know among what is said to have changed, or gone. Raises ValueError."""
    return connect.heard(conn, account, forge_events.as_webhook(body))
