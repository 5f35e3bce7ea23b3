"""Voters of Zendesk's community told in tickets of their own, where the workspace wants that."""

from typing import Any

import pytest

from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from sandbox.zendesk.community import Post
from sandbox.zendesk.records import Applied, User
from tests.plugin.commands.conftest import Prompt


@pytest.fixture
def voters(zendesk: Zendesk) -> list[User]:
    return [zendesk.add_user(who, f"{who.lower()}@acme.example") for who in ("Ana", "Bo")]


@pytest.fixture
def post(connected: Prompt, jira: Jira, zendesk: Zendesk, voters: list[User]) -> Post:
    """Ana and Bo vote for it, and it is placed on KS-1. Voters are told in tickets of their own."""
    for key in ("KS-1", "KS-2"):
        jira.add_issue(key, "Export")
    found = zendesk.add_post(voters[0], "Export to PDF, please")
    for user in voters:
        zendesk.vote(user, found)
    connected.does("policy", "acme", "--hold", "0", "--voter-tickets", "yes")
    place(connected, found, "KS-1", "PDF export")
    return found


def place(prompt: Prompt, post: Post, key: str, title: str) -> None:
    words = ("link", "acme", "--post", f"community:{post.id}", "--issue", key, "--public-title", title)
    assert f"is linked to {key}" in prompt.does(*words)


def done(prompt: Prompt, jira: Jira, zendesk: Zendesk, key: str, *, status: str = "done") -> None:
    """All that follows is done, too."""
    zendesk.clock.advance(10)
    jira.transition(key, status)
    prompt.does("look", "acme", "--issue", key)
    prompt.does("work", "--burst")


def told(zendesk: Zendesk) -> list[Applied]:
    return [one for one in zendesk.ledger if one.public]


def notices(prompt: Prompt) -> dict[str, Any]:
    return {one["person"]["name"]: one for one in prompt.reads("notices", "acme")["notices"]}


def test_each_voter_is_told_once_in_a_ticket_and_everybody_on_the_post(
    connected: Prompt, jira: Jira, zendesk: Zendesk, post: Post, voters: list[User]
) -> None:
    done(connected, jira, zendesk, "KS-1")
    tickets = {one.requester_id: one for one in zendesk.tickets()}
    assert tickets.keys() == {user.id for user in voters}
    assert [tickets[user.id].subject for user in voters] == ["Re: Export to PDF, please"] * 2
    assert {one.status for one in tickets.values()} == {"solved"}, "it lands in nobody's queue"
    assert len(told(zendesk)) == len(voters)
    mails = [mail for user in voters for mail in zendesk.mails(str(user.email))]
    assert [(mail.to, "PDF export" in mail.body) for mail in mails] == [(user.email, True) for user in voters]
    assert all(f"Hi {user.name}," in tickets[user.id].description for user in voters)
    [comment] = post.comments
    assert comment.official
    assert not any(user.name in comment.body for user in voters)
    assert {one["state"] for one in notices(connected).values()} == {"confirmed"}
    assert {one["where"] for one in notices(connected).values()} == {
        f"zendesk:proactive:{post.id}:{user.id}" for user in voters
    }
