"""Creating an issue in Jira beside a ticket: what is asked, what is refused, what is made and linked then."""

import json

import pytest
from sqlalchemy import update

from sandbox.faults import Fault
from sandbox.jira.state import AskedField
from sandbox.zendesk.records import Ticket
from store.database import transaction
from store.workspaces import workspaces as kept_workspaces
from tests.plugin.house import House, bearer_of
from tests.plugin.jira.conftest import works
from tests.plugin.zendesk.conftest import Sidebar, first_load
from tests.plugin.zendesk.create_desk import FILLED, TEAM, form_of, made, opened, sent, wrong


def test_the_form_is_prefilled_from_the_ticket_with_the_customers_words_as_a_quotation(
    desk: Sidebar, ticket: Ticket
) -> None:
    assert "Create in Jira" in desk.get(f"/tickets/{ticket.id}").text
    form = opened(desk, ticket)
    assert (form["project"], form["summary"]) == ("KS", "Exporting reports to PDF")
    assert form["description"] == "> We export 300 reports a month by hand."


def test_an_issue_is_made_linked_and_says_where_it_comes_from(
    house: House, desk: Sidebar, ticket: Ticket
) -> None:
    form = opened(desk, ticket)
    line = sent(desk, ticket, form, description=f"{form['description']}\n\nEvery month.")
    assert "Being made in Jira" in line
    assert "Being made in Jira" in desk.get(f"/tickets/{ticket.id}").text
    assert works(house) == ["done"]
    whole = desk.get(f"/tickets/{ticket.id}/create/1")
    assert whole.headers["HX-Retarget"] == "#screen"
    assert "KS-2 is made in Jira, and linked" in whole.text
    assert "Being made" not in desk.get(f"/tickets/{ticket.id}").text
    issue, where = house.jira.issue("KS-2"), f"{house.zendesk.url}/agent/tickets/{ticket.id}"
    assert issue.summary == "Exporting reports to PDF"
    assert issue.description.split("\n") == [
        "We export 300 reports a month by hand.", "Every month.",
        f"Made beside Zendesk ticket {ticket.id} ({where}) by Agnes, with Kithspark.",
    ]  # fmt: skip
    [ask] = house.asks(ticket.id)
    assert (ask.item.key, ask.linked_by) == ("KS-2", "Agnes")


def test_the_place_of_what_sounds_alike_is_offered_first(house: House, desk: Sidebar, ticket: Ticket) -> None:
    house.jira.add_issue("ZZ-1", "Weekly mails")
    assert opened(desk, ticket)["project"] == "KS"
    house.jira.add_issue("ZZ-2", "Exporting reports to PDF", type="Bug")
    house.reads("ZZ-2")
    form = opened(desk, ticket)
    assert (form["project"], form["kind"]) == ("ZZ", house.jira.site.issue_type("Bug").id)


def test_another_project_or_type_keeps_what_was_typed(house: House, desk: Sidebar, ticket: Ticket) -> None:
    house.jira.add_issue("ZZ-1", "Weekly mails")
    house.jira.site.asked_fields["ZZ"] = {"customfield_7": "Short"}
    form = opened(desk, ticket) | {"project": "ZZ", "summary": "Mine", "field-customfield_7": "kept"}
    page = desk.post(f"/tickets/{ticket.id}/create/form", **form).text
    assert form_of(page) == form | {"click": form_of(page)["click"]}
    assert "data-focus" not in page


def test_every_kind_of_field_that_jira_wants_is_asked_for_and_taken(
    house: House, desk: Sidebar, ticket: Ticket
) -> None:
    house.jira.site.asked_fields["KS"] = TEAM
    page = desk.get(f"/tickets/{ticket.id}/create").text
    assert all(one in page for one in ("Team", "Reports", "Why", "Size", "Wanted by", "Areas", "Short"))
    sent(desk, ticket, form_of(page), **FILLED)
    assert works(house) == ["done"]
    extra = house.jira.issue("KS-2").extra
    assert extra["customfield_1"] == {"id": "8"}
    assert extra["customfield_3"] == 2.5
    assert extra["customfield_4"] == "2026-12-24"
    assert extra["customfield_5"] == [{"id": "1"}, {"id": "2"}]
    assert extra["customfield_6"] == ["pdf", "a4"]
    assert extra["customfield_2"]["type"] == "doc"


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("summary", "  ", "in one line"),
        ("field-customfield_1", "", "wants this filled in"),
        ("field-customfield_1", "9", "does not offer this"),
        ("field-customfield_5", "9", "does not offer this"),
        ("field-customfield_3", "much", "no number"),
        ("field-customfield_3", "nan", "no number"),
        ("field-customfield_4", "soon", "no date"),
        ("field-customfield_7", " ", "wants this filled in"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_before_jira_is_asked(
    house: House, desk: Sidebar, ticket: Ticket, field: str, typed: str, words: str
) -> None:
    house.jira.site.asked_fields["KS"] = TEAM
    page = sent(desk, ticket, opened(desk, ticket), **{**FILLED, field: typed})
    assert [words in one for one in wrong(page).values()] == [True]
    assert list(wrong(page)) == [field.removeprefix("field-")]
    assert "Because\nof it" in page
    assert works(house) == []


def test_what_jira_refuses_stands_beside_its_field_and_nothing_typed_is_lost(
    house: House, desk: Sidebar, ticket: Ticket
) -> None:
    form = opened(desk, ticket)
    sent(desk, ticket, form, summary="What I typed")
    house.jira.site.asked_fields["KS"] = {"customfield_1": TEAM["customfield_1"]}
    assert works(house) == ["done"]
    page = desk.get(f"/tickets/{ticket.id}/create/1")
    assert page.headers["HX-Retarget"] == "#screen"
    assert wrong(page.text) == {"customfield_1": "Team is required."}
    again = form_of(page.text)
    assert again["summary"] == "What I typed"
    assert "Jira did not take the issue that Agnes wanted made" in desk.get(f"/tickets/{ticket.id}").text
    sent(desk, ticket, again, **{"field-customfield_1": "7"})
    assert works(house) == ["done"]
    assert made(house) == ["KS-2"]
    assert "did not take" not in desk.get(f"/tickets/{ticket.id}").text


def test_what_jira_says_of_no_field_that_is_shown_stands_above(
    house: House, desk: Sidebar, ticket: Ticket
) -> None:
    sent(desk, ticket, opened(desk, ticket))
    body = json.dumps({"errorMessages": [], "errors": {"parent": "An epic is required."}})
    house.jira.faults.order(Fault("status", method="POST", path="/rest/api/3/issue$", status=400, body=body))
    works(house)
    page = desk.get(f"/tickets/{ticket.id}/create/1").text
    assert "parent: An epic is required." in page
    desk.post(f"/tickets/{ticket.id}/create/1/leave")
    assert "Jira did not take" not in desk.get(f"/tickets/{ticket.id}").text
    assert desk.get(f"/tickets/{ticket.id}/create/1").status_code == 404


def test_a_field_that_only_jira_can_ask_for_is_said_and_nothing_can_be_sent(
    house: House, desk: Sidebar, ticket: Ticket
) -> None:
    house.jira.site.asked_fields["KS"] = {"customfield_9": AskedField("Owner", "user")}
    page = desk.get(f"/tickets/{ticket.id}/create").text
    assert "Here Jira also wants Owner" in page
    assert "Create and link" not in page
    sent(desk, ticket, form_of(page))
    assert works(house) == []


def test_a_project_that_is_closed_to_us_is_not_offered_and_not_taken(
    house: House, desk: Sidebar, ticket: Ticket
) -> None:
    house.jira.add_issue("ZZ-1", "Another")
    form = opened(desk, ticket)
    house.jira.site.project("KS").open_to_new = False
    page = sent(desk, ticket, form)
    assert "not offered there any more" in wrong(page)["kind"]
    assert "(KS)" not in page and "(ZZ)" in page
    house.jira.site.project("ZZ").open_to_new = False
    assert "in no project" in desk.get(f"/tickets/{ticket.id}/create").text
    assert works(house) == []


def test_a_silent_jira_is_said_and_the_form_stays(house: House, desk: Sidebar, ticket: Ticket) -> None:
    form = opened(desk, ticket)
    house.jira.faults.order(Fault("status", path="/rest/api/3/project/search", status=503))
    answer = desk.post(f"/tickets/{ticket.id}/create", **form)
    assert answer.status_code == 502
    assert "What is shown here stays as it was" in answer.text


def test_what_was_made_from_one_ticket_is_not_shown_beside_another(
    house: House, desk: Sidebar, ticket: Ticket
) -> None:
    sent(desk, ticket, opened(desk, ticket))
    other = house.zendesk.open_ticket(house.zendesk.account.users[ticket.requester_id], "Else", "Else")
    desk.get(f"/tickets/{other.id}")
    assert desk.get(f"/tickets/{other.id}/create/1").status_code == 404
    assert desk.post(f"/tickets/{other.id}/create/1/leave").status_code == 404
    assert desk.get("/tickets/999999/create").status_code == 404
    assert desk.post("/tickets/999999/create", summary="x", project="KS").status_code == 404


def test_where_jira_is_not_to_read_customers_their_words_are_not_put_there(
    house: House, desk: Sidebar, ticket: Ticket
) -> None:
    with transaction(house.state.engine) as conn:
        conn.execute(update(kept_workspaces).values(customers_in_jira="admins"))
    assert opened(desk, ticket)["description"] == ""


def test_nothing_of_a_customer_goes_into_a_project_that_anybody_can_read(
    house: House, desk: Sidebar, ticket: Ticket
) -> None:
    house.jira.site.project("KS").public = True
    form = opened(desk, ticket)
    assert (form["summary"], form["description"]) == ("", "")
    assert "Anybody can read this project" in desk.get(f"/tickets/{ticket.id}/create").text
    sent(desk, ticket, form, summary="Exports as PDF")
    assert works(house) == ["done"]
    issue = house.jira.issue("KS-2")
    said = json.dumps(issue.description)
    assert "Made with Kithspark." in said
    for theirs in ("300 reports", str(ticket.id), "/agent/tickets/", "Agent"):
        assert theirs not in said, theirs
    assert "KS-2" in desk.get(f"/tickets/{ticket.id}").text, "and it is linked all the same"


def test_turning_to_a_project_that_anybody_can_read_takes_out_what_the_customer_wrote(
    house: House, desk: Sidebar, ticket: Ticket
) -> None:
    form = opened(desk, ticket)
    house.jira.site.project("KS").public = True
    typed = form | {"description": f"{form['description']}\n\nEvery month."}
    turned = form_of(desk.post(f"/tickets/{ticket.id}/create/form", **typed).text)
    assert (turned["summary"], turned["description"]) == ("", "Every month.")
    page = sent(desk, ticket, form)  # sent before the form had changed
    assert "Anybody can read this project" in page
    assert works(house) == []


def test_the_form_speaks_german(house: House, desk: Sidebar, ticket: Ticket) -> None:
    greta = house.zendesk.add_agent("Greta", "greta@helpdesk.example", locale="de")
    bearer = bearer_of(first_load(house, house.zendesk.signed_token(greta)))
    headers = {"Authorization": f"Bearer {bearer}", "Accept-Language": "en-US"}
    page = house.get(f"/zendesk/acme/tickets/{ticket.id}/create", headers=headers).text
    assert "Ein neuer Vorgang in Jira" in page
    assert "Anlegen und verknüpfen" in page
