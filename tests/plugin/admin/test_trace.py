"""Where did a request go, for operators: by ticket, by issue, by person."""

import pytest

from tests.plugin.admin.conftest import Browser
from tests.plugin.house import House


@pytest.fixture
def asked(house: House) -> House:
    """Ana's ticket 101 is linked to KS-1, which was split into KS-2 and KS-3; KS-2 is done."""
    house.jira.add_issue("KS-1", "PDF export of reports")
    ana = house.zendesk.add_user("Ana", "ana@acme.example")
    ticket = house.zendesk.open_ticket(ana, "PDF please", "We export 300 reports by hand.")
    house.reads("KS-1")
    house.reads_ticket(ticket.id)
    house.links(ticket.id, "KS-1")
    house.jira.split("KS-1", ["Export one report", "Scheduled exports"])
    house.reads("KS-1", "KS-2", "KS-3")
    return house


@pytest.mark.parametrize(
    "query", ["ticket=101", "find=101", "person=ana@acme.example", "find=ana@acme.example"]
)
def test_a_request_is_traced_by_its_ticket_and_by_who_asked(asked: House, olga: Browser, query: str) -> None:
    (ask,) = asked.asks(101)
    page = olga.get(f"/admin/acme/trace?{query}").text
    for words in ("1 request", "Ana", "300 reports", "split into", "Nothing yet", ask.next, "1/3 of it"):
        assert words in page


def test_an_issue_is_traced_with_who_waits_and_what_it_counts(asked: House, olga: Browser) -> None:
    page = olga.get("/admin/acme/trace?issue=KS-1").text
    for words in ("Where did it go: KS-1", "What it counts", "Why these numbers?", "Ana", "KS-3"):
        assert words in page


def test_what_nobody_has_heard_of_is_said_to_be_nothing(asked: House, olga: Browser) -> None:
    for find in ("KS-99", "999", "nobody@acme.example"):
        assert "Nothing that was asked rests there." in olga.get(f"/admin/acme/trace?find={find}").text
    assert "Give the number of a ticket" in olga.get("/admin/acme/trace").text
