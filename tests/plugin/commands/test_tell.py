"""`kithspark tell`: who asked late hears now what is true, in words that somebody read."""

import pytest

from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket
from tests.plugin.commands.conftest import Prompt


@pytest.fixture
def late(connected: Prompt, jira: Jira, zendesk: Zendesk) -> Ticket:
    """KS-1 is done; after that Ana's ticket is linked to it."""
    jira.add_issue("KS-1", "Export to PDF")
    jira.transition("KS-1", "done")
    ana = zendesk.add_user("Ana Ruiz", "ana@acme.example")
    ticket = zendesk.open_ticket(ana, "Export", "We export 300 reports a month by hand.")
    zendesk.clock.advance(5)
    words = ("link", "acme", "--ticket", str(ticket.id), "--issue", "KS-1", "--public-title", "PDF export")
    connected.does(*words)
    return ticket


def told(zendesk: Zendesk, ticket: Ticket) -> list[str]:
    found = zendesk.public_comments(ticket)
    return [str(one["body"]) for one in found if one["author_id"] == zendesk.service.id]


def test_the_words_are_shown_and_go_out_after_a_yes(
    connected: Prompt, zendesk: Zendesk, late: Ticket
) -> None:
    words = ("tell", "acme", "--ticket", str(late.id))
    shown = connected.type(*words, said="n\n")
    assert (shown.exit_code, "PDF export" in shown.stdout) == (1, True)
    connected.does("work", "--burst")
    assert told(zendesk, late) == []
    said = connected.does(*words, said="y\n")
    assert "goes out now" in said
    connected.does("work", "--burst")
    assert len(told(zendesk, late)) == 1
    assert "Nothing is owed for ticket" in connected.fails(*words)


def test_scripts_say_yes_beforehand_and_get_a_document(connected: Prompt, late: Ticket) -> None:
    words = ("tell", "acme", "--ticket", f"#{late.id}")
    assert "give --yes" in connected.fails(*words, "--json", code=2)
    [approved] = connected.reads(*words, "--yes")["approved"]
    assert approved["where"] == f"zendesk:ticket:{late.id}"
    assert "is on its way already" in connected.fails(*words, "--yes")


def test_what_cannot_be_said_is_said_with_its_reason(
    connected: Prompt, zendesk: Zendesk, jira: Jira, late: Ticket
) -> None:
    connected.does("title", "acme", "--issue", "KS-1", "")
    words = ("tell", "acme", "--ticket", str(late.id), "--yes")
    assert "has no public title" in connected.fails(*words)
    assert "Zendesk shows no ticket 99" in connected.fails("tell", "acme", "--ticket", "99", "--yes")


def test_what_waits_out_its_quiet_period_goes_at_once(
    connected: Prompt, zendesk: Zendesk, jira: Jira
) -> None:
    jira.add_issue("KS-2", "Import")
    bo = zendesk.open_ticket(zendesk.add_user("Bo", "bo@acme.example"), "Import", "Please.")
    connected.does("link", "acme", "--ticket", str(bo.id), "--issue", "KS-2", "--public-title", "Import")
    jira.transition("KS-2", "done")
    connected.does("look", "acme", "--issue", "KS-2")
    assert [one["state"] for one in connected.reads("notices", "acme")["notices"]] == ["held"]
    connected.does("tell", "acme", "--ticket", str(bo.id), "--yes")
    connected.does("work", "--burst")
    assert len(told(zendesk, bo)) == 1


def test_who_opted_out_may_want_news_again(connected: Prompt, zendesk: Zendesk, jira: Jira) -> None:
    jira.add_issue("KS-2", "Import")
    bo = zendesk.open_ticket(zendesk.add_user("Bo", "bo@acme.example"), "Import", "Please.")
    connected.does("link", "acme", "--ticket", str(bo.id), "--issue", "KS-2", "--public-title", "Import")
    out = ("opt-out", "acme", "--person", "bo@acme.example")
    assert "is told nothing more" in connected.does(*out)
    jira.transition("KS-2", "done")
    connected.does("look", "acme", "--issue", "KS-2")
    assert [one["state"] for one in connected.reads("notices", "acme")["notices"]] == ["skipped"]
    assert "is told what happens from now on" in connected.does(*out, "--undo")
    assert "is told what happens from now on" in connected.does(*out, "--undo")
    assert [one["state"] for one in connected.reads("notices", "acme")["notices"]] == ["skipped"]
    assert "wants news again" in connected.does("trace", "acme", "--person", "bo@acme.example")
    assert "Nobody is known by" in connected.fails("opt-out", "acme", "--person", "x@y.example", "--undo")
