"""The given library, through our factory, against the sandbox portal."""

import json

import hubspot
import pytest
import urllib3

from connectors.hubspot.client import HubSpot, Record
from connectors.hubspot.library import Library
from sandbox.hubspot import HubSpot as Portal


def ids(records: list[Record]) -> set[str]:
    return {record.id for record in records}


def test_unknown_addresses_are_missing_and_the_found_ones_stand(portal: Portal, client: HubSpot) -> None:
    anna = portal.add_contact("anna@acme.example")
    wanted = ["ANNA@acme.example", "no@acme.example"]
    found = client.read("contacts", wanted, ["email", "nonsense"], by="email")
    assert [(r.id, r.get("email")) for r in found] == [(anna, "anna@acme.example")]
    assert "nonsense" not in found[0].properties


def test_more_than_a_batch_is_read_in_batches_each_id_once(portal: Portal, client: HubSpot) -> None:
    added = [portal.add_company(f"Company {n}") for n in range(205)]
    assert ids(client.read("companies", [*added, *added[:5]], ["name"])) == set(added)


def test_a_merged_record_comes_under_its_new_id(portal: Portal, client: HubSpot) -> None:
    one, two = portal.add_company("One"), portal.add_company("Two")
    new = portal.merge("companies", one, two)
    found = client.read("companies", [two], ["name", "hs_merged_object_ids"])
    assert [(r.id, r.get("hs_merged_object_ids")) for r in found] == [(new, f"{one};{two}")]


def test_associations_are_followed_over_all_their_pages(portal: Portal, client: HubSpot) -> None:
    acme, other = portal.add_company("Acme"), portal.add_company("Other")
    added = [portal.add_deal(company=acme, amount=n) for n in range(5)]
    links = client.links("companies", "deals", [acme, other, "77"])
    assert {link.id for link in links[acme]} == set(added) and len(links[acme]) == 5
    assert all(link.types == {6, 342} for link in links[acme])
    assert list(links) == [acme]


def test_a_search_finds_a_secondary_address(portal: Portal, client: HubSpot) -> None:
    anna = portal.add_contact("anna@acme.example", additional=["a@home.example", "b@home.example"])
    portal.add_contact("bert@acme.example")
    wanted = {"propertyName": "hs_additional_emails", "operator": "EQ", "value": "b@home.example"}
    page = client.search("contacts", [[wanted]], ["email"])
    assert [r.id for r in page.records] == [anna] and not page.more


def test_the_account_and_the_stages_are_asked_for_once(portal: Portal, client: HubSpot) -> None:
    assert client.account().currency == "USD"
    assert client.stage_probabilities()["qualifiedtobuy"] == "0.4"
    portal.stop()
    assert client.account().currency == "USD"
    assert client.stage_probabilities()["closedwon"] == "1.0"


def test_one_connection_serves_all_packages_of_the_library(portal: Portal, client: HubSpot) -> None:
    company = portal.add_company("Acme")
    client.read("companies", [company], [])
    client.links("companies", "deals", [company])
    client.first("deals")
    pool = client._library._pool.connection_from_url(portal.url)
    assert (pool.num_connections, pool.num_requests) == (1, 3)


def test_the_library_lists_archived_objects_page_by_page(portal: Portal) -> None:
    kept, gone = portal.add_company("Kept"), [portal.add_company(f"Gone {n}") for n in range(3)]
    for ident in gone:
        portal.archive("companies", ident)
    library = Library(timeout_s=(1, 1))
    crm = hubspot.Client.create(access_token=portal.token, host=portal.url, api_factory=library.api).crm
    first = crm.companies.basic_api.get_page(limit=2, archived=True)
    second = crm.companies.basic_api.get_page(limit=2, archived=True, after=first.paging.next.after)
    listed = first.results + second.results
    assert [one.id for one in listed] == gone and all(one.archived_at for one in listed)
    assert second.paging is None
    assert [one.id for one in crm.companies.get_all()] == [kept]
    library.close()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/crm/objects/2026-09/contacts/batch/read", {"inputs": []}, 400),
        ("/crm/objects/2026-09/contacts/search", {"filterGroups": [{}] * 7}, 400),
        ("/crm/objects/2026-09/contacts/search", {"limit": 201}, 400),
        ("/crm/objects/2026-09/contacts/search", {"after": "9900", "limit": 200}, 400),
        ("/crm/objects/2026-09/tickets/search", {}, 404),
        ("/crm/associations/2026-09/contacts/tickets/batch/read", {"inputs": []}, 400),
    ],
)
def test_the_portal_refuses_what_hubspot_refuses(
    portal: Portal, path: str, body: dict[str, object], status: int
) -> None:
    answer = urllib3.request(
        "POST", portal.url + path, json=body, headers={"Authorization": f"Bearer {portal.token}"}
    )
    assert answer.status == status
    assert json.loads(answer.data)["status"] == "error"
