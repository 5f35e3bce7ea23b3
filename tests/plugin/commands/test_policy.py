"""The policy on the command line: what one Jira project calls delivered."""

from tests.plugin.commands.conftest import Prompt


def test_one_project_may_say_what_counts_as_delivered_and_take_it_back(prompt: Prompt) -> None:
    said = ("policy", "acme", "--deliver")
    shown = prompt.reads(*said, "release", "--project", "ks")
    assert (shown["deliver"], shown["deliver_in"]) == ("done", {"KS": "release"})
    assert "KS: release" in prompt.does("policy", "acme")
    assert prompt.reads(*said, "done", "--project", "OPS")["deliver_in"] == {"KS": "release", "OPS": "done"}
    assert prompt.reads(*said, "workspace", "--project", "KS")["deliver_in"] == {"OPS": "done"}
    assert prompt.reads("policy", "acme")["deliver_in"] == {"OPS": "done"}


def test_a_project_without_what_counts_is_asked_for_it(prompt: Prompt) -> None:
    assert "together with --deliver" in prompt.fails("policy", "acme", "--project", "KS", code=2)
    assert "name it" in prompt.fails("policy", "acme", "--deliver", "workspace", code=2)
