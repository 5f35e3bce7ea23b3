"""The job that tells people, from the ledger to the ticket, against the sandbox over real HTTP."""

import dataclasses
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from connectors.delivery import Channel
from connectors.outcomes import Outcome
from lineage import notices as acts
from lineage.notices import Sending
from sandbox.faults import Fault
from sandbox.zendesk.records import User
from store import attempt, tally, workspaces
from store.database import transaction
from store.waiting import Superseded
from store.workspaces import Workspace
from tests.connectors.office import Office


class Died(Exception):
    pass


class DiesAfterSending:
    """The real channel, in a process that is killed before it can remember that it has sent."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def say(self, workspace: Workspace, sending: Sending, now: datetime, keep: Any, /) -> Outcome:
        self._channel.say(workspace, sending, now, keep)
        raise Died

    def read_again(self, workspace: Workspace, ticket: str, now: datetime, /) -> None:
        self._channel.read_again(workspace, ticket, now)


@pytest.fixture
def office(database: Engine, workspace: Workspace) -> Iterator[Office]:
    it = Office(database, workspace)
    yield it
    it.close()


@pytest.fixture
def ana(office: Office) -> User:
    return office.zendesk.add_user("Ana", "ana@acme.example")


def test_who_asked_hears_on_their_ticket_once_it_is_done(office: Office, ana: User) -> None:
    ticket = office.ticket(ana)
    office.issue("done")
    office.work()
    assert not office.heard(ticket), "the quiet period is not over"
    office.pass_time(60)
    office.work()
    assert len(office.heard(ticket)) == 1
    assert "Export to PDF" in office.heard(ticket)[0]
    assert [row.state for row in office.notices()] == ["confirmed"]
    assert [row.happened for row in office.told()] == ["delivered"]


def test_reopened_in_the_quiet_period_nobody_hears_anything(office: Office, ana: User) -> None:
    ticket = office.ticket(ana)
    office.issue("done")
    office.pass_time(30)
    office.issue("new")
    office.pass_time(60)
    office.work()
    assert not office.heard(ticket)
    assert [row.state for row in office.notices()] == ["cancelled"]


def test_done_again_after_it_was_told_makes_no_second_message(office: Office, ana: User) -> None:
    ticket = office.ticket(ana)
    office.issue("done")
    office.pass_time(60)
    office.work()
    for category in ("new", "done"):
        office.issue(category)
        office.pass_time(90)
        office.work()
    assert len(office.heard(ticket)) == 1
    assert [row.kind for row in office.notices(state="cancelled")] == ["correction"]


def test_one_who_asked_in_two_tickets_hears_once_and_the_other_gets_a_note(office: Office, ana: User) -> None:
    older, newer = office.ticket(ana), office.ticket(ana, "PDF again")
    office.issue("done")
    office.pass_time(60)
    office.work()
    assert (len(office.heard(older)), len(office.heard(newer))) == (0, 1)
    note = office.zendesk.comments(older)[-1]
    assert note["public"] is False
    assert str(newer.id) in note["body"]


def test_a_ticket_that_closed_meanwhile_gets_a_follow_up_which_is_then_the_address(
    office: Office, ana: User
) -> None:
    ticket = office.ticket(ana)
    office.issue("done")
    office.zendesk.close(ticket)
    office.pass_time(60)
    office.work()
    office.pass_time(60)
    office.work()
    (follow_up,) = ticket.followup_ids
    assert len(office.heard(office.zendesk.ticket(follow_up))) == 1
    assert office.notices(state="confirmed")[0].place == f"zendesk:followup:{ticket.id}"


def test_after_workers_died_over_it_a_closed_ticket_still_gets_its_follow_up_soon(
    office: Office, ana: User
) -> None:
    ticket = office.ticket(ana)
    office.issue("done")
    office.zendesk.close(ticket)
    office.pass_time(60)
    for _ in range(5):
        assert office.claim(), "and dies over it"
        office.pass_time(21)
    office.work()
    office.pass_time(15)
    office.work()
    assert len(ticket.followup_ids) == 1


def test_a_worker_that_died_before_it_sent_leaves_nothing_undone(office: Office, ana: User) -> None:
    ticket = office.ticket(ana)
    office.issue("done")
    office.pass_time(60)
    (claimed,) = office.claim()
    with transaction(office.engine) as conn:
        acts.begin(conn, office.workspace, claimed.id, now=office.clock())
    office.pass_time(30)
    office.work()
    assert len(office.heard(ticket)) == 1


def test_a_worker_that_died_after_it_sent_tells_nobody_twice(office: Office, ana: User) -> None:
    ticket = office.ticket(ana)
    office.issue("done")
    office.pass_time(60)
    (claimed,) = office.claim()
    replies = office.deliver.channels["zendesk"]
    dying = dataclasses.replace(office.deliver, channels={"zendesk": DiesAfterSending(replies)})
    with pytest.raises(Died):
        dying(claimed)
    assert len(office.heard(ticket)) == 1
    office.pass_time(30)
    office.work()
    assert len(office.heard(ticket)) == 1
    assert [row.state for row in office.notices()] == ["confirmed"]


def test_a_worker_that_died_when_a_cancelled_reply_was_taken_back_does_not_let_it_out(
    office: Office, ana: User
) -> None:
    ticket = office.ticket(ana)
    office.issue("done")
    office.pass_time(60)
    (claimed,) = office.claim()
    with transaction(office.engine) as conn:
        sending = acts.begin(conn, office.workspace, claimed.id, now=office.clock())
        assert isinstance(sending, Sending)
        acts.keep(conn, sending, {"sent_at": office.clock().isoformat()})
        assert not acts.cancel(conn, office.workspace, claimed.id, by="Pat", now=office.clock())
        acts.keep(conn, sending, {"sent_at": None})  # nothing is in flight any more; and it dies
    office.pass_time(30)
    office.work()
    assert not office.heard(ticket)
    assert [row.state for row in office.notices()] == ["cancelled"]


def test_a_row_that_another_worker_took_over_is_left_to_that_one(office: Office, ana: User) -> None:
    office.ticket(ana)
    office.issue("done")
    office.pass_time(60)
    (slow,) = office.claim()
    office.pass_time(30)
    (quick,) = office.claim()
    with pytest.raises(Superseded):
        office.deliver(slow)
    office.deliver(quick)
    assert [row.state for row in office.notices()] == ["confirmed"]


def test_what_may_not_begin_yet_or_could_not_be_said_counts_as_put_off(office: Office, ana: User) -> None:
    office.ticket(ana)
    office.issue("done")
    outcomes: list[attempt.Outcome | None] = []
    for paused in (True, False, False):
        office.pass_time(60)
        with transaction(office.engine) as conn:
            workspaces.set_policy(conn, office.workspace.id, workspaces.Policy(hold_s=60, paused=paused))
        if len(outcomes) == 1:
            office.zendesk.faults.order(Fault("status", status=503))
        outcomes += [office.deliver(claimed) for claimed in office.claim()]
    assert outcomes == [attempt.Outcome.LATER, attempt.Outcome.LATER, None]
    assert [row.state for row in office.notices()] == ["confirmed"]


def test_a_correction_is_no_time_from_done_to_told(office: Office, ana: User) -> None:
    office.ticket(ana)
    before = _measured(office)
    for category in ("done", "new"):
        office.issue(category)
        for notice in office.notices(state="awaiting_approval"):
            with transaction(office.engine) as conn:
                given = {"digest": notice.digest, "by": "Agnes", "now": office.clock()}
                acts.approve(conn, office.workspace, notice.id, **given)
        office.pass_time(60)
        office.work()
    assert [row.kind for row in office.notices(state="confirmed")] == ["delivered", "correction"]
    assert _measured(office) == before + 1


def _measured(office: Office) -> float:
    """How often this process measured that time so far."""
    tally.write(office.engine)
    with transaction(office.engine) as conn:
        return sum(number for _, number in tally.read(conn, "told_after"))


def test_somebody_elses_ticket_by_now_is_shown_to_a_person(office: Office, ana: User) -> None:
    ticket = office.ticket(ana)
    office.issue("done")
    office.zendesk.change_requester(ticket, office.zendesk.add_user("Bob", "bob@acme.example"))
    office.pass_time(60)
    office.work()
    assert not office.heard(ticket)
    (row,) = office.notices()
    assert (row.state, "not the requester" in row.reason) == ("blocked", True)


def test_zendesk_that_does_not_answer_changes_nothing_and_is_asked_again(office: Office, ana: User) -> None:
    ticket = office.ticket(ana)
    office.issue("done")
    office.pass_time(60)
    office.zendesk.faults.order(Fault("status", status=503, times=2))
    office.work(rounds=1)
    assert not office.heard(ticket)
    for _ in range(2):
        office.pass_time(60)
        office.work()
    assert len(office.heard(ticket)) == 1


def test_a_correction_waits_for_a_person_and_then_takes_it_back(office: Office, ana: User) -> None:
    ticket = office.ticket(ana)
    office.issue("done")
    office.pass_time(60)
    office.work()
    office.issue("new")
    office.pass_time(300)
    office.work()
    (draft,) = office.notices(state="awaiting_approval")
    assert draft.kind == "correction"
    with transaction(office.engine) as conn:
        acts.approve(conn, office.workspace, draft.id, digest=draft.digest, by="Pat", now=office.clock())
    office.work()
    assert len(office.heard(ticket)) == 2
    assert office.told()[0].retracted_at is not None
    office.issue("done")
    office.pass_time(90)
    office.work()
    assert len(office.heard(ticket)) == 3, "taken back, it can be told again"


def test_only_a_reading_of_the_ticket_is_kept_in_the_history_not_its_words(office: Office, ana: User) -> None:
    ticket = office.ticket(ana)
    with transaction(office.engine) as conn:
        kept = str(conn.exec_driver_sql("SELECT change FROM history WHERE kind = 'TicketSeen'").all())
    assert str(ticket.id) in kept
    assert "We need it" not in kept
    assert "ana@acme.example" not in kept
