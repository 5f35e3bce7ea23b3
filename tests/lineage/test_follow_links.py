"""The link to a requester's own page: nobody guesses one, each opens one request, and it can be revoked."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select, update

from lineage.changes import PersonSeen
from lineage.follow_tokens import NOBODY, TOKEN, Named, make, read
from lineage.questions import opened_by, pages_of_person, pages_of_ticket
from lineage.requester_changes import LinkRevoked
from lineage.tables import persons, requests
from lineage.terms import Origin
from store import installation, workspaces
from tests.lineage.story import Story

KEY = "5e" * 32
LINK = re.compile(r"https://ask\.example/r/([\w-]{48})(?!\S)")
NAMED = st.builds(Named, st.integers(1, 2**63 - 1), st.integers(1, 2**63 - 1), st.integers(0, 2**31))


@pytest.fixture
def served(story: Story) -> Story:
    """Customers reach the web app at https://ask.example."""
    installation.reached_at(story.conn, "https://ask.example/")
    return story


def token_of(story: Story, ticket: str) -> str:
    (page,) = pages_of_ticket(story.conn, story.workspace, ticket)
    found = LINK.fullmatch(page.url or "")
    assert found, page.url
    return found[1]


def opened(story: Story, token: str) -> str | None:
    """Where the request was made whose page this opens."""
    page = opened_by(story.conn, token)
    return page.origin if page else None


def revoke(story: Story, ticket: str) -> bool:
    return story.record(LinkRevoked(Origin("zendesk:ticket", ticket), "agent", story.now))


# --- tokens


@given(NAMED)
def test_a_token_names_its_link_and_shows_none_of_it(named: Named) -> None:
    token = make(KEY, named)
    assert TOKEN.fullmatch(token)
    assert read(KEY, token) == named
    assert token == make(KEY, named), "the same words for the same facts"


@given(NAMED, NAMED)
def test_every_link_of_every_request_has_another_token(one: Named, other: Named) -> None:
    assert (make(KEY, one) == make(KEY, other)) == (one == other)
    assert make(KEY, one)[:8] != make("ab" * 32, one)[:8]


@given(NAMED, st.integers(0, 47), st.sampled_from("ABCxyz019-_"))
def test_a_token_of_which_one_letter_is_changed_is_none(named: Named, at: int, letter: str) -> None:
    token = make(KEY, named)
    other = token[:at] + letter + token[at + 1 :]
    assert read(KEY, other) == (named if other == token else NOBODY)


@given(st.text(max_size=60) | st.binary(min_size=36, max_size=36).map(lambda raw: raw.hex()[:48]))
def test_what_we_did_not_make_is_none(text: str) -> None:
    assert read(KEY, text) == NOBODY
    assert read("ab" * 32, make(KEY, Named(1, 1, 0))) == NOBODY


# --- whose page


def test_each_link_opens_its_own_request_and_no_other(served: Story) -> None:
    served.issue("KS-1")
    tickets = [served.ask(who, "KS-1") for who in ("Ana", "Bo", "Ana")]
    assert [opened(served, token_of(served, one)) for one in tickets] == [
        f"zendesk:ticket:{one}" for one in tickets
    ]


def test_the_number_of_another_workspace_opens_nothing(served: Story) -> None:
    served.issue("KS-1")
    served.ask("Ana", "KS-1")
    other = workspaces.add(served.conn, slug="globex", name="Globex", now=served.now)
    row = served.conn.execute(select(requests)).one()
    forged = make(installation.load(served.conn).follow_key, Named(other.id, row.id, 0))
    assert opened(served, forged) is None


def test_a_revoked_link_opens_nothing_and_the_next_one_does(served: Story) -> None:
    ticket = served.ticket("Ana")
    before = token_of(served, ticket)
    assert revoke(served, ticket)
    after = token_of(served, ticket)
    assert after != before
    assert (opened(served, before), opened(served, after)) == (None, f"zendesk:ticket:{ticket}")


def test_whoever_asked_to_be_forgotten_has_no_page(served: Story) -> None:
    ticket = served.ticket("Ana")
    token = token_of(served, ticket)
    served.conn.execute(update(persons).values(erased_at=served.now))
    assert opened(served, token) is None
    (page,) = pages_of_ticket(served.conn, served.workspace, ticket)
    assert page.url is None


def test_a_link_outlives_the_merge_of_its_ticket_and_of_its_person(served: Story) -> None:
    ticket, other = served.ticket("Ana"), served.ticket("Ana")
    token = token_of(served, ticket)
    served.ticket_changes(ticket, status="closed", merged_into=other)
    both = PersonSeen("zendesk", "99", "Ana", ("ana@example.com", "old@example.com"))
    served.ticket("Old", requester=both)
    assert opened(served, token) == f"zendesk:ticket:{ticket}"


@pytest.mark.parametrize("what", ["made up", "no token", "revoked", "of another key", "forgotten"])
def test_links_that_open_nothing_are_all_looked_for_alike(served: Story, what: str) -> None:
    ticket = served.ticket("Ana")
    token = token_of(served, ticket)
    asked = _statements(served, lambda: opened(served, token))
    if what == "revoked":
        revoke(served, ticket)
    if what == "forgotten":
        served.conn.execute(update(persons).values(erased_at=served.now))
    dead = {"made up": "A" * 48, "no token": "../admin", "of another key": make(KEY, Named(1, 1, 0))}
    found: list[str | None] = []
    assert _statements(served, lambda: found.append(opened(served, dead.get(what, token)))) == asked
    assert found == [None]


def _statements(story: Story, do: Callable[[], object]) -> list[str]:
    said: list[str] = []

    def hear(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(story.conn, "before_cursor_execute", hear)
    do()
    event.remove(story.conn, "before_cursor_execute", hear)
    return said


# --- in messages


def test_a_letter_leads_to_the_page_of_the_request_it_answers(served: Story) -> None:
    served.issue("KS-1")
    ticket = served.ask("Ana", "KS-1")
    served.done("KS-1")
    (sent,) = served.send_all()
    assert LINK.findall(sent.text) == [token_of(served, ticket)]
    assert "You can see where it stands at any time: https://ask.example/r/" in sent.text


def test_there_is_no_link_before_anybody_was_served(story: Story) -> None:
    story.issue("KS-1")
    ticket = story.ask("Ana", "KS-1")
    story.done("KS-1")
    (sent,) = story.send_all()
    assert "/r/" not in sent.text
    (page,) = pages_of_ticket(story.conn, story.workspace, ticket)
    assert page.url is None


def test_neither_the_forum_nor_an_internal_note_shows_a_link(served: Story) -> None:
    served.issue("KS-1")
    served.post("9", placed="KS-1")
    served.vote("Voter", "9")
    for _ in range(2):
        served.ask("Ana", "KS-1")
    served.done("KS-1")
    served.send_all()
    places = {sent.place: LINK.findall(sent.text) for sent in served.sent}
    assert places["forum:post:9"] == []
    assert [len(links) for place, links in places.items() if "ticket" in place] == [1]
    assert served.notes
    assert not any("/r/" in note.text for note in served.notes)


def test_two_things_asked_in_two_tickets_have_a_link_each(served: Story) -> None:
    served.issue("KS-1", "KS-2")
    first, second = served.ask("Ana", "KS-1"), served.ask("Ana", "KS-2")
    served.done("KS-1")
    served.done("KS-2")
    (sent,) = served.send_all()
    assert sorted(LINK.findall(sent.text)) == sorted([token_of(served, first), token_of(served, second)])


def test_one_thing_asked_in_two_tickets_and_two_things_in_one_have_one_link(served: Story) -> None:
    served.issue("KS-1", "KS-2")
    served.ask("Ana", "KS-1")
    newer = served.ask("Ana", "KS-1")
    both = served.ask("Bo", "KS-1")
    served.link(both, "KS-2")
    served.done("KS-1")
    served.done("KS-2")
    links = {sent.place: LINK.findall(sent.text) for sent in served.send_all()}
    assert links == {
        f"zendesk:ticket:{newer}": [token_of(served, newer)],
        f"zendesk:ticket:{both}": [token_of(served, both)],
    }


def test_a_correction_leads_to_the_page_too(served: Story) -> None:
    served.issue("KS-1")
    ticket = served.ask("Ana", "KS-1")
    served.done("KS-1")
    served.send_all()
    served.reopen("KS-1")
    (draft,) = served.notices(state="awaiting_approval")
    assert LINK.findall(draft.text) == [token_of(served, ticket)]


def test_an_approval_does_not_hold_for_words_with_another_link(served: Story) -> None:
    served.issue("KS-1")
    served.policy(auto_kinds=())
    ticket = served.ask("Ana", "KS-1")
    served.done("KS-1")
    (draft,) = served.notices(state="awaiting_approval")
    served.approve(draft)
    revoke(served, ticket)
    (again,) = served.notices(state="awaiting_approval")
    assert again.digest != draft.digest
    assert LINK.findall(again.text) == [token_of(served, ticket)]


def test_a_person_s_pages_are_found_by_their_address(served: Story) -> None:
    tickets = [served.ticket("Ana"), served.ticket("Ana")]
    served.ticket("Bo")
    pages = pages_of_person(served.conn, served.workspace, "ana@example.com")
    assert [page.origin for page in pages] == [f"zendesk:ticket:{one}" for one in tickets]
    assert pages_of_person(served.conn, served.workspace, "nobody@example.com") == []
