"""The poll finds what was modified, all of it, each object once, and its watermark passes nothing unseen."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from connectors.hubspot.changed import changed_since
from connectors.hubspot.client import HubSpot
from connectors.hubspot.events import Dirty
from sandbox.hubspot import HubSpot as Portal


@pytest.mark.parametrize("kind", ["contact", "company", "deal"])
def test_what_was_modified_is_found_and_nothing_older(portal: Portal, client: HubSpot, kind: str) -> None:
    adds: dict[str, Callable[[str], str]] = {
        "contact": portal.add_contact,
        "company": portal.add_company,
        "deal": lambda name: portal.add_deal(amount=1, dealname=name),
    }
    add = adds[kind]
    add("old@acme.example")
    portal.clock.advance(3600)
    since = portal.clock.now()
    new = add("new@acme.example")
    found = changed_since(client, kind, since)
    assert found.dirty == (Dirty(kind, new),)
    assert since - timedelta(seconds=1) <= found.until <= portal.clock.now()
    assert changed_since(client, kind, found.until).dirty == found.dirty
    assert changed_since(client, kind, found.until + timedelta(minutes=6)).dirty == ()


def test_a_poll_that_finds_nothing_keeps_its_watermark(portal: Portal, client: HubSpot) -> None:
    since = portal.clock.now()
    assert changed_since(client, "deal", since).until == since


def test_more_than_a_page_is_found_even_when_it_all_happened_at_one_instant(
    portal: Portal, client: HubSpot
) -> None:
    since = portal.clock.now()
    added = [portal.add_company(f"Company {n}") for n in range(430)]
    for record in portal.portal.records["companies"].values():
        record.updated = since
    for ident in added[-5:]:
        portal.portal.records["companies"][ident].updated = since + timedelta(seconds=1)
    found = changed_since(client, "company", since)
    assert {dirty.id for dirty in found.dirty} == set(added)
    assert len(found.dirty) == 430
    assert abs(found.until - since - timedelta(seconds=1)) < timedelta(milliseconds=2)


def test_pages_follow_the_time_of_modification(portal: Portal, client: HubSpot) -> None:
    since = portal.clock.now()
    added = [portal.add_company(f"Company {n}") for n in range(430)]
    for n, record in enumerate(portal.portal.records["companies"].values()):
        record.updated = since + timedelta(milliseconds=7 * (n % 400))
    assert sorted(d.id for d in changed_since(client, "company", since).dirty) == sorted(added)
