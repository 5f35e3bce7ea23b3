"""A post says what was asked for there, and nothing that its voters asked for elsewhere."""

import pytest

from lineage import changes
from lineage.terms import Origin
from tests.lineage.cast import person
from tests.lineage.sent import to
from tests.lineage.story import Story
from tests.lineage.test_voter_tickets import POST
from tests.lineage.test_voter_tickets import square as square  # noqa: PLC0414 - the fixture of this module

OTHER = Origin("zendesk:community", "78")


@pytest.fixture
def posts(square: Story) -> Story:
    """Ana and Bo vote for post 77 (KS-1), Ana for post 78 (KS-2), too; posts are answered in public."""
    square.policy(voter_tickets=False)
    square.issue("KS-2")
    square.record(changes.PostSeen("community:78", "Mails, please", person("Ana"), square.now))
    square.record(changes.Linked(OTHER, square.id("KS-2"), "agent", square.now))
    square.record(changes.Voted("community:78", person("Ana"), square.now))
    return square


def test_what_was_asked_for_on_another_post_is_said_on_that_one(posts: Story) -> None:
    posts.done("KS-1")
    posts.done("KS-2")
    sent = posts.send_all()
    said = {(str(one.to), str(one.place)): one.text for one in sent}
    assert said.keys() == {("Ana", str(POST)), ("Ana", str(OTHER)), ("Bo", str(POST))}
    assert "KS-2" not in said["Ana", str(POST)] and "KS-1" not in said["Ana", str(OTHER)]
    assert len({one.text for one in sent if one.place == str(POST)}) == 1, "one event, one entry"
    assert posts.send_all() == []


@pytest.mark.parametrize("waits", [False, True])
def test_what_was_asked_for_in_private_is_never_said_in_public(posts: Story, waits: bool) -> None:
    posts.issue("KS-9", title="Acme-only SSO fix")
    posts.ticket_changes(posts.ask("Ana", "KS-9"), status="deleted")
    if waits:
        posts.policy(auto_kinds=())
    posts.done("KS-1")
    posts.done("KS-9")
    for notice in posts.notices(state="awaiting_approval"):
        posts.approve(notice)
    sent = posts.send_all()
    assert {str(one.place) for one in sent} == {str(POST)}
    assert not any("Acme-only" in one.text for one in sent)
    [left] = posts.notices(state="blocked")
    assert "no place to answer" in left.reason


def test_what_is_said_there_anyhow_needs_no_message_of_its_own_for_what_was_asked_elsewhere(
    posts: Story,
) -> None:
    posts.ticket_changes(posts.ask("Ana", "KS-1"), status="deleted")
    posts.done("KS-1")
    assert to(posts.send_all()) == [("Ana", "delivered"), ("Bo", "delivered")]
    assert posts.notices(state="blocked") == []


def test_whoever_has_a_ticket_hears_all_of_it_there(posts: Story) -> None:
    posts.issue("KS-9", title="Acme-only SSO fix")
    ticket = posts.ask("Ana", "KS-9")
    for key in ("KS-1", "KS-2", "KS-9"):
        posts.done(key)
    [hers] = [one for one in posts.send_all() if one.to == "Ana"]
    assert hers.place == f"zendesk:ticket:{ticket}"
    assert all(word in hers.text for word in ("KS-1", "KS-2", "Acme-only"))


def test_each_post_is_put_right_where_it_was_said(posts: Story) -> None:
    posts.done("KS-1")
    posts.done("KS-2")
    posts.send_all()
    posts.reopen("KS-2")
    for notice in posts.notices(state="awaiting_approval"):
        posts.approve(notice)
    [one] = posts.send_all()
    assert (str(one.place), "KS-2" in one.text, "KS-1" in one.text) == (str(OTHER), True, False)


def test_messages_that_wait_are_one_as_soon_as_it_can_be_told_in_a_ticket(posts: Story) -> None:
    posts.policy(hold_s=600)
    posts.issue("KS-9")
    ticket = posts.ask("Ana", "KS-9")
    posts.done("KS-1")
    posts.done("KS-2")
    assert len([one for one in posts.notices(state="held") if one.person_name == "Ana"]) == 2
    posts.done("KS-9")
    held = [one for one in posts.notices(state="held") if one.person_name == "Ana"]
    assert [one.where for one in held] == [f"zendesk:ticket:{ticket}"]
    [over] = [one for one in posts.notices(state="cancelled") if one.person_name == "Ana"]
    assert over.reason == "told in another message"


@pytest.mark.parametrize(("first", "then"), [("KS-1", "KS-2"), ("KS-2", "KS-1")])
def test_what_waits_for_one_post_waits_no_longer_because_of_another(
    posts: Story, first: str, then: str
) -> None:
    posts.policy(hold_s=600)
    posts.done(first)
    waits = {one.id: (one.where, one.due_at, one.text) for one in posts.notices(state="held")}
    posts.later(minutes=5)
    posts.done(then)
    now = {one.id: (one.where, one.due_at, one.text) for one in posts.notices(state="held")}
    assert {ident: now[ident] for ident in waits} == waits
    assert len(now) == 3
