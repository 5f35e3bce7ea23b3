"""The fourth road: what a company is worth, from HubSpot to the issues that it asks for, to the cent."""

from sandbox.demo.people import Browser
from tests.journeys.house import ROADMAP, House, minor


def test_a_deal_that_is_won_moves_from_the_pipeline_to_the_customers(house: House) -> None:
    ana, key = house.customer("Ana", prospect="40000.99"), house.issue("Single sign-on")
    house.linked(ana, "Single sign-on", key)
    house.quiet()
    before = house.demand_on(key)
    assert (before["customer"]["minor"], before["pipeline"]["minor"]) == (0, 3_600_089)
    hubspot = house.stage.hubspot
    deal = next(
        one
        for one in hubspot.portal.live("deals")
        if one.properties["dealname"] == f"{ROADMAP} {_number(ana.who.name)}"
    )
    Browser().post(f"{hubspot.url}/deals/{deal.id}", {"amount": "40000.99", "dealstage": "closedwon"})
    house.quiet()
    after = house.demand_on(key)
    assert (after["customer"]["minor"], after["pipeline"]["minor"]) == (minor("40000.99"), 0)


def test_a_company_counts_once_however_many_of_its_people_ask(house: House) -> None:
    ana, key = house.customer("Ana", won="100"), house.issue("Audit log")
    colleague = house.colleague("Bea", ana)
    for who in (ana, colleague):
        house.linked(who, "Audit log", key)
    house.quiet()
    found = house.demand_on(key)
    assert (found["requesters"], found["companies"], found["customer"]["minor"]) == (2, 1, 10_000)


def _number(name: str) -> str:
    return name.rpartition("Number")[2]
