"""What Jira refused, and what somebody forged: who may go on with it, and what nobody gets to see by it."""

from lineage.changes import KeepsPart
from plugin.jira import undoable
from sandbox.faults import Fault
from sandbox.zendesk.records import Ticket
from store.database import transaction
from tests.plugin.house import House
from tests.plugin.jira.conftest import Panel, open_panel, works
from tests.plugin.jira.test_split import SPLIT, carriers, confirmed, hidden, person
from tests.plugin.jira.test_split import waits as waits  # noqa: PLC0414 - a fixture


def stuck(waits: House) -> Panel:
    """A split that Jira refused, in the panel of whoever began it."""
    panel = open_panel(waits, "KS-1")
    waits.jira.faults.order(Fault("status", method="POST", path="/rest/api/3/issue$", status=403))
    confirmed(panel, SPLIT)
    works(waits)
    assert "Try again" in panel.get("/acts/1").text
    return panel


def test_what_is_done_cannot_be_left_and_can_still_be_undone(waits: House) -> None:
    panel = open_panel(waits, "KS-1")
    confirmed(panel, SPLIT)
    works(waits)
    assert "Left as it is" not in panel.post("/acts/1/leave").text
    assert "nothing left to undo" not in panel.get("/undo").text


def test_what_somebody_tries_again_is_not_left_by_a_page_that_is_old(waits: House) -> None:
    panel = stuck(waits)
    panel.post("/acts/1/retry")
    assert "Left as it is" not in panel.post("/acts/1/leave").text
    assert works(waits) == ["done"]
    assert "nothing left to undo" not in panel.get("/undo").text


def test_who_may_not_do_it_in_jira_neither_tries_it_again_nor_leaves_it(waits: House) -> None:
    panel = stuck(waits)
    waits.jira.site.forbidden.add((waits.jira.user.account_id, "CREATE_ISSUES"))
    for what in ("retry", "leave"):
        assert "Jira does not let you do this here" in panel.post(f"/acts/1/{what}").text
    assert works(waits) == []
    assert "Try again" in panel.get("/acts/1").text


def test_what_got_stuck_stays_in_sight_whatever_is_decided_since(waits: House, ticket: Ticket) -> None:
    panel = stuck(waits)
    with transaction(waits.state.engine) as conn:
        change = KeepsPart(waits.item_id("KS-1"), True, "Agnes", waits.clock.now())
        told = undoable.Told(cause="sidebar:1", click="sidebar:1")
        assert undoable.decide(conn, waits.workspace, change, told, now=waits.clock.now())
    assert "/acts/1" in panel.get("").text


def test_a_form_that_was_forged_chooses_for_nobody_else_and_nothing_else(
    waits: House, ticket: Ticket
) -> None:
    panel = open_panel(waits, "KS-1")
    ana = person(waits, ticket.id)
    form = {**SPLIT, f"want-{ana}": "item:99999", f"want-{ana + 1000}": "1"}
    page = panel.post("/split/preview", **form).text
    assert "99999" not in page
    confirmed(panel, form)
    assert works(waits) == ["done"]
    assert set(carriers(waits, ticket.id)) == {"KS-2", "KS-3"}, "unsure is all"


def test_a_preview_names_no_part_that_its_reader_may_not_see(waits: House) -> None:
    waits.jira.add_issue("KS-2", "Secret plans of another team")
    waits.jira.link("Issue split", "KS-1", "KS-2")
    waits.reads("KS-1", "KS-2")
    waits.jira.site.hidden.add((waits.jira.user.account_id, waits.jira.issue("KS-2").id))
    page = open_panel(waits, "KS-1").post("/split/preview", **SPLIT).text
    assert "an issue you may not see" in page
    assert "Secret plans" not in page
    assert "KS-2" not in page


def test_an_undo_that_opens_the_issue_again_is_for_whoever_may_do_that(waits: House) -> None:
    panel = open_panel(waits, "KS-1")
    confirmed(panel, {"close": "yes", "own_title": "One report", "part": ["By mail"], "title": ["By mail"]})
    assert works(waits) == ["done"]
    waits.jira.faults.order(Fault("status", method="POST", path=r"/transitions$", status=403))
    panel.post("/undo", **hidden(panel.get("/undo").text))
    works(waits)
    assert "Try again" in panel.get("/acts/2").text
    waits.jira.site.forbidden.add((waits.jira.user.account_id, "TRANSITION_ISSUES"))
    assert "Jira does not let you do this here" in panel.post("/acts/2/retry").text
    assert works(waits) == []
    waits.jira.site.forbidden.clear()
    panel.post("/acts/2/retry")
    assert works(waits) == ["done"]
