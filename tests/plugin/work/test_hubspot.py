"""What companies are worth, read when a requester is new or a deal has changed."""

import pytest

from lineage.tables import companies, requests
from sandbox.hubspot import HubSpot
from store.worker import Report
from tests.plugin.work.conftest import Desk


def worth(desk: Desk) -> dict[str, tuple[int, int]]:
    return {row["name"]: (row["customer_minor"], row["pipeline_minor"]) for row in desk.rows(companies)}


def _asked(desk: Desk, hubspot: HubSpot) -> str:
    """Ana of Acme asked for something; Acme's deal is open at 20 % of 1,000. Acme's id."""
    acme = hubspot.add_company("Acme", "acme.example")
    hubspot.add_contact("ana@acme.example", acme)
    hubspot.add_deal(amount="1000", company=acme, stage="appointmentscheduled")
    desk.knows_ticket("7", "ana@acme.example")
    desk.looks_at("hubspot", "email", "ana@acme.example")
    return acme


def test_a_requester_leads_to_their_company_and_what_it_is_worth(desk: Desk, hubspot: HubSpot) -> None:
    _asked(desk, hubspot)
    assert worth(desk) == {"Acme": (0, 20_000)}
    assert [row["company_id"] is not None for row in desk.rows(requests)] == [True]


def test_an_address_that_hubspot_does_not_know_is_nobodys_fault(desk: Desk, hubspot: HubSpot) -> None:
    desk.knows_ticket("7", "zoe@nowhere.example")
    assert desk.looks_at("hubspot", "email", "zoe@nowhere.example") == Report(done=1)
    assert worth(desk) == {}


def test_a_contact_that_comes_later_is_found_then(desk: Desk, hubspot: HubSpot) -> None:
    desk.knows_ticket("7", "ana@acme.example")
    desk.looks_at("hubspot", "email", "ana@acme.example")
    acme = hubspot.add_company("Acme", "acme.example")
    contact = hubspot.add_contact("ana.ruiz@acme.example", acme, additional=["ana@acme.example"])
    desk.looks_at("hubspot", "contact", contact)
    assert list(worth(desk)) == ["Acme"]


def test_a_deal_that_is_won_counts_with_its_company(desk: Desk, hubspot: HubSpot) -> None:
    acme = _asked(desk, hubspot)
    deal = hubspot.add_deal(amount="500.55", company=acme, stage="won")
    desk.looks_at("hubspot", "deal", deal)
    assert worth(desk) == {"Acme": (50_055, 20_000)}


def test_a_company_that_nobody_here_asks_for_is_not_kept(desk: Desk, hubspot: HubSpot) -> None:
    other = hubspot.add_company("Other", "other.example")
    deal = hubspot.add_deal(amount="500", company=other, stage="won")
    for kind, ident in (("company", other), ("deal", deal)):
        assert desk.looks_at("hubspot", kind, ident).done == 1
    assert worth(desk) == {}


def test_a_deleted_company_is_worth_nothing_any_more(desk: Desk, hubspot: HubSpot) -> None:
    acme = _asked(desk, hubspot)
    hubspot.portal.archive("companies", acme)
    desk.looks_at("hubspot", "company", acme)
    assert worth(desk) == {"Acme": (0, 0)}


def test_a_merged_company_is_worth_what_the_survivor_is(desk: Desk, hubspot: HubSpot) -> None:
    acme = _asked(desk, hubspot)
    bigger = hubspot.add_company("Acme Holding", "holding.example")
    hubspot.add_deal(amount="900", company=bigger, stage="won")
    hubspot.portal.merge("companies", bigger, acme)
    desk.looks_at("hubspot", "company", acme)
    assert worth(desk) == {"Acme Holding": (90_000, 20_000)}


def test_the_reconciliation_finds_changed_deals_and_new_contacts(desk: Desk, hubspot: HubSpot) -> None:
    acme = _asked(desk, hubspot)
    desk.knows_ticket("8", "ben@cobalt.example")
    desk.looks_at("hubspot", "sync", "all")
    desk.clock.advance(601)
    hubspot.add_deal(amount="100", company=acme, stage="won")
    cobalt = hubspot.add_company("Cobalt", "cobalt.example")
    hubspot.add_contact("ben@cobalt.example", cobalt)
    desk.works("looks")
    assert worth(desk) == {"Acme": (10_000, 20_000), "Cobalt": (0, 0)}


def test_without_hubspot_a_new_requester_is_no_failure(desk: Desk) -> None:
    assert desk.looks_at("hubspot", "email", "ana@acme.example") == Report(done=1)


def test_an_answer_older_than_the_change_that_was_told_is_read_again(desk: Desk, hubspot: HubSpot) -> None:
    acme = _asked(desk, hubspot)
    hubspot.add_deal(amount="500", company=acme, stage="won")
    desk.clock.advance(60)
    report = desk.looks_at("hubspot", "company", acme, at=desk.clock.now())
    assert (report.done, report.later, worth(desk)) == (0, 1, {"Acme": (0, 20_000)})
    hubspot.portal.change("companies", acme, {"name": "Acme Ltd"})
    desk.clock.advance(10)
    assert desk.works("looks").done == 1
    assert worth(desk) == {"Acme Ltd": (50_000, 20_000)}


@pytest.mark.parametrize("kind", ["contact", "company", "deal"])
def test_what_stays_as_it_was_before_the_change_counts_after_two_tries_more(
    desk: Desk, hubspot: HubSpot, kind: str
) -> None:
    acme = _asked(desk, hubspot)
    named = {
        "company": acme, "deal": hubspot.add_deal(amount="500", company=acme, stage="won"),
        "contact": hubspot.add_contact("ana.ruiz@acme.example", acme, additional=["ana@acme.example"]),
    }  # fmt: skip
    desk.clock.advance(60)
    reports = [desk.looks_at("hubspot", kind, named[kind], at=desk.clock.now())]
    for _ in range(2):
        desk.clock.advance(60)
        reports.append(desk.works("looks"))
    assert [one.later for one in reports] == [1, 1, 0]
    desk.works("looks")
    assert worth(desk) == {"Acme": (50_000, 20_000)}
