"""An old backup comes back: nobody is told twice, and what was never told still goes out."""

from lineage import restored
from lineage.outcomes import pushes, readbacks, told
from sandbox.faults import Fault
from store.database import transaction
from tests.plugin.work.past import Past


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


def test_what_was_reopened_since_is_not_told_however_long_jira_cannot_say_so(past: Past) -> None:
    """Everybody's tickets could be read at once; but what the backup holds for true need not be."""
    past.jira.add_issue("KS-1", "Export")
    ana = past.asks("Ana", "KS-1")
    past.jira.transition("KS-1", "done")
    past.desk.looks_at("jira", "issue", past.jira.issue("KS-1").id)
    file = past.saves()
    past.jira.reopen("KS-1")
    past.goes_back_to(file)
    past.jira.faults.order(Fault("status", path=r"/search", times=1000))
    past.passes()
    assert past.desk.rows(readbacks) == [], "nobody's tickets are read before"
    assert (past.finished(), past.replies(ana)) == (False, [])
    past.jira.faults.clear()
    past.passes()
    assert (past.finished(), past.replies(ana)) == (True, [])


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
