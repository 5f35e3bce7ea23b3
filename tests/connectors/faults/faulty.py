"""A fault of the table, at every such call for as long as a block lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from werkzeug.http import http_date

from connectors import accounts
from tests.connectors.faults.table import FAULTS, HTTP_DATE, TOLD_S, Call
from tests.connectors.faults.town import Town

NOWHERE = "http://no-such-name.invalid"
"""By its very ending no address of anybody's."""


@contextmanager
def faulty(town: Town, call: Call, fault: str) -> Iterator[None]:
    """While the vendor is so."""
    vendor, more = town.vendors[call.system], dict(FAULTS[fault])
    if more["what"] == "unresolved":
        town.connect_all(**{call.system: NOWHERE})
        yield
        town.connect_all()
        return
    if more["what"] == "refused":
        vendor.server.stop()
        yield
        vendor.server.start()
        return
    if more.get("headers") == {"Retry-After": HTTP_DATE}:
        more["headers"] = {"Retry-After": http_date(told_until())}
    vendor.faults.order(call.faulty(**more))  # type: ignore[arg-type]
    with patience(town, 0.15 if more["what"] == "delay" else None):
        yield
    vendor.faults.clear()


def told_until() -> datetime:
    """By the clock that a fault's `Date` shows, which is the machine's."""
    return datetime.now(UTC) + timedelta(seconds=TOLD_S + 1)


@contextmanager
def patience(town: Town, read_s: float | None) -> Iterator[None]:
    """Our clients wait no longer than this for an answer."""
    if read_s is None:
        yield
        return
    import httpx2

    zendesk = accounts.zendesk(town.account("zendesk"))._session
    jira = accounts.jira(town.account("jira"))
    hubspot = accounts.hubspot(town.account("hubspot"))._library
    openai = accounts.openai(town.account("openai"))._library
    zendesk._timeout_s = jira.timeout_s = jira.session.timeout_s = hubspot._timeout_s = (3.0, read_s)
    openai.timeout = httpx2.Timeout(read_s, connect=3.0)
    yield
    accounts.close_all()
