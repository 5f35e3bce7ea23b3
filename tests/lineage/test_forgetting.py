"""§3: a person who is forgotten still counts, nameless, and is told nothing."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from lineage import outbox, people
from lineage.changes import Erased
from lineage.errors import Unknown
from lineage.notices import Sending, begin, keep
from lineage.outcomes import notices, told
from lineage.tables import history, persons
from lineage.terms import PersonId
from store import inbox, looks
from store.database import metadata
from tests.lineage.sent import to
from tests.lineage.story import Story

THEIRS = ("Ana", "ana@example.com", "zd-ana", "Ana needs this", "About 101")
"""What may be found nowhere once she is forgotten."""


@pytest.fixture
def asked(story: Story) -> Story:
    """Ana asked for KS-1, by ticket 101 and by a vote; Bo did too."""
    story.issue("KS-1")
    story.ask("Ana", "KS-1", org="Acme")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    story.ask("Bo", "KS-1")
    return story


def erase(story: Story, who: str) -> bool:
    return story.record(Erased(story.person(who), "operator", story.now))


def everything_kept(story: Story) -> str:
    rows = [tuple(row) for table in metadata.sorted_tables for row in story.conn.execute(select(table))]
    return json.dumps(rows, default=str)


def test_nothing_that_is_kept_names_who_was_forgotten(asked: Story) -> None:
    asked.done("KS-1")
    inbox.keep(
        asked.conn, workspace_id=asked.workspace.id, system="zendesk", delivery_id="1", headers={},
        body=b'{"email": "ana@example.com"}', now=asked.now,
    )  # fmt: skip
    (claimed,) = inbox.SHELF.claim(asked.conn, now=asked.now, lease_s=20, limit=1)
    assert inbox.SHELF.done(asked.conn, claimed)
    kept = everything_kept(asked)
    assert all(word in kept for word in THEIRS)
    assert erase(asked, "Ana")
    assert [word for word in THEIRS if word in everything_kept(asked)] == []
    assert "bo@example.com" in everything_kept(asked)


def test_who_was_forgotten_still_counts_and_keeps_being_proven(asked: Story) -> None:
    before = asked.on("KS-1")
    ana = asked.person("Ana")
    erase(asked, "Ana")
    assert sorted(asked.on("KS-1")) == sorted("" if name == "Ana" else name for name in before)
    assert asked.conn.scalar(select(persons.c.proven).where(persons.c.id == ana))


def test_what_waits_for_them_ends_as_skipped_and_nothing_later_is_told(asked: Story) -> None:
    asked.done("KS-1")
    ana = asked.person("Ana")
    erase(asked, "Ana")
    of_ana = [notice for notice in asked.notices() if notice.person_id == ana]
    assert [(n.state, n.reason, n.text) for n in of_ana] == [("skipped", "asked to be forgotten", "")]
    assert to(asked.send_all()) == [("Bo", "delivered")]
    asked.reopen("KS-1")
    asked.done("KS-1")
    assert ana not in {sent.person_id for sent in asked.notices() if sent.state == "confirmed"}


def test_what_was_told_stays_told_by_its_ids(asked: Story) -> None:
    asked.done("KS-1")
    asked.send_all()
    ana = asked.person("Ana")
    before = asked.conn.execute(select(told).where(told.c.person_id == ana)).all()
    erase(asked, "Ana")
    assert before and asked.conn.execute(select(told).where(told.c.person_id == ana)).all() == before
    row = asked.conn.execute(select(notices).where(notices.c.person_id == ana)).first()
    assert row is not None and (row.text, row.html, row.sending) == ("", "", None)
    assert row.receipt["place"] == "zendesk:ticket:101"


@pytest.mark.parametrize("arrived", [True, False])
def test_a_message_on_its_way_keeps_its_words_until_its_fate_is_known(asked: Story, arrived: bool) -> None:
    asked.done("KS-1")
    ana = asked.person("Ana")
    asked.later(minutes=16)
    claimed = next(
        one for one in outbox.SHELF.claim(asked.conn, now=asked.now, lease_s=60, limit=9)
        if one.row["person_id"] == ana
    )  # fmt: skip
    begun = begin(asked.conn, asked.workspace, claimed.id, now=asked.now)
    assert isinstance(begun, Sending)
    keep(asked.conn, begun, {"sent_at": "now"})
    erase(asked, "Ana")
    row = asked.conn.execute(select(notices).where(notices.c.id == claimed.id)).one()
    assert (row.state, row.place) == ("sending", "zendesk:ticket:101") and row.mark and row.text
    if arrived:
        assert outbox.confirm(asked.conn, asked.workspace, claimed, asked.receipt(row.place), now=asked.now)
    else:
        assert outbox.withdraw(asked.conn, asked.workspace, claimed, reason="not there", now=asked.now)
    after = asked.conn.execute(select(notices).where(notices.c.id == claimed.id)).one()
    assert (after.text, after.sending, bool(after.mark)) == ("", None, True)
    assert bool(asked.conn.execute(select(told).where(told.c.person_id == ana)).all()) is arrived


@pytest.mark.parametrize("ends", ["wait", "block"])
def test_a_message_that_was_only_begun_is_dropped_with_its_words(asked: Story, ends: str) -> None:
    asked.done("KS-1")
    ana = asked.person("Ana")
    asked.later(minutes=16)
    found = outbox.SHELF.claim(asked.conn, now=asked.now, lease_s=60, limit=9)
    (claimed,) = [one for one in found if one.row["person_id"] == ana]
    assert isinstance(begin(asked.conn, asked.workspace, claimed.id, now=asked.now), Sending)
    erase(asked, "Ana")
    if ends == "wait":
        assert outbox.wait(
            asked.conn, asked.workspace, claimed, until=asked.now, reason="busy", now=asked.now
        )
    else:
        assert outbox.block(asked.conn, asked.workspace, claimed, reason="no", now=asked.now)
    row = asked.conn.execute(select(notices).where(notices.c.id == claimed.id)).one()
    assert (row.state, row.text, row.html) == ("cancelled", "", "")


def test_whoever_comes_with_the_same_address_is_somebody_new(asked: Story) -> None:
    before = asked.person("Ana")
    erase(asked, "Ana")
    asked.ask("Ana", "KS-1")
    assert asked.person("Ana") != before
    asked.done("KS-1")
    assert to(asked.send_all()) == [("Ana", "delivered"), ("Bo", "delivered")]


def test_reading_a_ticket_of_theirs_again_brings_no_name_back(asked: Story) -> None:
    erase(asked, "Ana")
    asked.ticket_changes("101", status="solved")
    asked.ticket_changes("101", status="closed", words="again", subject="again")
    assert people.by_address(asked.conn, asked.workspace.id, "email", "ana@example.com") is None
    assert [word for word in (*THEIRS, "again") if word in everything_kept(asked)] == []


def test_forgetting_twice_is_forgetting_once(asked: Story) -> None:
    ana = asked.person("Ana")
    erase(asked, "Ana")
    assert not asked.record(Erased(ana, "operator", asked.now))
    with pytest.raises(Unknown):
        asked.record(Erased(PersonId(999), "operator", asked.now))


def test_the_history_names_nobody(asked: Story) -> None:
    erase(asked, "Ana")
    rows = asked.conn.scalars(select(history.c.change).where(history.c.kind == "Erased")).all()
    assert len(rows) == 1 and set(rows[0]) == {"person", "by", "at"}


def test_what_is_to_be_read_because_of_an_address_is_dropped_with_it(asked: Story) -> None:
    waiting = select(looks.looks.c.object_id).where(looks.looks.c.kind == "email")
    assert "ana@example.com" in asked.conn.scalars(waiting).all()
    erase(asked, "Ana")
    assert asked.conn.scalars(waiting).all() == ["bo@example.com"]


def test_a_requester_who_follows_on_a_ticket_of_somebody_forgotten_is_who_they_are(asked: Story) -> None:
    erase(asked, "Ana")
    bo = asked.tickets["102"].requester
    asked.ticket_changes("101", requester=replace(bo, name="Bo"))
    assert asked.person("Bo")
    assert asked.asked("101").person_name == ""
