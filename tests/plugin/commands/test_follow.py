"""The links to requesters' own pages on the command line: shown, and revoked."""

import pytest

from plugin.opening import open_installation
from plugin.settings import Settings
from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket
from store import installation
from store.database import transaction
from tests.plugin.commands.conftest import Prompt


@pytest.fixture
def ticket(connected: Prompt, zendesk: Zendesk, jira: Jira) -> Ticket:
    jira.add_issue("KS-1", "Export to PDF")
    ana = zendesk.add_user("Ana Ruiz", "ana@acme.example")
    ticket = zendesk.open_ticket(ana, "Export", "We export 300 reports a month by hand.")
    connected.does("link", "acme", "--ticket", str(ticket.id), "--issue", "KS-1")
    return ticket


@pytest.fixture
def served(connected: Prompt, ticket: Ticket) -> Prompt:
    app = open_installation(Settings(data_dir=connected.folder))
    with transaction(app.engine) as conn:
        installation.reached_at(conn, "https://ask.example")
    app.engine.dispose()
    return connected


def test_the_link_of_a_ticket_and_of_a_person_is_the_same(served: Prompt, ticket: Ticket) -> None:
    (page,) = served.reads("follow", "acme", "--ticket", str(ticket.id))["pages"]
    assert page["origin"] == f"zendesk:ticket:{ticket.id}"
    assert page["url"].startswith("https://ask.example/r/")
    assert page.keys() == {"origin", "asked_at", "url", "withdrawn_at", "remarks"}
    assert served.reads("follow", "acme", "--person", "ana@acme.example")["pages"] == [page]
    said = served.does("follow", "acme", "--ticket", str(ticket.id))
    assert said == f"Ana Ruiz, ticket {ticket.id}: {page['url']}\n"


def test_a_revoked_link_is_replaced_by_another(served: Prompt, ticket: Ticket) -> None:
    here = ("follow", "acme", "--ticket", str(ticket.id))
    (before,) = served.reads(*here)["pages"]
    (after,) = served.reads(*here, "--revoke")["pages"]
    assert before["url"] != after["url"]
    assert served.reads(*here)["pages"] == [after]


def test_before_it_was_served_there_is_no_link_and_it_says_why(connected: Prompt, ticket: Ticket) -> None:
    said = connected.does("follow", "acme", "--ticket", str(ticket.id))
    assert "no link yet: start `kithspark serve` once" in said


def test_what_nobody_asked_has_no_page(served: Prompt) -> None:
    assert "Nothing was asked there" in served.fails("follow", "acme", "--ticket", "404")
    assert "Nothing was asked there" in served.fails("follow", "acme", "--person", "x@y.example")
    assert "either --ticket or --person" in served.fails("follow", "acme", code=2)
    assert "is not a number" in served.fails("follow", "acme", "--ticket", "x", code=2)
