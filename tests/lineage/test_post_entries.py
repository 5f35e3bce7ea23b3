"""What a post of the community says to everybody, beside what its voters are told in tickets of their own."""

import pytest
from sqlalchemy import select

from lineage import changes, outbox
from lineage import notices as acts
from lineage.notices import Sending
from lineage.outcomes import notices
from tests.lineage.sent import to
from tests.lineage.story import HOLD, Story
from tests.lineage.test_voter_tickets import POST, place_of
from tests.lineage.test_voter_tickets import square as square  # noqa: PLC0414 - Ana and Bo voted


def only_ana_is_told(square: Story) -> None:
    """What the post is to say besides waits."""
    square.done("KS-1")
    square.now += HOLD
    [claimed] = outbox.SHELF.claim(square.conn, now=square.now, lease_s=20, limit=1)
    begun = acts.begin(square.conn, square.workspace, claimed.id, now=square.now)
    assert isinstance(begun, Sending) and begun.place == place_of("Ana")
    receipt = square.receipt(begun.place)
    assert outbox.confirm(square.conn, square.workspace, claimed, receipt, now=square.now)


@pytest.mark.parametrize("failed_once", [False, True])
def test_what_the_post_is_to_say_outlives_the_voter_who_was_told_first(
    square: Story, *, failed_once: bool
) -> None:
    only_ana_is_told(square)
    for who in ("Ana", "Bo"):
        square.record(changes.Erased(square.person(who), by="olga", at=square.now))
    if failed_once:
        [note] = outbox.SHELF.claim(square.conn, now=square.now, lease_s=20, limit=10)
        acts.begin(square.conn, square.workspace, note.id, now=square.now)
        outbox.wait(square.conn, square.workspace, note, until=square.now, reason="503", now=square.now)
    assert square.send_due() == []
    [entry] = square.notes
    assert entry.place == str(POST) and "The KS-1 thing" in entry.text


def test_what_is_not_true_any_more_comes_to_stand_on_no_post_and_is_not_taken_back_there(
    square: Story,
) -> None:
    only_ana_is_told(square)
    square.reopen("KS-1")
    assert square.send_due() == square.notes == []
    hers = [one for one in square.notices(state="awaiting_approval") if one.person_name == "Ana"]
    square.approve(hers[0])
    assert to(square.send_all()) == [("Ana", "correction")]
    assert square.notes == []
    square.done("KS-1")
    assert {one.to for one in square.send_all()} == {"Ana", "Bo"}
    [entry] = square.notes
    assert "The KS-1 thing" in entry.text, "now it is true"


def test_of_what_may_have_come_to_stand_there_it_is_known_that_it_is_not_true_any_more(
    square: Story,
) -> None:
    only_ana_is_told(square)
    for true in (True, False):
        every = outbox.SHELF.claim(square.conn, now=square.now, lease_s=20, limit=10)
        [note] = [one for one in every if one.row["lane"] == "note"]
        begun = acts.begin(square.conn, square.workspace, note.id, now=square.now)
        assert isinstance(begun, Sending) and begun.still_owed is true
        acts.keep(square.conn, begun, {"sent_at": square.now.isoformat()})
        square.reopen("KS-1")
        square.later(minutes=1)


@pytest.mark.parametrize("tickets", [True, False])
def test_what_is_taken_back_twice_is_put_right_on_the_post_twice_and_not_once_for_each_voter(
    square: Story, *, tickets: bool
) -> None:
    square.policy(voter_tickets=tickets)
    for _ in range(2):
        square.done("KS-1")
        square.send_all()
        square.reopen("KS-1")
        for notice in square.notices(state="awaiting_approval"):
            square.approve(notice)
        square.send_all()
    here = select(notices).where(notices.c.place == str(POST)).order_by(notices.c.id)
    said = [row.sending["outcome"] for row in square.conn.execute(here)]
    assert len(set(said)) == 4
    assert len(said) == (4 if tickets else 8)


def test_what_is_taken_back_is_put_right_once_though_some_were_told_the_first_time_and_some_the_second(
    square: Story,
) -> None:
    only_ana_is_told(square)
    square.reopen("KS-1")
    square.done("KS-1")
    assert to(square.send_all()) == [("Bo", "delivered")]
    square.reopen("KS-1")
    for notice in square.notices(state="awaiting_approval"):
        square.approve(notice)
    assert {one.to for one in square.send_all()} == {"Ana", "Bo"}
    right = [one for one in square.notes if "ready now" not in one.text]
    assert len(right) == 1
