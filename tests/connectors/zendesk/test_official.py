"""One official comment on a post of the community for one outcome, whatever becomes of the answers."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine

from connectors.errors import Refused
from connectors.outcomes import Blocked, GivenUp, NotYet, Outcome, Said, Unknown
from connectors.zendesk.channel import ZendeskReplies
from connectors.zendesk.client import Zendesk
from connectors.zendesk.official import Comment, attempt
from lineage.notices import Sending
from sandbox.faults import Fault
from sandbox.zendesk import Zendesk as Vendor
from sandbox.zendesk import community
from sandbox.zendesk.records import User
from store.errors import TryLater
from store.workspaces import Workspace

SETTLE_S = 90.0
WRITE = r"/community/posts/\d+/comments$"


class Square:
    """A post, and a message to one of its voters."""

    def __init__(
        self, engine: Engine, workspace: Workspace, vendor: Vendor, client: Zendesk, ana: User
    ) -> None:
        self.engine, self.vendor, self.client = engine, vendor, client
        self.post = vendor.add_post(ana, "Export to PDF")
        self.kept: dict[str, Any] = {"outcome": "delivered-1"}
        self.reading_took_s = 0.0
        body = "<p>It is&nbsp;out &amp; about.</p>"
        self.sending = Sending(
            1, workspace.id, f"zendesk:community:{self.post.id}", "It is out.", body, "en", ("m",), (), (),
            {}, public=True, still_owed=True,
        )  # fmt: skip

    def say(self, **changed: Any) -> Outcome:
        def keep(facts: Mapping[str, Any]) -> None:
            self.kept.update(facts)

        sending = replace(self.sending, kept=dict(self.kept), **changed)
        now = self.vendor.clock.now()
        about = (self.client, sending, now, SETTLE_S, keep, lambda: self.reading_took_s)
        return attempt(Comment(*about, engine=self.engine))

    def another_voter(self) -> None:
        self.kept = {"outcome": self.kept["outcome"]}

    def fault(self, kind: str, **more: Any) -> None:
        self.vendor.faults.order(Fault(kind, method="POST", path=r"/comments", **more))


@pytest.fixture
def square(database: Engine, workspace: Workspace, vendor: Vendor, client: Zendesk, ana: User) -> Square:
    return Square(database, workspace, vendor, client, ana)


def test_it_is_official_and_said_once_whoever_is_told_by_it(square: Square) -> None:
    said = square.say()
    assert isinstance(said, Said)
    [comment] = square.post.comments
    assert (comment.official, comment.body) == (True, square.sending.html)
    assert (said.receipt.comment_id, said.receipt.mailed) == (str(comment.id), None)
    square.another_voter()
    square.vendor.faults.order(Fault("status", path="/community/", status=500, times=9))
    assert isinstance(square.say(), Said), "what is known needs no call"
    assert len(square.post.comments) == 1


@pytest.mark.parametrize("kind", ["drop_after", "cut", "empty", "truncated", "status_after"])
def test_what_arrived_without_an_answer_is_found_by_its_words(square: Square, kind: str) -> None:
    square.fault(kind)
    assert isinstance(square.say(), Unknown)
    assert isinstance(square.say(), Said), "it is read back at once"
    assert len(square.post.comments) == 1


@pytest.mark.parametrize("kind", ["drop_before", "reset", "html"])
def test_what_did_not_arrive_rests_and_is_then_written_again(square: Square, kind: str) -> None:
    square.fault(kind)
    assert isinstance(square.say(), Unknown)
    assert isinstance(square.say(), Unknown)
    assert square.post.comments == []
    square.vendor.clock.advance(SETTLE_S + 1)
    assert isinstance(square.say(), Said)
    assert len(square.post.comments) == 1


def test_the_rest_begins_when_it_was_written_however_long_reading_took(square: Square) -> None:
    square.reading_took_s = 60.0
    square.fault("drop_before")
    assert isinstance(square.say(), Unknown)
    square.vendor.clock.advance(SETTLE_S + 1)
    assert isinstance(square.say(), Unknown), "a late write may still arrive"
    square.vendor.clock.advance(60)
    assert isinstance(square.say(), Said)


def test_the_same_words_for_another_outcome_are_said_anew(square: Square) -> None:
    square.say()
    square.kept = {"outcome": "delivered-2"}
    assert isinstance(square.say(), Said)
    assert len(square.post.comments) == 2


def test_a_customer_who_repeats_our_words_is_not_us(square: Square, ana: User) -> None:
    community.comment(square.vendor.account, square.post, ana, square.sending.html, official=False)
    square.say()
    assert [one.author for one in square.post.comments] == [ana.id, square.vendor.service.id]


def test_it_is_found_beyond_the_first_page_and_with_other_markup(
    square: Square, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.zendesk.client.PAGE", 2)
    for number in range(5):
        community.comment(square.vendor.account, square.post, ana, f"<p>{number}</p>", official=False)
    words = "<div><p>It is out\n &#38; about.</p></div>"
    ours = community.comment(square.vendor.account, square.post, square.vendor.service, words, official=True)
    said = square.say()
    assert isinstance(said, Said)
    assert said.receipt.comment_id == str(ours.id)


def test_while_the_comments_cannot_be_read_nothing_is_written(square: Square) -> None:
    square.vendor.faults.order(Fault("garbage", method="GET", path=r"/comments"))
    with pytest.raises(TryLater):
        square.say()
    assert square.post.comments == []
    assert "sent_at" not in square.kept


def test_comments_that_lead_in_a_circle_are_left(square: Square) -> None:
    for after in ("one", "two") * 4:
        page = {"comments": [], "meta": {"has_more": True, "after_cursor": after}}
        body = json.dumps(page)
        square.vendor.faults.order(Fault("status", "GET", "/comments", status=200, body=body))
    with pytest.raises(TryLater, match="circle"):
        square.say()
    assert square.post.comments == []


def test_what_is_not_owed_any_more_is_taken_back_unless_it_stands_there(square: Square) -> None:
    assert isinstance(square.say(still_owed=False), GivenUp)
    square.fault("drop_after")
    assert isinstance(square.say(), Unknown)
    assert isinstance(square.say(still_owed=False), Said)


def test_a_pause_only_looks(square: Square) -> None:
    assert isinstance(square.say(may_write=False), NotYet)
    assert square.post.comments == []


def test_a_post_that_is_closed_or_gone_is_for_a_person(square: Square) -> None:
    square.post.closed = True
    outcome = square.say()
    assert isinstance(outcome, Blocked)
    assert "open it there, or tell its voters by hand" in outcome.reason, "Zendesk is not asked in vain"
    square.vendor.hide_post(square.post)
    outcome = square.say()
    assert isinstance(outcome, Blocked)
    assert "does not show the community post" in outcome.reason


def test_what_may_stand_on_a_post_that_is_hidden_just_now_stays_in_doubt(square: Square) -> None:
    """Cancelled as never said, nobody would ever correct what stands there once the post is shown again."""
    square.fault("drop_after")
    assert isinstance(square.say(), Unknown)
    square.vendor.hide_post(square.post)
    outcome = square.say()
    assert isinstance(outcome, Blocked)
    assert "whether this arrived" in outcome.reason
    assert square.kept["sent_at"], "so nothing says it anew before it was read back"
    square.post.hidden = False
    assert isinstance(square.say(still_owed=False), Said), "it is found, and can be corrected"
    assert len(square.post.comments) == 1


def test_a_comment_that_is_late_is_waited_for_however_the_post_was_hidden_meanwhile(square: Square) -> None:
    square.fault("drop_before")
    assert isinstance(square.say(), Unknown)
    square.vendor.hide_post(square.post)
    assert isinstance(square.say(), Blocked)
    square.post.hidden = False
    assert isinstance(square.say(), Unknown), "tried again at once, it might be written twice"
    square.vendor.clock.advance(SETTLE_S + 1)
    assert isinstance(square.say(), Said)


def test_what_may_stand_on_a_hidden_post_is_given_up_by_a_person_who_looked(square: Square) -> None:
    square.fault("drop_after")
    assert isinstance(square.say(), Unknown)
    square.vendor.hide_post(square.post)
    owed = {"still_owed": False, "person_keys": ("7",)}
    assert isinstance(square.say(**owed), Blocked)
    assert isinstance(square.say(still_owed=False, person_keys=()), GivenUp), "somebody who was forgotten"
    square.kept["looked"] = "agnes"  # what cancelling notes of whoever cancels a parked notice
    assert isinstance(square.say(person_keys=("7",)), Blocked), "it is owed"
    assert isinstance(square.say(**owed), GivenUp)


def test_what_zendesk_refuses_is_for_a_person_and_leaves_no_doubt(square: Square) -> None:
    square.fault("status", status=422)
    assert isinstance(square.say(), Blocked)
    assert square.kept["sent_at"] is None


def test_asked_to_wait_it_waits_and_leaves_no_doubt(square: Square) -> None:
    square.fault("status", status=429, headers={"Retry-After": "7"})
    with pytest.raises(TryLater):
        square.say()
    assert square.kept["sent_at"] is None


@pytest.mark.parametrize(("status", "doubt"), [(401, False), (302, True)])
def test_an_account_that_takes_nothing_from_us_is_no_fault_of_the_post(
    square: Square, status: int, *, doubt: bool
) -> None:
    square.fault("status", status=status, headers={"Location": "/elsewhere"}, times=2)
    with pytest.raises(Refused, match=str(status)):
        square.say()
    assert bool(square.kept["sent_at"]) is doubt


def test_a_post_of_which_nothing_is_said_is_read_again(square: Square) -> None:
    square.vendor.faults.order(Fault("empty", method="GET", path=r"/posts/\d+"))
    with pytest.raises(TryLater, match="without the community post"):
        square.say()
    assert square.post.comments == []


@pytest.mark.parametrize(
    ("public", "tickets", "mails"), [(True, False, True), (True, True, False), (False, True, False)]
)
def test_where_voters_are_told_in_tickets_of_their_own_it_mails_nobody(
    square: Square, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, public: bool, tickets: bool,
    mails: bool,
) -> None:  # fmt: skip
    asked: list[object] = []
    call = square.client.call

    def noted(method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        asked.append((body or {}).get("notify_subscribers"))
        return call(method, path, body)

    monkeypatch.setattr(square.client, "call", noted)
    here = replace(workspace, policy=replace(workspace.policy, voter_tickets=tickets))
    sending = replace(square.sending, kept=square.kept, public=public)
    channel = ZendeskReplies(square.engine, lambda _: square.client, SETTLE_S)
    assert isinstance(channel.say(here, sending, square.vendor.clock.now(), square.kept.update), Said)
    assert asked == [mails]
