"""On the command line: a message for a moment, and a pause for all of them."""

from datetime import UTC, datetime, timedelta

import pytest

from lineage import notices
from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from tests.plugin.commands.conftest import Prompt
from tests.plugin.commands.test_story import linked as linked  # noqa: PLC0414 - a ticket that is linked
from tests.plugin.commands.test_story import ticket as ticket  # noqa: PLC0414


def test_an_approval_can_be_for_a_moment_and_everything_can_be_paused(
    linked: Prompt, jira: Jira, zendesk: Zendesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "PAUSED_S", 600)  # a burst waits for what falls due within two minutes
    jira.transition("KS-1", "done")
    linked.does("look", "acme", "--issue", "KS-1")
    [notice] = linked.reads("notices", "acme", "--state", "held")["notices"]
    words = f"{notice['id']}@{notice['digest']}"
    tomorrow = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    assert "is no moment" in linked.fails("approve", "acme", words, "--at", "soon", code=2)
    assert "more than a year" in linked.fails("approve", "acme", words, "--at", "9000-01-01")
    said = linked.does("approve", "acme", words, "--at", tomorrow.isoformat())
    assert said == f"1 notice approved, to go out not before {tomorrow:%Y-%m-%d %H:%M} UTC.\n"
    linked.does("work", "--burst")
    [waits] = linked.reads("notices", "acme", "--state", "queued")["notices"]
    assert waits["due_at"] == tomorrow.isoformat().replace("+00:00", "Z")
    assert "approved for then by command line" in linked.does("notices", "acme")
    assert f"goes out on {tomorrow:%-d %b %Y, %H:%M} UTC" in linked.does("trace", "acme", "--issue", "KS-1")
    assert linked.does("pause", "acme") == "Nothing goes out.\n"
    assert linked.does("pause", "acme") == "Nothing goes out already.\n"
    assert linked.reads("policy", "acme")["paused"] is True
    assert linked.does("approve", "acme", words) == "1 notice approved.\n"
    linked.does("work", "--burst")
    assert zendesk.mails("ana@acme.example") == []
    assert linked.does("resume", "acme") == "What is due goes out.\n"
