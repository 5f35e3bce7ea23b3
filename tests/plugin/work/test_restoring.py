"""An old backup comes back: nobody is told twice, and what was never told still goes out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lineage import notices as acts
from lineage import questions, restored
from lineage.changes import Titled
from lineage.outcomes import notices, pushes, readbacks, told
from lineage.terms import ItemId
from plugin import restoring
from sandbox.faults import Fault
from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket, User
from store import backup, restore
from store.database import reading, transaction
from tests.plugin.work.conftest import Desk

ROUNDS, ROUND_S = 5, 320


@dataclass
class Past:
    """A desk that can go back to an old backup."""

    desk: Desk
    zendesk: Zendesk
    jira: Jira
    folder: Path
    backups: int = 0

    def asks(self, name: str, key: str) -> Ticket:
        user = self.zendesk.add_user(name, f"{name.lower()}@acme.example")
        return self.asks_again(user, key)

    def asks_again(self, user: User, key: str) -> Ticket:
        ticket = self.zendesk.open_ticket(user, "Export", "We need PDF.")
        self.links(ticket, key)
        return ticket

    def links(self, ticket: Ticket, key: str) -> None:
        issue = self.jira.issue(key).id
        self.desk.looks_at("zendesk", "ticket", ticket.id)
        self.desk.looks_at("jira", "issue", issue)
        self.desk.links(ticket.id, issue)
        self.titled(key)

    def titled(self, key: str) -> None:
        item = ItemId(self.jira.issue(key).id)
        self.desk.record(Titled(item, f"The {key} thing", False, by="Agnes", at=self.desk.clock.now()))

    def passes(self) -> None:
        """Hours in which the worker does whatever falls due."""
        for _ in range(ROUNDS):
            self.desk.works()
            self.desk.clock.advance(ROUND_S)

    def saves(self) -> Path:
        self.backups += 1
        file = self.folder / f"{self.backups}.backup"
        app = self.desk.app
        backup.take(app.engine, app.vault, file, now=self.desk.clock.now(), tell=lambda _done, _all: None)
        self.desk.clock.advance(60)
        return file

    def goes_back_to(self, file: Path) -> None:
        self.desk.clock.advance(60)
        app, now = self.desk.app, self.desk.clock.now()
        manifest = restore.judged(file, app.vault, without_secrets=False)
        restore.restore(
            app.engine, app.vault, file, manifest, now=now, tell=lambda _done, _all: None,
            afterwards=lambda conn: restoring.begin(conn, backup_at=manifest.taken_at, now=now),
        )  # fmt: skip

    def finished(self) -> bool:
        with reading(self.desk.app.engine) as conn:
            progress = restored.progress(conn, self.desk.workspace)
        assert progress is not None
        return progress.finished_at is not None

    def replies(self, ticket: Ticket) -> list[str]:
        found = self.zendesk.public_comments(ticket)
        return [str(one["body"]) for one in found if one["author_id"] == self.zendesk.service.id]

    def approve_all(self) -> int:
        with transaction(self.desk.app.engine) as conn:
            waiting = questions.notices(conn, self.desk.workspace, state="awaiting_approval")
            for one in waiting:
                acts.approve(conn, self.desk.workspace, one.id, digest=one.digest, by="Olga",
                             now=self.desk.clock.now())  # fmt: skip
        return len(waiting)

    def notices(self, state: str) -> list[dict[str, Any]]:
        return [one for one in self.desk.rows(notices) if one["state"] == state]


@pytest.fixture
def past(desk: Desk, zendesk: Zendesk, jira: Jira, tmp_path: Path) -> Past:
    return Past(desk, zendesk, jira, tmp_path)


def test_who_was_told_since_is_not_told_again_and_who_was_not_is(past: Past) -> None:
    past.jira.add_issue("KS-1", "Export")
    past.jira.add_issue("KS-2", "Import")
    ana, bo = past.asks("Ana", "KS-1"), past.asks("Bo", "KS-2")
    file = past.saves()
    past.jira.transition("KS-1", "done")
    past.desk.looks_at("jira", "issue", past.jira.issue("KS-1").id)
    past.passes()
    assert len(past.replies(ana)) == 1
    past.jira.transition("KS-2", "done")
    past.goes_back_to(file)
    past.passes()
    assert past.finished()
    assert (len(past.replies(ana)), len(past.replies(bo))) == (1, 1)
    [known] = [one for one in past.desk.rows(told) if one["item_id"] == past.jira.issue("KS-1").id]
    assert (known["nth"], known["notice_id"], known["place"]) == (1, None, f"zendesk:ticket:{ana.id}")
    assert known["at"] < past.desk.clock.now()
    past.passes()
    assert (len(past.replies(ana)), len(past.replies(bo))) == (1, 1)


def test_a_notice_that_was_about_to_go_when_the_backup_was_made_is_not_said_twice(past: Past) -> None:
    past.jira.add_issue("KS-1", "Export")
    ana = past.asks("Ana", "KS-1")
    past.jira.transition("KS-1", "done")
    past.desk.looks_at("jira", "issue", past.jira.issue("KS-1").id)
    assert past.notices("held")
    file = past.saves()
    past.passes()
    past.goes_back_to(file)
    past.passes()
    assert len(past.replies(ana)) == 1
    assert past.notices("held") == []


def test_nothing_goes_out_before_everybodys_tickets_are_read(past: Past) -> None:
    past.jira.add_issue("KS-1", "Export")
    ana = past.asks("Ana", "KS-1")
    past.jira.transition("KS-1", "done")
    past.desk.looks_at("jira", "issue", past.jira.issue("KS-1").id)
    file = past.saves()
    past.goes_back_to(file)
    past.zendesk.faults.order(Fault("status", path=r"/users/\d+/tickets/requested", times=1000))
    past.passes()
    assert not past.finished()
    assert past.replies(ana) == []
    [waits] = past.notices("held")
    assert waits["due_at"] is not None
    past.zendesk.faults.clear()
    past.passes()
    assert past.finished()
    assert len(past.replies(ana)) == 1


def test_who_cannot_be_read_is_for_a_person_and_holds_the_others_up(past: Past) -> None:
    past.jira.add_issue("KS-1", "Export")
    ana = past.asks("Ana", "KS-1")
    past.jira.transition("KS-1", "done")
    past.desk.looks_at("jira", "issue", past.jira.issue("KS-1").id)
    past.goes_back_to(past.saves())
    past.zendesk.faults.order(Fault("status", status=403, path=r"/users/\d+/tickets/requested", times=1000))
    past.passes()
    [parked] = past.desk.rows(readbacks)
    assert parked["parked_at"] is not None
    assert (past.finished(), past.replies(ana)) == (False, [])
    with transaction(past.desk.app.engine) as conn:
        restored.READBACKS.dismiss(conn, parked["id"], workspace_id=past.desk.workspace.id)
    past.passes()
    assert (past.finished(), len(past.replies(ana))) == (True, 1)


def test_a_follow_up_that_was_made_since_is_the_address_from_now_on(past: Past) -> None:
    past.jira.add_issue("KS-1", "Export")
    ana = past.asks("Ana", "KS-1")
    past.zendesk.close(ana)
    past.desk.looks_at("zendesk", "ticket", ana.id)
    file = past.saves()
    past.jira.transition("KS-1", "done")
    past.desk.looks_at("jira", "issue", past.jira.issue("KS-1").id)
    past.passes()
    before = [one.id for one in past.zendesk.tickets()]
    assert len(before) == 2
    past.goes_back_to(file)
    past.passes()
    assert [one.id for one in past.zendesk.tickets()] == before
    past.jira.reopen("KS-1")
    past.desk.looks_at("jira", "issue", past.jira.issue("KS-1").id)
    assert past.approve_all() == 1
    past.passes()
    follow_up = past.zendesk.ticket(before[1])
    assert [one.id for one in past.zendesk.tickets()] == before
    assert len(past.replies(follow_up)) == 2, "the correction stands where it was told"


def test_told_corrected_and_told_anew_is_known_in_that_order(past: Past) -> None:
    past.jira.add_issue("KS-1", "Export")
    ana, issue = past.asks("Ana", "KS-1"), past.jira.issue("KS-1").id
    file = past.saves()
    for step in ("done", "open", "done"):
        if step == "open":
            past.jira.reopen("KS-1")
        else:
            past.jira.transition("KS-1", step)
        past.desk.looks_at("jira", "issue", issue)
        past.approve_all()
        past.passes()
    assert len(past.replies(ana)) == 3
    past.goes_back_to(file)
    past.passes()
    assert len(past.replies(ana)) == 3
    rows = sorted(past.desk.rows(told), key=lambda one: int(one["nth"]))
    assert [(one["nth"], one["retracted_at"] is None) for one in rows] == [(1, False), (2, True)]
    past.jira.reopen("KS-1")
    past.desk.looks_at("jira", "issue", issue)
    assert past.approve_all() == 1, "what was told last is untrue now, and a person may say so"


def test_reopened_since_and_never_corrected_it_is_offered_for_correction(past: Past) -> None:
    past.jira.add_issue("KS-1", "Export")
    ana, issue = past.asks("Ana", "KS-1"), past.jira.issue("KS-1").id
    file = past.saves()
    past.jira.transition("KS-1", "done")
    past.desk.looks_at("jira", "issue", issue)
    past.passes()
    past.jira.reopen("KS-1")
    past.goes_back_to(file)
    past.passes()
    [waiting] = past.notices("awaiting_approval")
    assert waiting["kind"] == "correction"
    past.approve_all()
    past.passes()
    assert len(past.replies(ana)) == 2
    past.jira.transition("KS-1", "done")
    past.desk.looks_at("jira", "issue", issue)
    past.passes()
    assert len(past.replies(ana)) == 3, "true anew, told anew"


def test_a_part_that_was_split_off_since_is_known_to_have_been_told(past: Past) -> None:
    past.jira.add_issue("KS-1", "Export")
    ana = past.asks("Ana", "KS-1")
    file = past.saves()
    past.jira.split("KS-1", ["To PDF", "To CSV"])
    past.desk.looks_at("jira", "issue", past.jira.issue("KS-1").id)
    past.desk.works("looks")
    for key in ("KS-2", "KS-3"):
        past.titled(key)
    past.jira.transition("KS-2", "done")
    past.desk.looks_at("jira", "issue", past.jira.issue("KS-2").id)
    past.passes()
    assert len(past.replies(ana)) == 1
    past.goes_back_to(file)
    past.passes()
    for key in ("KS-2", "KS-3"):
        past.titled(key)
    past.passes()
    assert len(past.replies(ana)) == 1
    past.jira.transition("KS-3", "done")
    past.desk.looks_at("jira", "issue", past.jira.issue("KS-3").id)
    past.passes()
    assert len(past.replies(ana)) == 2


def test_told_on_a_ticket_that_was_linked_since_it_is_not_told_on_the_older_one(past: Past) -> None:
    """The person is known, the ticket is not: it is found among all that are theirs."""
    past.jira.add_issue("KS-1", "Export")
    user = past.zendesk.add_user("Ana", "ana@acme.example")
    first = past.asks_again(user, "KS-1")
    file = past.saves()
    second = past.asks_again(user, "KS-1")
    past.jira.transition("KS-1", "done")
    past.desk.looks_at("jira", "issue", past.jira.issue("KS-1").id)
    past.passes()
    assert (len(past.replies(first)), len(past.replies(second))) == (0, 1)
    past.goes_back_to(file)
    past.passes()
    assert (len(past.replies(first)), len(past.replies(second))) == (0, 1)
    past.links(second, "KS-1")
    past.approve_all()
    past.passes()
    assert (len(past.replies(first)), len(past.replies(second))) == (0, 1)


def test_a_reply_whose_arrival_nobody_knew_is_found_wherever_it_was_said_in_the_end(past: Past) -> None:
    past.jira.add_issue("KS-1", "Export")
    user = past.zendesk.add_user("Ana", "ana@acme.example")
    first = past.asks_again(user, "KS-1")
    past.jira.transition("KS-1", "done")
    past.desk.looks_at("jira", "issue", past.jira.issue("KS-1").id)
    past.desk.clock.advance(1000)
    past.zendesk.faults.order(Fault("drop_before", method="PUT", path=r"/api/v2/tickets/"))
    past.desk.works()
    assert past.notices("unknown")
    file = past.saves()
    past.passes()
    assert len(past.replies(first)) == 1
    past.goes_back_to(file)
    past.passes()
    assert len(past.replies(first)) == 1
    assert past.notices("unknown") == []
    assert [one["nth"] for one in past.desk.rows(told)] == [1]


def test_the_reading_goes_on_where_a_worker_was_killed(past: Past) -> None:
    past.jira.add_issue("KS-1", "Export")
    tickets = [past.asks(f"Kim{number}", "KS-1") for number in range(4)]
    file = past.saves()
    past.jira.transition("KS-1", "done")
    past.desk.looks_at("jira", "issue", past.jira.issue("KS-1").id)
    past.passes()
    past.goes_back_to(file)
    past.desk.works("looks")
    past.desk.clock.advance(5)
    past.desk.works("restores")
    with transaction(past.desk.app.engine) as conn:
        now = past.desk.clock.now()
        taken = restored.READBACKS.claim(conn, now=now, lease_s=20, limit=2)
    assert len(taken) == 2, "held by somebody who died"
    past.passes()
    assert past.finished()
    assert [len(past.replies(one)) for one in tickets] == [1, 1, 1, 1]


def test_demand_that_was_pushed_since_is_overwritten_by_what_we_know_now(past: Past) -> None:
    past.jira.add_issue("KS-1", "Export")
    past.asks("Ana", "KS-1")
    past.passes()
    file = past.saves()
    past.asks("Bo", "KS-1")
    past.passes()
    assert past.jira.property("KS-1", "kithspark.demand")["requesters"] == 2
    past.goes_back_to(file)
    past.passes()
    assert past.jira.property("KS-1", "kithspark.demand")["requesters"] == 1
    assert all(row["due_at"] is None for row in past.desk.rows(pushes))


def test_a_backup_that_was_made_while_an_older_one_was_read_back_reads_from_there(past: Past) -> None:
    past.jira.add_issue("KS-1", "Export")
    ana = past.asks("Ana", "KS-1")
    first = past.saves()
    past.jira.transition("KS-1", "done")
    past.desk.looks_at("jira", "issue", past.jira.issue("KS-1").id)
    past.passes()
    past.desk.clock.advance(86_400)
    past.goes_back_to(first)
    second = past.saves()
    past.goes_back_to(second)
    past.passes()
    assert past.finished()
    assert len(past.replies(ana)) == 1
