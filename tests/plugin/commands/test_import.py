"""`kithspark import`: what stands elsewhere is taken over, once, and nobody is told of what was before."""

import os
import re
import signal
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

import pytest

from plugin.opening import open_installation
from plugin.settings import Settings
from sandbox.faults import Fault
from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket
from store import rests, schedule, workspaces
from store.database import reading
from tests.our_files import ROOT
from tests.plugin.commands.conftest import Prompt

LINKS = ("import", "acme", "--jira-links")


@pytest.fixture
def helpdesk(zendesk: Zendesk) -> Zendesk:
    """An account that bears so many calls that nothing has to wait."""
    zendesk.limits.account_per_min = 1_000_000
    return zendesk


def opened(zendesk: Zendesk, who: str) -> Ticket:
    user = zendesk.add_user(who, f"{who.lower()}@acme.example")
    return zendesk.open_ticket(user, f"{who}'s ticket", f"{who} needs this.")


def linked(zendesk: Zendesk, jira: Jira, ticket: Ticket, key: str, *, days: int = 100) -> None:
    made = zendesk.clock.now() - timedelta(days=days)
    zendesk.link_to_jira(ticket.id, jira.issue(key).id, key, made=made)


def told(zendesk: Zendesk) -> list[int]:
    return sorted(one.ticket for one in zendesk.ledger)


def asked(prompt: Prompt, ticket: Ticket) -> list[Any]:
    found: list[Any] = prompt.reads("trace", "acme", "--ticket", str(ticket.id))["asks"]
    return found


@pytest.fixture
def tickets(connected: Prompt, jira: Jira, helpdesk: Zendesk) -> list[Ticket]:
    """Five tickets. KS-1 is open, KS-2 done for long; one link's ticket is deleted, another's issue is."""
    for key in ("KS-1", "KS-2", "KS-3"):
        jira.add_issue(key, f"Summary of {key}")
    jira.transition("KS-2", "done")
    helpdesk.clock.advance(60)
    every = [opened(helpdesk, who) for who in ("Ana", "Bo", "Cy", "Di", "Ed")]
    for ticket, key in zip(every, ("KS-1", "KS-2", "KS-1", "KS-3", "KS-2"), strict=True):
        linked(helpdesk, jira, ticket, key)
    linked(helpdesk, jira, every[0], "KS-2")
    helpdesk.delete(every[2])
    jira.delete("KS-3")
    return every


def test_a_preview_says_what_would_be_done_and_does_nothing(
    connected: Prompt, jira: Jira, tickets: list[Ticket]
) -> None:
    connected.does("link", "acme", "--ticket", str(tickets[4].id), "--issue", "KS-2", "--public-title", "Two")
    found = connected.reads(*LINKS, "--dry-run")
    counted = {name: found[name] for name in ("links", "tickets", "issues", "new", "already", "linked")}
    assert counted == {"links": 6, "tickets": 5, "issues": 3, "new": 3, "already": 1, "linked": 0}
    missing = {(one["ticket"], one["key"], one["why"]) for one in found["missing"]}
    gone, hidden = str(tickets[2].id), str(tickets[3].id)
    assert missing == {(gone, "KS-1", "no_ticket"), (hidden, "KS-3", "no_issue")}
    assert asked(connected, tickets[0]) == []
    said = connected.does(*LINKS, "--dry-run")
    assert "6 links of 5 tickets to 3 issues." in said
    assert "3 would be imported. Nobody is told of what happened before now." in said
    assert f"{gone}     KS-1   Zendesk does not show the ticket" in said


def test_links_are_imported_as_of_their_day_and_nobody_hears_of_the_past(
    connected: Prompt, jira: Jira, helpdesk: Zendesk, tickets: list[Ticket]
) -> None:
    connected.does(
        "policy", "acme", "--auto", "linked,started,part_delivered,delivered,declined", "--hold", "0"
    )
    assert "3 would be imported" not in (said := connected.does(*LINKS))
    assert "4 were imported. Nobody is told" in said
    [first, second] = sorted(asked(connected, tickets[0]), key=lambda one: str(one["issue"]["key"]))
    assert (first["issue"]["key"], second["issue"]["key"]) == ("KS-1", "KS-2")
    ago = helpdesk.clock.now() - timedelta(days=100)
    assert first["linked_at"][:10] == f"{ago:%Y-%m-%d}"
    assert second["standing"] == "delivered"
    connected.does("title", "acme", "--issue", "KS-1", "One")
    connected.does("title", "acme", "--issue", "KS-2", "Two")
    connected.does("work", "--burst")
    assert connected.reads("notices", "acme") == {"notices": []}
    assert told(helpdesk) == []
    jira.transition("KS-1", "done")
    connected.does("look", "acme", "--issue", "KS-1")
    connected.does("work", "--burst")
    assert told(helpdesk) == [tickets[0].id]


def test_again_it_imports_nothing_twice_and_nothing_that_was_taken_back(
    connected: Prompt, helpdesk: Zendesk, jira: Jira, tickets: list[Ticket]
) -> None:
    connected.does(*LINKS)
    connected.does("unlink", "acme", "--ticket", str(tickets[1].id), "--issue", "KS-2", "--withdraw")
    fresh = opened(helpdesk, "Flo")
    linked(helpdesk, jira, fresh, "KS-1")
    found = connected.reads(*LINKS)
    assert (found["linked"], found["already"]) == (1, 4)
    assert [one["standing"] for one in asked(connected, tickets[1])] == ["withdrawn"]
    assert [one["issue"]["key"] for one in asked(connected, fresh)] == ["KS-1"]


def test_it_goes_by_the_issue_and_not_by_its_old_key(
    connected: Prompt, jira: Jira, helpdesk: Zendesk
) -> None:
    jira.add_issue("KS-1", "Export")
    ticket = opened(helpdesk, "Ana")
    linked(helpdesk, jira, ticket, "KS-1")
    jira.move("KS-1", "NEW")
    connected.does(*LINKS)
    assert [one["issue"]["key"] for one in asked(connected, ticket)] == ["NEW-1"]


@pytest.mark.parametrize("api", ["first", "old", "second"])
def test_every_api_of_links_serves(
    connected: Prompt, jira: Jira, helpdesk: Zendesk, tickets: list[Ticket], api: str
) -> None:
    if api == "old":
        helpdesk.faults.order(Fault("status", path=r"^/api/v2/jira/links", status=404, times=9))
    if api == "second":
        helpdesk.knobs.jira_integration = "acme-7"
    more = ("--integration", "acme-7") if api == "second" else ()
    found = connected.reads(*LINKS, *more)
    assert (found["links"], found["linked"]) == (6, 4)


def test_while_zendesk_does_not_allow_it_one_is_told_how_to(
    connected: Prompt, helpdesk: Zendesk, tickets: list[Ticket]
) -> None:
    helpdesk.knobs.manage_links = False
    result = connected.type(*LINKS)
    assert result.exit_code == 1
    assert 'an administrator allows "Manage links"' in result.stderr
    helpdesk.knobs.manage_links = True
    assert connected.reads(*LINKS)["linked"] == 4


def test_trouble_over_there_loses_nothing(
    connected: Prompt, jira: Jira, helpdesk: Zendesk, tickets: list[Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "RETRY_AFTER_S", [0.5] * len(schedule.RETRY_AFTER_S))
    for path, fault in (("jira/links", "garbage"), ("show_many", "drop_after"), ("comments", "reset")):
        helpdesk.faults.order(Fault(fault, path=path))
    helpdesk.faults.order(Fault("status", path=r"/users/", status=429, headers={"Retry-After": "1"}))
    jira.faults.order(Fault("status", path="bulkfetch", status=503, skip=1))
    assert connected.reads(*LINKS)["linked"] == 4
    assert len(helpdesk.faults.log) == 4


def test_a_preview_goes_on_with_no_import_that_was_given_up(
    connected: Prompt, helpdesk: Zendesk, tickets: list[Ticket]
) -> None:
    helpdesk.faults.order(Fault("status", path="/comments", status=422))
    connected.fails(*LINKS)
    assert "An import is under way" in connected.fails(*LINKS, "--dry-run")
    assert asked(connected, tickets[0]) == []
    assert connected.reads(*LINKS)["linked"] == 4


def test_what_jira_asks_for_is_no_rest_of_zendesk(
    connected: Prompt, jira: Jira, tickets: list[Ticket]
) -> None:
    jira.faults.order(Fault("status", path="bulkfetch", status=429, headers={"Retry-After": "1"}))
    assert connected.reads(*LINKS)["linked"] == 4
    app = open_installation(Settings.load())
    with reading(app.engine) as conn:
        workspace = workspaces.by_slug(conn, "acme").id
        assert rests.until(conn, workspace, "jira", rests.CALLS) is not None
        assert rests.until(conn, workspace, "zendesk", rests.CALLS) is None
    app.engine.dispose()


@pytest.mark.parametrize(("after", "skip", "done"), [("/comments", 7, 5), ("jira/links", 0, 0)])
def test_killed_while_it_runs_it_loses_nothing_and_doubles_nothing(
    connected: Prompt, jira: Jira, helpdesk: Zendesk, after: str, skip: int, done: int
) -> None:
    """`kill -9`: what was done stays done, and the same command does the rest."""
    jira.add_issue("KS-1", "Export")
    for number in range(11):
        linked(helpdesk, jira, opened(helpdesk, f"User{number}"), "KS-1")
    helpdesk.faults.order(Fault("delay", path=re.escape(after), seconds=20.0, skip=skip))
    program = [sys.executable, "-c", "from plugin.commands import main; main()", *LINKS]
    env = os.environ | {"PYTHONPATH": str(ROOT), "KITHSPARK_LEASE_S": "2"}
    running = subprocess.Popen(program, env=env, cwd=connected.folder, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not helpdesk.faults.log:
        assert running.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.wait()
    helpdesk.faults.clear()
    assert [one["requesters"] for one in connected.reads("demand", "acme")["items"]] == [done] * bool(done)
    found = connected.reads(*LINKS)
    assert (found["links"], found["linked"], found["new"], found["already"]) == (11, 11, 0, 0)
    assert len(connected.reads("trace", "acme", "--issue", "KS-1")["asks"]) == 11
    assert [one["requesters"] for one in connected.reads("demand", "acme")["items"]] == [11]


def test_it_takes_a_quarter_of_what_the_account_bears(
    connected: Prompt, helpdesk: Zendesk, tickets: list[Ticket]
) -> None:
    helpdesk.limits.account_per_min = 6000
    helpdesk.faults.order(Fault("delay", path="^/api/", times=1000))  # which keeps a log of all calls
    started = time.monotonic()
    connected.does(*LINKS)
    calls = len(helpdesk.faults.log)
    assert time.monotonic() - started >= calls * 60 / (0.25 * 6000) > 0.5
