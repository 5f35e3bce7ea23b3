"""What was told since a backup is known again, with all that follows from it."""

from lineage.outcomes import told
from sandbox.faults import Fault
from tests.plugin.work.past import Past


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
