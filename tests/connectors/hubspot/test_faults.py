"""Whatever HubSpot or the network does to a call, one of our errors comes out, and it is the right one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import Conflict, NotFound, Refused, Unauthorized, Unavailable
from connectors.hubspot.answers import daily_wait_s, refusal
from connectors.hubspot.check import check
from connectors.hubspot.client import HubSpot
from sandbox.faults import Fault
from sandbox.hubspot import HubSpot as Portal

CALLS: list[Callable[[HubSpot], object]] = [
    lambda client: client.read("contacts", ["1"], ["email"]),
    lambda client: client.search("deals", [], ["amount"]),
    lambda client: client.links("companies", "deals", ["1"]),
    lambda client: client.first("companies"),
    lambda client: client.stage_probabilities(),
    lambda client: client.account(),
]

SILENCES = [Fault("drop_before"), Fault("drop_after"), Fault("reset"), Fault("delay", seconds=0.45)]
GARBAGE = [Fault("html"), Fault("garbage"), Fault("truncated"), Fault("status", status=204)]
GARBAGE += [Fault("status", status=status) for status in (408, 423, 477, 500, 503)]


@pytest.mark.parametrize("fault", SILENCES + GARBAGE, ids=lambda f: f"{f.kind}{f.status}")
def test_no_answer_or_a_garbled_one_is_unavailable_and_not_tried_again(
    portal: Portal, client: HubSpot, fault: Fault
) -> None:
    for call in CALLS if fault.kind != "delay" else CALLS[:1]:
        portal.faults.order(fault)
        portal.faults.log.clear()
        with pytest.raises(Unavailable) as caught:
            call(client)
        assert str(caught.value).startswith("HubSpot: ")
        assert len(portal.faults.log) == 1
    portal.faults.clear()


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "[]",
        "7",
        "null",
        '{"results": null}',
        '{"results": 5}',
        '{"results": [{}]}',
        '{"results": [{"id": "1", "to": [{}], "from": {"id": "1"}, "stages": [{}]}]}',
        '{"results": [{"to": [], "from": null}]}',
        '{"utcOffsetMilliseconds": "x", "results": "abc"}',
    ],
)
def test_json_of_another_shape_is_unavailable_too(portal: Portal, client: HubSpot, body: str) -> None:
    portal.faults.order(Fault("status", status=200, body=body, times=99))
    for call in CALLS[:3] + CALLS[-1:]:
        with pytest.raises(Unavailable):
            call(client)


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, Refused), (401, Unauthorized), (403, Unauthorized), (404, NotFound), (409, Conflict)],
)
def test_a_refusal_is_told_by_its_kind(
    portal: Portal, client: HubSpot, status: int, error: type[Exception]
) -> None:
    portal.faults.order(Fault("status", status=status, times=len(CALLS)))
    for call in CALLS:
        with pytest.raises(error) as caught:
            call(client)
        assert type(caught.value) is error


@pytest.mark.parametrize(
    ("headers", "policy", "after_s"),
    [
        ({"Retry-After": "7"}, "TEN_SECONDLY_ROLLING", 7),
        ({}, "TEN_SECONDLY_ROLLING", 10),
        ({}, "SECONDLY", 1),
        ({}, "SOMETHING_NEW", None),
        ({"Retry-After": "soon"}, "SOMETHING_NEW", None),
    ],
)
def test_a_limit_says_how_long_to_wait(
    portal: Portal, client: HubSpot, headers: dict[str, str], policy: str, after_s: float | None
) -> None:
    body = f'{{"status":"error","errorType":"RATE_LIMIT","policyName":"{policy}","message":"no"}}'
    portal.faults.order(Fault("status", status=429, headers=headers, body=body))
    with pytest.raises(Unavailable) as caught:
        client.first("deals")
    assert caught.value.after_s == after_s
    assert not caught.value.sent


def test_the_daily_limit_waits_for_the_portals_midnight(portal: Portal, client: HubSpot) -> None:
    body = '{"policyName":"DAILY"}'
    portal.faults.order(Fault("status", status=429, body=body, times=2, headers={"Retry-After": "1"}))
    with pytest.raises(Unavailable) as caught:
        client.first("deals")
    assert caught.value.after_s == 3600
    now = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    assert daily_wait_s(now, timedelta()) == 5400
    assert daily_wait_s(now, timedelta(hours=2)) == 23.5 * 3600
    assert daily_wait_s(now, timedelta(hours=-5)) == 6.5 * 3600


def test_a_retry_after_may_be_a_date() -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    headers = {"retry-after": "Mon, 23 Nov 2026 12:00:30 GMT"}
    error = refusal(503, b"\xff not text", headers, now=now, utc_offset=None)
    assert isinstance(error, Unavailable) and error.after_s == 30


def test_a_missing_scope_is_named(portal: Portal, client: HubSpot) -> None:
    body = '{"errors":[{"context":{"requiredGranularScopes":["crm.objects.deals.read"]}}],"message":"x"}'
    portal.faults.order(Fault("status", status=403, body=body))
    with pytest.raises(Unauthorized, match=r"Give it the scope crm\.objects\.deals\.read"):
        client.first("deals")


def test_a_portal_that_nobody_serves_was_never_reached() -> None:
    client = HubSpot(url="http://127.0.0.1:9", token="x")
    with pytest.raises(Unavailable) as caught:
        client.first("deals")
    assert not caught.value.sent


def test_the_doctor_sees_a_good_token_and_a_bad_one(portal: Portal, client: HubSpot) -> None:
    portal.add_company("Acme")
    told = check(client)
    assert [ok for _, ok, _ in told] == [True] * 5
    assert told[0][2] == "portal 40000236, home currency USD"
    other = check(HubSpot(url=portal.url, token="wrong"))
    assert [ok for _, ok, _ in other] == [False] * 5 and "401" in other[0][2]
    portal.stop()
    down = check(HubSpot(url=portal.url, token=portal.token))
    assert not any(ok for _, ok, _ in down) and "ask again later" in down[0][2]
