"""What `kithspark doctor` asks of Zendesk."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from connectors import skew
from connectors.zendesk.client import Zendesk, objects
from store.errors import GiveUp, TryLater

Line: TypeAlias = tuple[str, bool, str]
"""What was checked, whether it is well, what was found or what to do."""


def check(client: Zendesk) -> list[Line]:
    """One line for each thing; the first that fails because of the credentials ends it."""
    try:
        me = client.me()
    except (GiveUp, TryLater) as e:
        return [("credentials", False, str(e))]
    admin = me.get("role") == "admin"
    who = f"acts as {me.get('name')} ({me.get('role')})"
    lines = [("credentials", me.get("id") is not None, who), clocks(client)]
    advice = (
        "reads every change" if admin else "make the owner of the OAuth client an admin: exports need one"
    )
    lines.append(("role", admin, advice))
    lines.append(tried("export of changes", lambda: objects(client.changes(start=hour_ago()), "tickets")))
    lines.append(tried("webhooks", client.webhooks))
    return lines


def clocks(client: Zendesk) -> Line:
    """A difference would make signed webhooks look too old."""
    return skew.in_words((datetime.now(UTC) - client.clock()).total_seconds())


def tried(what: str, call: Callable[[], object]) -> Line:
    try:
        call()
    except (GiveUp, TryLater) as e:
        return (what, False, str(e))
    return (what, True, "can be read")


def hour_ago() -> int:
    return int((datetime.now(UTC) - timedelta(hours=1)).timestamp())
