"""Splitting an issue from the panel, closing it in part, and undoing that: judged by what is in Jira then."""

import re
from typing import Any

import pytest

from connectors.jira.making import MARK
from lineage.terms import ItemId
from plugin.jira import acts
from sandbox.faults import Fault
from sandbox.jira import Jira
from sandbox.zendesk.records import Ticket
from store.database import transaction
from tests.lineage.costs.company import count
from tests.lineage.large import crowd
from tests.lineage.story import Story
from tests.plugin.house import House
from tests.plugin.jira.conftest import Panel, open_panel, works

FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
SPLIT: dict[str, Any] = {
    "close": "no",
    "keeps": "no",
    "part": ["Export one report", "Send it every Monday"],
    "title": ["One report", "By mail"],
}


@pytest.fixture
def waits(installed: House, ticket: Ticket) -> House:
    """Ana of Acme and Bo ask for KS-1."""
    bo = installed.zendesk.add_user("Bo", "bo@else.example")
    second = installed.zendesk.open_ticket(bo, "Mails", "Send it to me every Monday, please.")
    installed.reads("KS-1")
    for one in (ticket, second):
        installed.reads_ticket(one.id)
        installed.links(one.id, "KS-1")
    return installed


def hidden(page: str) -> dict[str, list[str]]:
    """What a form carries unseen."""
    found: dict[str, list[str]] = {}
    for name, value in FIELD.findall(page):
        found.setdefault(name, []).append(value)
    return found


def person(house: House, ticket: int) -> int:
    return house.asks(ticket)[0].person_id


def parts_in_jira(jira: Jira) -> dict[str, str]:
    """Issues that KS-1 was split to, by key."""
    whole = jira.issue("KS-1")
    return {
        jira.site.issues[link.destination].key: jira.site.issues[link.destination].summary
        for link in jira.site.links.values()
        if link.source == whole.id and link.type.name == "Issue split"
    }


def carriers(house: House, ticket: int) -> dict[str, str]:
    return {one.item.key: one.share for one in house.asks(ticket)[0].carriers}


def confirmed(panel: Panel, form: dict[str, Any]) -> str:
    """The preview is looked at, and confirmed."""
    preview = panel.post("/split/preview", **form).text
    assert "Leave it" in preview, preview
    panel.page = preview
    return panel.post("/split", **hidden(preview)).text


def test_an_engineer_splits_and_says_who_wants_what(waits: House, ticket: Ticket) -> None:
    panel = open_panel(waits, "KS-1")
    form = panel.get("/split").text
    assert "We export 300 reports a month by hand." in form and "unsure is all" in form
    choice = {f"want-{person(waits, ticket.id)}": "1", f"want-{person(waits, ticket.id + 1)}": "2"}
    page = confirmed(panel, {**SPLIT, **choice})
    assert "is made in Jira" in panel.page and "1 person" in panel.page
    line = panel.get("/acts/1?tries=599").text
    assert "0 of 2 parts" in line and "tries=600" in line and "Look again" not in line
    line = panel.get("/acts/1?tries=600").text  # it asks no more by itself, and says so
    assert "0 of 2 parts" in line and "tries=" not in line and "It takes longer than usual" in line
    assert works(waits) == ["done"]
    assert parts_in_jira(waits.jira) == {"KS-2": "Export one report", "KS-3": "Send it every Monday"}
    assert carriers(waits, ticket.id) == {"KS-2": "1"}
    assert carriers(waits, ticket.id + 1) == {"KS-3": "1"}
    assert "Done: the parts are KS-2, KS-3." in panel.get("/acts/1").text
    titles = {
        one.item.public_title for asks in (ticket.id, ticket.id + 1) for one in waits.asks(asks)[0].carriers
    }
    assert titles == {"One report", "By mail"}
    assert page


def test_a_form_that_is_sent_twice_makes_nothing_twice(waits: House) -> None:
    panel = open_panel(waits, "KS-1")
    preview = hidden(panel.post("/split/preview", **SPLIT).text)
    for _ in range(3):
        assert panel.post("/split", **preview).status_code == 200
    works(waits)
    assert len(waits.jira.site.issues) == 3


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "truncated", "status_after"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/rest/api/3/issue$"), ("POST", "/rest/api/3/issueLink"), ("GET", "/rest/api/3/issue/.*")],
)
def test_whatever_answer_is_lost_no_second_issue_is_made(
    waits: House, ticket: Ticket, method: str, path: str, kind: str
) -> None:
    panel = open_panel(waits, "KS-1")
    confirmed(panel, SPLIT)
    waits.jira.faults.order(Fault(kind, method=method, path=path, status=502))
    for _ in range(6):
        works(waits)
        waits.clock.advance(100)
    assert sorted(parts_in_jira(waits.jira)) == ["KS-2", "KS-3"]
    assert len(waits.jira.site.issues) == 3
    assert carriers(waits, ticket.id) == {"KS-2": "1/2", "KS-3": "1/2"}


def test_whoever_died_over_a_part_waits_until_the_search_can_know_of_it(waits: House) -> None:
    confirmed(open_panel(waits, "KS-1"), SPLIT)
    waits.jira.site.index_lag_s = waits.state.settings.settle_s - 1
    waits.jira.faults.order(Fault("drop_after", method="POST", path="/rest/api/3/issue$"))
    assert works(waits) == ["later"]
    with transaction(waits.state.engine) as conn:  # it never came so far as to say when to try again
        conn.execute(acts.acts.update().values(due_at=waits.clock.now()))
    assert works(waits) == ["later"]
    waits.clock.advance(2 * waits.state.settings.settle_s)
    assert works(waits) == ["done"]
    assert len(waits.jira.site.issues) == 3


def test_a_split_that_comes_back_from_a_backup_finds_what_it_made(waits: House) -> None:
    confirmed(open_panel(waits, "KS-1"), SPLIT)
    works(waits)
    waits.clock.advance(3600)
    with transaction(waits.state.engine) as conn:
        conn.execute(acts.acts.update().values(made={}, due_at=waits.clock.now()))
    assert works(waits) == ["done"]
    assert sorted(parts_in_jira(waits.jira)) == ["KS-2", "KS-3"]
    assert len(waits.jira.site.issues) == 3


def test_an_issue_that_is_there_becomes_a_part(waits: House, ticket: Ticket) -> None:
    waits.jira.add_issue("KS-7", "Weekly mails")
    panel = open_panel(waits, "KS-1")
    assert "KS-7" in panel.post("/split/form", **{**SPLIT, "find": "weekly", "search": "yes"}).text
    taken = panel.post("/split/form", **{**SPLIT, "part": ["One"], "title": [""], "use": "KS-7"}).text
    assert 'value="KS-7"' in taken and 'value="One"' in taken
    confirmed(panel, {**SPLIT, "part": ["One", "ks-7"]})
    works(waits)
    assert sorted(parts_in_jira(waits.jira)) == ["KS-7", "KS-8"]


def test_a_form_with_mistakes_keeps_what_was_typed(waits: House) -> None:
    panel = open_panel(waits, "KS-1")
    page = panel.post("/split/preview", **{**SPLIT, "keeps": "", "part": ["Some words", "KS-404"]}).text
    assert 'value="Some words"' in page and 'value="KS-404"' in page and 'value="By mail"' in page
    assert "Say whether KS-1 keeps a part" in page and "There is no issue KS-404" in page


def test_closing_in_part_tells_the_truth_to_each(waits: House, ticket: Ticket) -> None:
    panel = open_panel(waits, "KS-1")
    panel.post("/title", title="Export to PDF")
    mine = {f"want-{person(waits, ticket.id)}": "own"}
    form = {
        "close": "yes",
        "own_title": "One report as PDF",
        "part": ["By mail"],
        "title": ["By mail, weekly"],
    }
    confirmed(panel, {**form, **mine})
    assert "hears “1 of 2 parts”" in panel.page and "hears “done”" in panel.page
    assert "One report as PDF" in panel.page
    assert works(waits) == ["done"]
    assert waits.jira.issue("KS-1").status.category == "done"
    told = {notice.person_name: notice for notice in waits.plan()}
    assert told["Ana"].kind == "delivered" and told["Bo"].kind == "part_delivered"
    assert "One report as PDF" in told["Bo"].text and "By mail, weekly" in told["Bo"].text


def test_undo_puts_everything_back_and_leaves_issues_in_jira(waits: House, ticket: Ticket) -> None:
    panel = open_panel(waits, "KS-1")
    before = (carriers(waits, ticket.id), waits.asks(ticket.id)[0].item)
    confirmed(panel, {"close": "yes", "own_title": "One report", "part": ["By mail"], "title": ["By mail"]})
    works(waits)
    page = panel.get("/undo").text
    assert (
        f"Jira account {waits.jira.user.account_id} closed it in part" in page
        and "KS-2 stays in Jira" in page
    )
    panel.post("/undo", **hidden(page))
    assert works(waits) == ["done"]
    assert parts_in_jira(waits.jira) == {}
    assert waits.jira.issue("KS-2").properties.keys() == {MARK, "kithspark.demand"} - {"kithspark.demand"}
    assert waits.jira.issue("KS-1").status.category == "new"
    item = waits.asks(ticket.id)[0].item
    assert carriers(waits, ticket.id) == before[0]
    assert (item.keeps_part, item.own_title, item.split) == (None, None, False)
    assert [notice.state for notice in waits.plan()] == ["cancelled"] * len(waits.plan())
    assert "nothing left to undo" in panel.get("/undo").text


def test_what_was_decided_here_is_undone_exactly(split: House, ticket: Ticket) -> None:
    panel, before = open_panel(split, "KS-1"), split.asks(ticket.id)[0]
    panel.post("/parts", ask=str(before.ask_id), part=[split.item_id("KS-3")])
    panel.post("/keeps-part", keeps="no")
    for _ in range(2):
        panel.post("/undo", **hidden(panel.get("/undo").text))
    after = split.asks(ticket.id)[0]
    assert (after.carriers, after.choices, after.item) == (before.carriers, before.choices, before.item)


def test_the_second_of_two_is_told_what_the_first_one_did(split: House, ticket: Ticket) -> None:
    first, second = open_panel(split, "KS-1"), open_panel(split, "KS-1")
    seen = hidden(second.page)["seen"][0]
    first.post("/keeps-part", keeps="no", seen=seen)
    page = second.post("/keeps-part", keeps="yes", seen=seen).text
    assert "Nothing was done: this changed while you were here." in page
    assert "KS-1 is a mere container" in page
    assert split.asks(ticket.id)[0].item.keeps_part is False
    typed = {**SPLIT, "seen": seen, "part": ["Mine"], "title": [""]}
    form = second.post("/split", **typed).text
    assert "this changed while you were here" in form and 'value="Mine"' in form
    assert works(split) == []


def test_what_jira_refuses_waits_for_a_person(waits: House) -> None:
    panel = open_panel(waits, "KS-1")
    confirmed(panel, SPLIT)
    waits.jira.site.asked_fields["KS"] = {"customfield_10020": "Team"}
    assert works(waits) == ["parked"]
    assert "Team is required" in panel.get("/acts/1").text
    waits.jira.site.asked_fields.clear()
    panel.post("/acts/1/retry")
    assert works(waits) == ["done"]
    assert len(parts_in_jira(waits.jira)) == 2


def test_a_proposal_is_marked_and_chooses_for_nobody(waits: House, ticket: Ticket) -> None:
    page = open_panel(waits, "KS-1").post("/split/form", **{**SPLIT, "propose": "yes"}).text
    assert "For 2 people their words point to one part" in page
    assert page.count("<mark>proposed</mark>") == 2
    assert re.findall(rf'name="want-{person(waits, ticket.id)}" value="(\w+)" checked', page) == ["all"]


def test_two_hundred_requesters_are_one_form_and_one_act(waits: House) -> None:
    item = ItemId(waits.jira.issue("KS-1").id)
    with transaction(waits.state.engine) as conn:
        story = Story(conn, waits.workspace, waits.clock.now())
        crowd(story, [item] * 200)
        count(story)
    panel = open_panel(waits, "KS-1")
    form = panel.post("/split/form", **SPLIT).text
    people = sorted(set(re.findall(r'name="(want-\d+)"', form)))
    assert len(people) == 202
    choices = {name: str(1 + number % 2) for number, name in enumerate(people)}
    confirmed(panel, {**SPLIT, **choices})
    assert "101 people" in panel.page
    assert works(waits) == ["done"]
    for key in ("KS-2", "KS-3"):
        assert "<span>101 people</span>" in open_panel(waits, key).page
