"""The first road: from a ticket in Zendesk to the issue in Jira, by the sidebar."""

import pytest
import requests

from sandbox.demo.operator import SLUG
from sandbox.demo.people import Browser, Frame
from tests.journeys.house import House, minor


def test_linking_from_the_sidebar_brings_the_demand_to_the_issue(house: House) -> None:
    ana, key = house.customer("Ana", won="12000.50", prospect="1000"), house.issue("Import from Excel")
    house.linked(ana, "Import from Excel", key)
    house.quiet()
    found = house.demand_on(key)
    assert (found["requesters"], found["companies"], found["votes"]) == (1, 1, 0)
    assert found["customer"] == {"minor": minor("12000.50"), "currency": "USD"}
    assert found["pipeline"] == {"minor": minor("900"), "currency": "USD"}


def test_nobodys_name_or_words_are_written_into_jira(house: House) -> None:
    ana, key = house.customer("Ana"), house.issue("Undo a deletion")
    house.linked(ana, "Undo my secret deletion", key, title="Undo")
    house.quiet()
    shown = str(house.demand_on(key))
    for word in (ana.who.name, ana.who.email, ana.who.company.name, "secret"):
        assert word not in shown


def test_the_next_ticket_in_the_same_words_gets_the_suggestion_with_its_reason(house: House) -> None:
    ana, ben, key = house.customer("Ana"), house.customer("Ben"), house.issue("Barcode scanner support")
    house.linked(ana, "Barcode scanner support", key)
    ticket = ben.write("Is there support for a barcode scanner?", "We scan every box.")
    frame = house.agent.sidebar(ticket)
    assert "Is it one of these?" in frame.words
    assert "same words: support, barcode, scanner" in frame.words
    frame = house.agent.link_by_suggestion(ticket, house.stage.jira.issue(key).id)
    assert f"Linked to {key}" in frame.words
    house.quiet()
    assert house.demand_on(key)["requesters"] == 2


def test_undo_takes_the_demand_back(house: House) -> None:
    ana, key = house.customer("Ana", won="500"), house.issue("Sticky headers")
    ticket = ana.write("Sticky headers", "They scroll away.")
    frame = house.agent.link_by_search(ticket, key, house.stage.jira.issue(key).id, title="Sticky headers")
    house.quiet()
    undo = frame.page.form("/unlink", issue=house.stage.jira.issue(key).id)
    frame.send(undo, undo.filled(keep="no"))
    house.quiet()
    found = house.demand_on(key)
    assert (found["requesters"], found["customer"]["minor"]) == (0, 0)


def test_the_signed_first_load_opens_the_sidebar_once(house: House) -> None:
    zendesk, browser = house.stage.zendesk, Browser()
    agent = next(one for one in zendesk.account.users.values() if one.email == "sam@kites.example")
    url, token = zendesk.sidebar.first_load_url(zendesk.url), zendesk.signed_token(agent)
    Frame(browser, browser.post(url, {"token": token}))
    with pytest.raises(requests.HTTPError, match="401"):
        browser.post(url, {"token": token})


def test_nobody_sees_a_ticket_without_the_key_of_the_sidebar(house: House) -> None:
    ticket = house.customer("Ana").write("A wish", "Of mine.")
    with pytest.raises(requests.HTTPError, match="401"):
        Browser().get(f"{house.stage.kithspark.url}/zendesk/{SLUG}/tickets/{ticket.id}")
