"""Reading all that changed, and the operator's check."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.errors import Unauthorized, Unavailable
from connectors.zendesk import client as client_module
from connectors.zendesk.check import check
from connectors.zendesk.client import Zendesk
from connectors.zendesk.incremental import changed_since
from sandbox.faults import Fault
from sandbox.zendesk import Zendesk as Vendor
from sandbox.zendesk.records import User


def hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


def test_every_change_is_read_page_after_page_and_deletions_too(
    client: Zendesk, vendor: Vendor, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "EXPORT_PAGE", 2)
    tickets = [vendor.open_ticket(ana, f"Number {n}", "words") for n in range(5)]
    vendor.delete(tickets[0])
    vendor.knobs.export_lag_s = 0
    seen = list(changed_since(client, hour_ago()))
    assert [one.ticket for one in seen] == [str(one.id) for one in tickets[1:] + tickets[:1]]
    assert [one.deleted for one in seen] == [False] * 4 + [True]
    assert all(hour_ago() < one.generated for one in seen)


def test_the_last_minute_is_not_asked_for(client: Zendesk, vendor: Vendor, ana: User) -> None:
    vendor.open_ticket(ana, "Young", "words")
    assert list(changed_since(client, datetime.now(UTC))) == []


def test_pages_that_lead_in_a_circle_are_left(
    client: Zendesk, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def circle(sent: Any, cursor: Any, *, ended: bool) -> dict[str, Any]:
        return {"tickets": [], "after_cursor": "same", "end_of_stream": False}

    monkeypatch.setattr("sandbox.zendesk.rest.histories.export_page", circle)
    monkeypatch.setattr("sandbox.zendesk.rest.histories.start", lambda until: (0.0, 0))
    with pytest.raises(Unavailable, match="circle"):
        list(changed_since(client, hour_ago()))


def test_only_an_admin_may_read_it(vendor: Vendor) -> None:
    vendor.add_agent("Sam", "sam@helpdesk.example")
    client = Zendesk(url=vendor.url, email="sam@helpdesk.example", api_token=vendor.api_token)
    with pytest.raises(Unauthorized):
        list(changed_since(client, hour_ago()))
    wrong = [what for what, ok, _ in check(client) if not ok]
    assert wrong == ["role", "export of changes", "webhooks"]


def test_the_check_finds_all_well(client: Zendesk) -> None:
    assert [ok for _, ok, _ in check(client)] == [True] * 5


def test_the_check_says_what_to_do(client: Zendesk, vendor: Vendor) -> None:
    vendor.clock.advance(600)
    wrong = {what: advice for what, ok, advice in check(client) if not ok}
    assert "NTP" in wrong["clocks"]
    vendor.faults.order(Fault("html", times=9))
    [(what, ok, advice)] = check(client)
    assert (what, ok) == ("credentials", False)
    assert "502" in advice
