"""Which tickets changed since: the incremental export, page after page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.errors import Unavailable
from connectors.zendesk.client import Zendesk, objects

YOUNGEST = timedelta(seconds=75)
"""The export leaves out the last minute and refuses a later start; a little more, for the clocks."""


@dataclass(frozen=True, slots=True)
class ChangedTicket:
    """One ticket that changed, perhaps told more than once. `generated` is the export's own order of time."""

    ticket: str
    generated: datetime
    deleted: bool


def changed_since(client: Zendesk, start: datetime) -> Iterator[ChangedTicket]:
    """Every ticket that changed at or after `start` and more than a minute ago, in the export's order.

    The newest `generated` that was seen is a safe start for the next time; nothing newer is. Raises
    Unavailable, also when the pages lead in a circle; needs an admin's token.
    """
    latest = client.clock() - YOUNGEST
    page = client.changes(start=int(min(start, latest).timestamp()))
    seen: set[str] = set()
    while True:
        for ticket in objects(page, "tickets"):
            yield changed(ticket)
        cursor = page.get("after_cursor")
        if page.get("end_of_stream") is True or not cursor:
            return
        if cursor in seen:
            raise Unavailable("Zendesk's export leads in a circle: a cursor came twice. It is read later.")
        seen.add(cursor)
        page = client.changes(cursor=cursor)


def changed(ticket: dict[str, object]) -> ChangedTicket:
    """Raises Unavailable."""
    ident, generated = ticket.get("id"), ticket.get("generated_timestamp")
    if not isinstance(ident, int) or not isinstance(generated, int):
        raise Unavailable("Zendesk's export has a ticket without its id or time. It is read later.")
    return ChangedTicket(
        str(ident), datetime.fromtimestamp(generated, UTC), ticket.get("status") == "deleted"
    )
