"""Each way in which an answer can fail to come: what we make of it, and how often we ask."""

import time
from collections.abc import Mapping

import pytest

from connectors import bodies
from connectors.errors import Conflict, NotFound, Refused, Unauthorized, Unavailable
from connectors.zendesk import transport
from connectors.zendesk.client import Zendesk
from sandbox.faults import Fault
from sandbox.zendesk import Zendesk as Vendor
from sandbox.zendesk.records import Ticket
from store.errors import GiveUp, TryLater
from tests.dripping import dripping

REPLY = {"ticket": {"comment": {"body": "It is out."}, "metadata": {"m": "1"}}}


@pytest.fixture(autouse=True)
def connected(client: Zendesk) -> None:
    """The token is fetched before the trouble begins."""
    client.me()


def marked(vendor: Vendor) -> int:
    return len(vendor.ledger)


@pytest.mark.parametrize(
    ("kind", "applied"),
    [
        ("drop_after", 1),
        ("drop_before", 0),
        ("reset", 0),
        ("html", 0),
        ("garbage", 0),
        ("truncated", 1),
        ("status_after", 1),
        ("status", 0),
    ],
)
def test_a_write_without_a_clear_answer_is_sent_once_and_its_outcome_is_unknown(
    client: Zendesk, vendor: Vendor, ticket: Ticket, kind: str, applied: int
) -> None:
    vendor.faults.order(Fault(kind, method="PUT", times=5, status=500))
    with pytest.raises(Unavailable) as unknown:
        client.put_ticket(ticket.id, REPLY)
    assert unknown.value.sent
    assert len(vendor.faults.log) == 1
    assert marked(vendor) == applied


def test_a_write_whose_answer_comes_too_late_may_still_take_place(
    client: Zendesk, vendor: Vendor, ticket: Ticket
) -> None:
    vendor.faults.order(Fault("delay", method="PUT", seconds=0.4, times=5))
    client._session._timeout_s = (3.0, 0.2)
    with pytest.raises(Unavailable) as unknown:
        client.put_ticket(ticket.id, REPLY)
    assert unknown.value.sent
    assert marked(vendor) == 0
    vendor.faults.clear()
    client._session._timeout_s = (3.0, 10.0)
    for _ in range(50):
        if client.audits(ticket.id, most=1)[0]["metadata"]["custom"]:
            break
        time.sleep(0.02)
    assert marked(vendor) == 1
    assert len(vendor.faults.log) == 1


def test_a_create_whose_answer_is_lost_is_repeated_safely(
    client: Zendesk, vendor: Vendor, ticket: Ticket
) -> None:
    body = b'{"ticket": {"comment": {"body": "It is out."}, "metadata": {"m": "1"}}}'
    vendor.faults.order(Fault("drop_after", method="POST"))
    with pytest.raises(Unavailable):
        client.create_ticket(body, idempotency_key="k")
    client.create_ticket(body, idempotency_key="k")
    assert marked(vendor) == 1


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "reset", "html", "garbage", "truncated"])
def test_a_read_without_a_clear_answer_is_for_later(
    client: Zendesk, vendor: Vendor, ticket: Ticket, kind: str
) -> None:
    vendor.faults.order(Fault(kind, method="GET", times=5))
    with pytest.raises(Unavailable):
        client.ticket(ticket.id)
    assert len(vendor.faults.log) == 1


@pytest.mark.parametrize(
    ("status", "headers", "error", "after_s"),
    [
        (429, {"Retry-After": "7"}, Unavailable, 7.0),
        (429, {}, Unavailable, None),
        (429, {"Retry-After": "soon"}, Unavailable, None),
        (429, {"Retry-After": "99999999"}, Unavailable, 3600.0),
        (503, {"Retry-After": "Thu, 01 Jan 2026 00:00:00 GMT"}, Unavailable, None),
        (500, {}, Unavailable, None),
        (504, {}, Unavailable, None),
        (409, {}, Conflict, None),
    ],
)
def test_what_may_be_better_later(
    client: Zendesk,
    vendor: Vendor,
    ticket: Ticket,
    status: int,
    headers: Mapping[str, str],
    error: type[TryLater],
    after_s: float | None,
) -> None:
    vendor.faults.order(Fault("status", status=status, headers=headers))
    with pytest.raises(error) as later:
        client.put_ticket(ticket.id, REPLY)
    assert later.value.after_s == after_s
    if isinstance(later.value, Unavailable):
        assert later.value.sent is (status != 429)
    assert str(later.value).startswith("Zendesk ") or str(later.value).startswith("Zendesk's ")


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, Refused), (403, Unauthorized), (404, NotFound), (422, Refused), (302, Refused)],
)
def test_what_will_not_be_better_later(
    client: Zendesk, vendor: Vendor, ticket: Ticket, status: int, error: type[GiveUp]
) -> None:
    headers = {"Location": "http://elsewhere.example/"} if status == 302 else {}
    vendor.faults.order(Fault("status", status=status, headers=headers))
    with pytest.raises(error) as refused:
        client.put_ticket(ticket.id, REPLY)
    assert isinstance(refused.value, Refused)
    assert refused.value.status == status


def test_a_429_does_not_make_us_sleep_where_zenpy_would(
    client: Zendesk, vendor: Vendor, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(seconds: float) -> None:
        raise AssertionError("slept in the process")

    monkeypatch.setattr("zenpy.lib.api.sleep", never)
    vendor.faults.order(Fault("status", status=429, headers={"Retry-After": "30"}))
    with pytest.raises(Unavailable):
        client.ticket(ticket.id)


def test_a_server_that_is_not_there_has_not_got_our_write(
    client: Zendesk, vendor: Vendor, ticket: Ticket
) -> None:
    vendor.server.stop()
    with pytest.raises(Unavailable) as never:
        client.put_ticket(ticket.id, REPLY)
    assert not never.value.sent


def test_trouble_with_the_token_means_that_the_write_was_not_sent(vendor: Vendor, ticket: Ticket) -> None:
    fresh = Zendesk(url=vendor.url, client_id=vendor.client_id, client_secret=vendor.client_secret)
    for kind in ("drop_after", "html", "garbage", "status"):
        vendor.faults.order(Fault(kind, path="/oauth/tokens"))
        with pytest.raises(Unavailable) as trouble:
            fresh.put_ticket(ticket.id, REPLY)
        assert not trouble.value.sent
    fresh.put_ticket(ticket.id, REPLY)
    assert marked(vendor) == 1


def test_an_answer_that_is_too_large_is_not_read(
    client: Zendesk, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "LARGEST_BYTES", 100)
    with pytest.raises(Unavailable, match="began an answer of more than"):
        client.ticket(ticket.id)


def test_an_answer_that_drips_is_given_up(
    client: Zendesk, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "SLOWEST_S", 0.0)
    with pytest.raises(Unavailable):
        client.ticket(ticket.id)


def test_a_body_that_drips_byte_by_byte_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SLOWEST_S", 0.3)
    with dripping() as url:
        started = time.monotonic()
        with pytest.raises(Unavailable):
            Zendesk(url=url, email="a@b.example", api_token="b").me()
        assert time.monotonic() - started < 3


def test_our_token_goes_to_no_other_address() -> None:
    base = "https://acme.zendesk.com"
    zenpys = f"https://{transport.ZENPY_HOST}/api/v2/users/me.json"
    assert transport.configured(zenpys, base) == f"{base}/api/v2/users/me.json"
    assert transport.configured(f"{base}/oauth/tokens", base) == f"{base}/oauth/tokens"
    for other in (
        "http://acme.zendesk.com/x",
        "https://acme.zendesk.com.evil.example/",
        "https://evil.example/",
    ):
        with pytest.raises(transport.ElsewhereError):
            transport.configured(other, base)
