"""What is read from Jira and written to it, when something may have changed."""

from datetime import timedelta
from threading import Timer

import pytest
from sqlalchemy import update

from connectors.jira.push import LATE
from lineage.changes import ChildrenAreParts
from lineage.outcomes import pushes
from lineage.terms import ItemId, State
from sandbox.faults import Fault
from sandbox.jira import Jira
from store import looks, workspaces
from store.database import reading, transaction
from store.worker import Report
from tests.plugin.work.conftest import Desk


def test_an_issue_is_read_with_its_links_and_so_are_the_ends_of_them(desk: Desk, jira: Jira) -> None:
    whole = jira.add_issue("KS-1", "Export to PDF")
    parts = jira.split(whole, ["One report", "Scheduled"])
    desk.looks_at("jira", "issue", whole.id)
    assert desk.item("KS-1").parts == tuple(part.id for part in parts)
    assert desk.item(parts[1].id).summary == "Scheduled"
    assert desk.item("KS-1").url == f"{jira.url}/browse/KS-1"


def test_an_epic_is_read_with_its_children_and_a_sub_task_with_its_parent(desk: Desk, jira: Jira) -> None:
    epic = jira.add_issue("KS-1", "Exports", type="Epic")
    story = jira.add_issue("KS-2", "PDF", parent=epic)
    jira.add_issue("KS-3", "Margins", type="Sub-task", parent=story)
    jira.transition(story, "done")
    desk.looks_at("jira", "issue", epic.id)
    assert (desk.item("KS-1").children_done, desk.item("KS-1").children_all) == (1, 1)
    desk.looks_at("jira", "issue", story.id)
    assert (desk.item("KS-2").children_done, desk.item("KS-2").children_all) == (0, 1)
    assert desk.item("KS-1").parts == ()


def test_children_that_are_parts_come_and_go_with_what_jira_says(desk: Desk, jira: Jira) -> None:
    epic = jira.add_issue("KS-1", "Exports", type="Epic")
    pdf, csv = (jira.add_issue(f"KS-{n}", "Part", parent=epic) for n in (2, 3))
    desk.looks_at("jira", "issue", epic.id)
    desk.record(ChildrenAreParts(ItemId(epic.id), are=True, by="erin", at=desk.clock.now()))
    desk.works("looks")
    assert desk.item("KS-1").parts == (pdf.id, csv.id)
    assert desk.item("KS-3").summary == "Part", "a child that is a part is read"
    xls = jira.add_issue("KS-4", "Part", parent=epic)
    assert desk.looks_at("jira", "sync", "all").done
    assert desk.item("KS-1").parts == (pdf.id, csv.id, xls.id), "nobody told of the new child"
    jira.set_parent(xls, None)
    jira.set_parent(csv, None)
    desk.ask("jira", "issue", xls.id)
    desk.looks_at("jira", "issue", csv.id)
    assert desk.item("KS-1").parts == (pdf.id,), "its parent was read because of it"
    jira.set_parent(csv, epic)
    desk.looks_at("jira", "issue", csv.id)
    assert desk.item("KS-1").parts == (pdf.id, csv.id)


def test_an_issue_that_is_hidden_is_noted_and_nothing_moves(desk: Desk, jira: Jira) -> None:
    issue = jira.add_issue("KS-1", "Export to PDF")
    desk.looks_at("jira", "issue", issue.id)
    jira.faults.order(Fault("status", path=f"/issue/{issue.id}", status=404))
    desk.looks_at("jira", "issue", issue.id)
    assert (desk.item("KS-1").unreadable, desk.item("KS-1").state) == (True, State.OPEN)
    desk.looks_at("jira", "issue", issue.id)
    assert not desk.item("KS-1").unreadable


def test_an_answer_older_than_the_event_is_read_again_and_believed_in_the_end(desk: Desk, jira: Jira) -> None:
    issue = jira.add_issue("KS-1", "Export to PDF")
    later = desk.clock.now() + timedelta(seconds=10)
    assert desk.looks_at("jira", "issue", issue.id, at=later) == Report(later=1)
    assert "as it was before the change" in desk.look_row("jira", "issue", issue.id)["reason"]
    desk.clock.advance(10)
    assert desk.works("looks") == Report(later=1)
    desk.clock.advance(60)
    assert desk.works("looks") == Report(done=1)
    assert desk.item("KS-1").summary == "Export to PDF"


def test_an_event_that_comes_a_moment_after_its_stamp_is_no_reason_to_wait(desk: Desk, jira: Jira) -> None:
    issue = jira.add_issue("KS-1", "Export to PDF")
    assert desk.looks_at("jira", "issue", issue.id, at=desk.clock.now() + timedelta(seconds=1)).done == 1


def test_a_release_is_read_from_the_version(desk: Desk, jira: Jira) -> None:
    issue, version = jira.add_issue("KS-1", "Export"), jira.add_version("KS", "2.0")
    jira.set_fix_version(issue, version)
    desk.looks_at("jira", "issue", issue.id)
    jira.release(version)
    desk.looks_at("jira", "version", version.id)
    assert desk.item("KS-1").versions == (("2.0", True),)


@pytest.mark.parametrize("look", ["project", "sync"])
def test_what_was_said_of_a_projects_deliveries_goes_with_its_key(desk: Desk, jira: Jira, look: str) -> None:
    issue, version = jira.add_issue("KS-1", "Export"), jira.add_version("KS", "2.0")
    jira.set_fix_version(issue, version)
    jira.transition(issue, "done")
    with transaction(desk.app.engine) as conn:
        workspaces.set_policy(conn, desk.workspace.id, workspaces.Policy(deliver_in={"KS": "release"}))
    desk.looks_at("jira", "issue", issue.id)
    assert desk.item("KS-1").state is State.STARTED
    jira.rename_project("KS", "KITE")
    ident = jira.site.project("KITE").id if look == "project" else "all"
    desk.looks_at("jira", look, ident)
    desk.looks_at("jira", "issue", issue.id)
    assert desk.item("KITE-1").state is State.STARTED
    desk.looks_at("jira", look, ident)
    with reading(desk.app.engine) as conn:
        assert workspaces.by_id(conn, desk.workspace.id).policy.deliver_in == {"KITE": "release"}


def test_a_renamed_project_renames_its_issues(desk: Desk, jira: Jira) -> None:
    issue = jira.add_issue("KS-1", "Export to PDF")
    desk.looks_at("jira", "issue", issue.id)
    jira.rename_project("KS", "KITE")
    desk.looks_at("jira", "project", jira.site.project("KITE").id)
    assert desk.item(issue.id).key == "KITE-1"


def test_the_reconciliation_finds_what_no_webhook_told_and_comes_back(desk: Desk, jira: Jira) -> None:
    issue, stranger = jira.add_issue("KS-1", "Export"), jira.add_issue("KS-2", "Nobody asked for this")
    desk.looks_at("jira", "issue", issue.id)
    desk.looks_at("jira", "sync", "all")
    desk.clock.advance(601)
    jira.edit(issue, summary="Export to PDF")
    jira.edit(stranger, summary="Still nobody")
    assert desk.works("looks").done == 2
    assert desk.item("KS-1").summary == "Export to PDF"
    row = desk.look_row("jira", "sync", "all")
    assert row["due_at"] == desk.clock.now() + timedelta(seconds=600) or row["due_at"] > desk.clock.now()
    assert not [one for one in desk.rows(looks.looks) if one["object_id"] == stranger.id]


def test_a_reconciliation_outlasts_any_trouble(desk: Desk, jira: Jira) -> None:
    for _ in range(12):
        jira.faults.order(Fault("status", path="/search/jql", status=503))
        desk.ask("jira", "sync", "all")
        desk.works("looks")
        desk.clock.advance(800)
    row = desk.look_row("jira", "sync", "all")
    assert (row["parked_at"], row["attempts"] <= 1) == (None, True)


def _asked_for(desk: Desk, jira: Jira) -> str:
    """An issue that somebody asks for."""
    issue = jira.add_issue("KS-1", "Export to PDF")
    desk.looks_at("jira", "issue", issue.id)
    desk.knows_ticket("7", "ana@acme.example")
    desk.links(7, issue.id)
    return issue.id


def test_demand_is_written_once_for_however_many_changes(desk: Desk, jira: Jira) -> None:
    item = _asked_for(desk, jira)
    desk.knows_ticket("8", "ben@acme.example")
    desk.links(8, item)
    assert desk.works("pushes") == Report(done=1)
    assert jira.property("KS-1", "kithspark.demand") == {
        "rev": 2, "score": 1.58, "requesters": 2, "companies": 0, "votes": 0,
        "oldest": desk.clock.now().date().isoformat(), "lineage": "whole",
    }  # fmt: skip


def test_a_value_that_comes_late_does_not_stand_for_good(desk: Desk, jira: Jira) -> None:
    """What was sent and not heard of arrives after what was sent later."""
    item = _asked_for(desk, jira)
    jira.faults.order(Fault("drop_before", method="PUT", path="/properties/"))
    assert desk.works("pushes").later == 1
    late = {"rev": 1, "score": 1.0, "requesters": 1}
    desk.knows_ticket("8", "ben@acme.example")
    desk.links(8, item)
    assert desk.works("pushes") == Report(done=1)
    [row] = desk.rows(pushes)
    assert row["due_at"] > desk.clock.now() + LATE / 2
    jira.issue("KS-1").properties["kithspark.demand"] = late
    desk.clock.advance(LATE.total_seconds())
    assert desk.works("pushes") == Report(done=1)
    assert jira.property("KS-1", "kithspark.demand")["rev"] == 2
    [row] = desk.rows(pushes)
    assert row["due_at"] is None


def test_demand_that_changes_while_it_is_written_is_written_again(desk: Desk, jira: Jira) -> None:
    _asked_for(desk, jira)

    def change_meanwhile() -> None:
        with transaction(desk.app.engine) as conn:
            conn.execute(update(pushes).values(rev=pushes.c.rev + 1, due_at=desk.clock.now()))

    jira.faults.order(Fault("delay", method="PUT", path="/properties/", seconds=0.3))
    meanwhile = Timer(0.15, change_meanwhile)
    meanwhile.start()
    report = desk.works("pushes")
    meanwhile.join()
    assert report.done == 2
    [row] = desk.rows(pushes)
    assert (row["rev"], row["pushed_rev"], row["due_at"]) == (2, 2, None)
    assert jira.property("KS-1", "kithspark.demand")["rev"] == 2


def test_amounts_go_to_jira_only_where_the_workspace_says_so_and_never_to_a_public_project(
    desk: Desk, jira: Jira
) -> None:
    _asked_for(desk, jira)
    desk.works("pushes")
    assert "pipeline" not in jira.property("KS-1", "kithspark.demand")
    with transaction(desk.app.engine) as conn:
        policy = workspaces.Policy(push_amounts=True)
        workspaces.set_policy(conn, desk.workspace.id, policy)
        conn.execute(update(pushes).values(rev=5, due_at=desk.clock.now()))
    desk.works("pushes")
    assert jira.property("KS-1", "kithspark.demand")["pipeline"] == {"minor": 0, "currency": "USD"}
    jira.site.project("KS").public = True
    with transaction(desk.app.engine) as conn:
        conn.execute(update(pushes).values(rev=6, due_at=desk.clock.now()))
    desk.works("pushes")
    assert "pipeline" not in jira.property("KS-1", "kithspark.demand")


def test_an_issue_that_cannot_be_written_to_is_left_alone(desk: Desk, jira: Jira) -> None:
    _asked_for(desk, jira)
    jira.delete("KS-1")
    assert desk.works("pushes") == Report(done=1)
    [row] = desk.rows(pushes)
    assert (row["due_at"], row["parked_at"]) == (None, None)
    assert "404" in row["reason"]
