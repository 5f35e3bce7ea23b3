"""From addresses to companies and their worth, over real HTTP."""

from datetime import UTC, datetime

import pytest

from connectors.errors import Unavailable
from connectors.hubspot.client import HubSpot
from connectors.hubspot.lookup import companies_of, contacts_of
from connectors.hubspot.owners import company_ids_of_contacts, company_ids_of_deals
from connectors.hubspot.value import Companies, companies_by_id
from sandbox.faults import Fault
from sandbox.hubspot import HubSpot as Portal


def now() -> datetime:
    return datetime.now(UTC)


def by_id(client: HubSpot, *ids: str) -> Companies:
    return companies_by_id(client, ids, currency="USD", now=now())


def worth(client: HubSpot, company: str) -> tuple[int, int]:
    [seen] = by_id(client, company).seen
    return seen.customer_minor, seen.pipeline_minor


def test_people_lead_to_their_companies_and_these_to_money(portal: Portal, client: HubSpot) -> None:
    acme = portal.add_company("Acme", "acme.example", hs_additional_domains="acme.test;ACME.example")
    bolt = portal.add_company("Bolt")
    portal.add_contact("anna@acme.example", acme, additional=["anna@home.example"])
    portal.add_contact("bert@acme.example", acme)
    portal.add_contact("cleo@bolt.example", bolt)
    portal.add_contact("dora@nowhere.example")
    portal.add_deal(company=acme, amount="1200.50", stage="won")
    portal.add_deal(company=acme, amount="1000", stage="presentationscheduled")
    portal.add_deal(company=bolt, amount="100", currency="EUR", stage="won")
    emails = ["Anna@home.example", "bert@acme.example", "cleo@bolt.example", "dora@nowhere.example", "x@y.z"]
    found = companies_of(client, emails, currency="USD", now=now())
    assert [(c.name, c.customer_minor, c.pipeline_minor) for c in found.companies] == [
        ("Acme", 120050, 60000),
        ("Bolt", 11000, 0),
    ]
    assert found.companies[0].emails == ("anna@home.example", "bert@acme.example")
    assert found.companies[0].domains == ("acme.example", "acme.test")
    assert found.unknown == ("dora@nowhere.example", "x@y.z")
    assert found.ways["bert@acme.example"].endswith("the primary company")


def test_nobody_leads_nowhere_and_asks_nothing_of_hubspot(portal: Portal, client: HubSpot) -> None:
    portal.stop()
    assert companies_of(client, ["not an address", ""], currency="USD", now=now()).companies == ()


def test_an_address_is_its_owners_before_it_is_anybodys_second_one(portal: Portal, client: HubSpot) -> None:
    portal.add_contact("other@acme.example", additional=["anna@acme.example", "shared@acme.example"])
    anna = portal.add_contact("anna@acme.example", additional=["shared@acme.example"])
    found = contacts_of(client, ["anna@acme.example", "shared@acme.example"])
    assert found["anna@acme.example"] == anna
    assert int(found["shared@acme.example"]) < int(anna)


def test_many_secondary_addresses_are_found_by_searches_of_three(portal: Portal, client: HubSpot) -> None:
    seconds = [f"second{n}@acme.example" for n in range(7)]
    added = {second: portal.add_contact(f"of-{second}", additional=[second]) for second in seconds}
    portal.faults.order(Fault("status", path="/search", status=429, skip=3))
    assert contacts_of(client, list(added)) == added
    with pytest.raises(Unavailable):
        contacts_of(client, list(added))


def test_a_contact_of_several_companies_belongs_to_the_primary_one(portal: Portal, client: HubSpot) -> None:
    first, second, third = (portal.add_company(name) for name in ("First", "Second", "Third"))
    anna = portal.add_contact("anna@acme.example")
    portal.tie("contacts", anna, "companies", third)
    portal.tie("contacts", anna, "companies", second)
    assert company_ids_of_contacts(client, [anna]) == {second}
    portal.tie("contacts", anna, "companies", third, primary=True)
    portal.tie("contacts", anna, "companies", first)
    assert company_ids_of_contacts(client, [anna]) == {third}


def test_a_deal_counts_for_one_company_only(portal: Portal, client: HubSpot) -> None:
    agency, acme = portal.add_company("Agency"), portal.add_company("Acme")
    deal = portal.add_deal(company=acme, amount=500, stage="won")
    portal.tie("deals", deal, "companies", agency)
    assert worth(client, acme) == (50000, 0)
    assert worth(client, agency) == (0, 0)
    assert company_ids_of_deals(client, [deal]) == {acme}


def test_a_deal_of_a_person_only_counts_for_their_company_by_whatever_road(
    portal: Portal, client: HubSpot
) -> None:
    acme, bolt = portal.add_company("Acme"), portal.add_company("Bolt")
    lone = portal.add_contact("lone@home.example")
    anna, bert = portal.add_contact("anna@acme.example", acme), portal.add_contact("bert@bolt.example", bolt)
    deal = portal.add_deal(contact=lone, amount=80, stage="won")
    portal.tie("deals", deal, "contacts", bert)
    portal.tie("deals", deal, "contacts", anna)
    assert worth(client, acme) == (8000, 0)
    assert worth(client, bolt) == (0, 0)
    assert company_ids_of_deals(client, [deal]) == {acme}
    [seen] = companies_of(client, ["anna@acme.example"], currency="USD", now=now()).companies
    assert seen.customer_minor == 8000


def test_a_company_with_more_than_a_batch_of_deals_is_counted_whole(portal: Portal, client: HubSpot) -> None:
    acme = portal.add_company("Acme")
    for _ in range(103):
        portal.add_deal(company=acme, amount="1.01", stage="won")
    assert worth(client, acme) == (103 * 101, 0)


def test_a_changed_and_an_archived_deal_change_the_worth(portal: Portal, client: HubSpot) -> None:
    acme = portal.add_company("Acme")
    deal = portal.add_deal(company=acme, amount=100)
    assert worth(client, acme) == (0, 4000)
    portal.change_deal(deal, stage="won", amount="120")
    assert worth(client, acme) == (12000, 0)
    portal.change_deal(deal, stage="lost")
    assert worth(client, acme) == (0, 0)
    portal.change_deal(deal, stage="won")
    portal.archive("deals", deal)
    assert worth(client, acme) == (0, 0)


def test_merged_and_deleted_companies_are_told_as_gone(portal: Portal, client: HubSpot) -> None:
    one, two, three = (portal.add_company(name) for name in ("One", "Two", "Three"))
    portal.add_deal(company=one, amount=10, stage="won")
    portal.add_deal(company=two, amount=20, stage="won")
    new = portal.merge("companies", one, two)
    portal.archive("companies", three)
    read = by_id(client, one, two, three)
    assert [(c.company, c.customer_minor) for c in read.seen] == [(new, 3000)]
    assert read.gone == {one: new, two: new, three: None}


def test_without_the_account_scope_only_our_own_currency_counts(portal: Portal, client: HubSpot) -> None:
    acme = portal.add_company("Acme")
    portal.add_deal(company=acme, amount=10, stage="won", currency="EUR")
    portal.add_deal(company=acme, amount=20, stage="won", currency="USD")
    portal.add_deal(company=acme, amount=40, stage="won")
    portal.faults.order(Fault("status", path="account-info|pipelines", status=403, times=2))
    assert worth(client, acme) == (6000, 0)


def test_a_vendor_that_fails_halfway_gives_no_half_truth(portal: Portal, client: HubSpot) -> None:
    acme = portal.add_company("Acme")
    portal.add_deal(company=acme, amount=10, stage="won")
    steps = ("companies/batch", "companies/deals", "companies/contacts", "deals/companies", "deals/batch")
    for path in steps:
        portal.faults.order(Fault("status", path=path, status=503))
        with pytest.raises(Unavailable):
            by_id(client, acme)
    assert worth(client, acme) == (1000, 0)
