"""The fifth road: the panel beside an issue answers at once, from what we know.

Of vendors only Jira is asked, and only who may see the issue.
"""

from sandbox.faults import Fault
from tests.journeys.house import House


def test_the_panel_says_who_waits_in_their_words_and_what_they_are_worth(house: House) -> None:
    ana, key = house.customer("Ana", won="80000"), house.issue("Export to CSV")
    ticket = house.linked(ana, "We type 300 rows by hand", key, title="Export to CSV")
    house.quiet()
    panel = house.engineer.panel(key)
    for words in (
        "1 person",
        "1 company",
        "We type 300 rows by hand",
        ana.who.company.name,
        f"ticket {ticket.id}",
    ):
        assert words in panel.words


def test_before_finishing_the_panel_shows_who_would_hear_what(house: House) -> None:
    ana, key = house.customer("Ana"), house.issue("Bulk edit")
    house.linked(ana, "Bulk edit", key)
    house.quiet()
    panel = house.engineer.panel(key)
    assert f"If you finish {key} now" in panel.words
    assert f"Hi {ana.who.name}" in panel.words
    assert "It is ready now:" in panel.words


def test_the_panel_opens_while_every_vendor_is_down(house: House) -> None:
    ana, key = house.customer("Ana"), house.issue("Offline mode")
    house.linked(ana, "Offline mode", key)
    house.quiet()
    house.engineer.panel(key)  # Jira said that this engineer may see the issue
    vendors = [house.stage.jira.faults, house.stage.zendesk.faults, house.stage.hubspot.faults]
    for faults in vendors:
        faults.order(Fault("status", path=r"^/(rest|api|oauth|crm)/", times=50, status=503))
    try:
        assert "1 person" in house.engineer.panel(key).words
    finally:
        for faults in vendors:
            faults.clear()


def test_nobody_waits_for_an_issue_that_nobody_asked_for(house: House) -> None:
    assert "Nobody is waiting for this yet." in house.engineer.panel(house.issue("Refactor the parser")).words
