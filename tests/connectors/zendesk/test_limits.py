"""What Zendesk says of its limits, and what becomes of our pace by it: over real HTTP."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from requests.structures import CaseInsensitiveDict
from sqlalchemy import Engine

from connectors.zendesk import limits
from lineage.outbox import PACED
from sandbox.faults import Fault
from sandbox.zendesk.records import Ticket
from store.database import reading
from store.pace import Pace
from store.workspaces import Workspace
from tests.connectors.office import Office


@pytest.fixture
def office(database: Engine, workspace: Workspace) -> Iterator[Office]:
    it = Office(database, workspace)
    yield it
    it.close()


def pace(office: Office) -> Pace:
    with reading(office.engine) as conn:
        return PACED.read(conn, office.workspace.id, now=office.clock())


def asked(office: Office, people: int) -> list[Ticket]:
    """So many people asked for what is done by now, and are owed the news."""
    tickets = [office.ticket(office.zendesk.add_user(f"U{n}", f"u{n}@acme.example")) for n in range(people)]
    office.issue("done")
    office.pass_time(60)
    return tickets


@pytest.mark.parametrize(
    ("headers", "replies"),
    [
        ({}, None),
        ({"x-rate-limit": "700"}, None),
        ({"Zendesk-Rate-Limit-Tickets-Update": "total=100; remaining=99; resets=59"}, 60),
        ({"zendesk-rate-limit-tickets-update": "total=20; remaining=19; resets=59"}, 12),
        ({"zendesk-rate-limit-tickets-update": "total=300; remaining=9; resets=59"}, 180),
        ({"zendesk-rate-limit-tickets-update": "total=100", "x-rate-limit": "200"}, 30),
        ({"zendesk-rate-limit-tickets-update": "total=100", "x-rate-limit": "0"}, 60),
        ({"zendesk-rate-limit-tickets-update": "total=nothing", "x-rate-limit": "a lot"}, None),
        ({"zendesk-rate-limit-tickets-update": "total=" + "9" * 400}, None),
    ],
)
def test_our_share_is_sixty_percent_of_the_smaller_limit(
    headers: dict[str, str], replies: float | None
) -> None:
    found = limits.ceiling(CaseInsensitiveDict(headers))
    assert found == replies or (found is not None and found > 1e6)


def test_a_used_up_limit_says_for_how_long_to_rest() -> None:
    assert limits.rest_s({"zendesk-rate-limit-tickets-update": "total=100; remaining=0; resets=41"}) == 41
    assert limits.rest_s({"zendesk-rate-limit-tickets-update": "total=100; remaining=1; resets=41"}) is None


def test_the_limit_of_the_account_becomes_the_pace(office: Office) -> None:
    office.zendesk.limits.updates_per_min = 50
    asked(office, 1)
    office.work(rounds=1)
    assert pace(office).ceiling == 30


def test_a_reply_takes_one_slot_and_one_that_is_not_sent_takes_none(office: Office) -> None:
    tickets = asked(office, 3)
    (gone, *_) = tickets
    office.zendesk.change_requester(gone, office.zendesk.add_user("Bob", "bob@acme.example"))
    before = office.clock() - timedelta(seconds=10)
    for claimed in office.claim():
        office.deliver(claimed)
    assert sum(len(office.heard(ticket)) for ticket in tickets) == 2
    assert timedelta(seconds=2) <= pace(office).free_at - before < timedelta(seconds=3)


def test_after_a_429_nothing_goes_out_until_it_said_so_and_then_more_slowly(office: Office) -> None:
    tickets = asked(office, 5)
    answer = Fault("status", method="PUT", status=429, headers={"Retry-After": "37"})
    office.zendesk.faults.order(answer)
    (first, *_) = office.claim()
    office.deliver(first)
    refused_at = office.clock()
    until = pace(office).hold_until
    assert until is not None
    assert abs(until - refused_at - timedelta(seconds=37)) < timedelta(seconds=1)
    office.pass_time(19)  # the leases of the others are not over yet
    assert not office.claim()
    office.pass_time(17)
    assert not office.claim(), "a second too early, though the leases are over"
    office.pass_time(2)
    assert pace(office).per_minute(office.clock()) < 46
    for _ in range(6):
        office.work(rounds=1)
        office.pass_time(30)
    assert [len(office.heard(ticket)) for ticket in tickets] == [1] * 5


def test_a_429_on_a_reading_counts_as_well(office: Office) -> None:
    asked(office, 1)
    office.zendesk.faults.order(Fault("status", method="GET", status=429))
    office.work(rounds=1)
    assert pace(office).lowered_to == 45


def test_what_may_have_arrived_is_read_back_whatever_the_pace(office: Office) -> None:
    (ticket,) = asked(office, 1)
    office.zendesk.faults.order(Fault("drop_after", method="PUT"))
    for claimed in office.claim():
        office.deliver(claimed)
    assert office.notices()[0].state == "unknown"
    asked_again_by = office.clock() + timedelta(seconds=30)
    while not office.notices(state="confirmed") and office.clock() < asked_again_by:
        for claimed in office.claim():
            office.deliver(claimed)
        office.pass_time(1)
    assert office.notices(state="confirmed")
    assert len(office.heard(ticket)) == 1
