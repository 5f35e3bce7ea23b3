"""An issue made beside a ticket is made once, and what was typed for it is kept no longer than it must."""

import json

import pytest
from sqlalchemy import select, update

from lineage.tables import persons
from plugin.jira import acts
from sandbox.faults import Fault
from sandbox.zendesk.records import Ticket
from store.database import reading, transaction
from tests.plugin.house import House
from tests.plugin.jira.conftest import works
from tests.plugin.zendesk.conftest import Sidebar
from tests.plugin.zendesk.create_desk import form_of, made, opened, sent


def test_a_doubled_click_makes_one(house: House, desk: Sidebar, ticket: Ticket) -> None:
    form = opened(desk, ticket)
    for _ in range(3):
        assert "Being made" in sent(desk, ticket, form)
    works(house)
    sent(desk, ticket, form)
    works(house)
    assert made(house) == ["KS-2"]


def test_two_agents_at_once_make_one_and_the_second_is_told(
    house: House, desk: Sidebar, ticket: Ticket
) -> None:
    mine, theirs = opened(desk, ticket), opened(desk, ticket)
    sent(desk, ticket, mine)
    assert "Somebody else is making an issue" in sent(desk, ticket, theirs)
    works(house)
    page = sent(desk, ticket, theirs)
    assert "Agnes made KS-2 from this ticket meanwhile" in page
    assert made(house) == ["KS-2"]
    sent(desk, ticket, form_of(page))
    works(house)
    assert made(house) == ["KS-2", "KS-3"]


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "truncated", "status_after"])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/rest/api/3/issue$"), ("GET", "/rest/api/3/issue/.*")]
)
def test_whatever_answer_is_lost_no_second_issue_is_made(
    house: House, desk: Sidebar, ticket: Ticket, method: str, path: str, kind: str
) -> None:
    sent(desk, ticket, opened(desk, ticket))
    house.jira.faults.order(Fault(kind, method=method, path=path, status=502))
    for _ in range(6):
        works(house)
        house.clock.advance(100)
    assert made(house) == ["KS-2"]
    assert [ask.item.key for ask in house.asks(ticket.id)] == ["KS-2"]


def test_an_act_that_comes_back_from_a_backup_finds_what_it_made(
    house: House, desk: Sidebar, ticket: Ticket
) -> None:
    sent(desk, ticket, opened(desk, ticket))
    with reading(house.state.engine) as conn:
        before = conn.execute(select(acts.acts)).one()._mapping
    works(house)
    house.clock.advance(3600)
    with transaction(house.state.engine) as conn:
        values = {"made": {}, "plan": before["plan"], "due_at": house.clock.now()}
        conn.execute(update(acts.acts).values(values))
    assert works(house) == ["done"]
    assert made(house) == ["KS-2"]


def test_credentials_that_end_wait_for_a_person_and_can_be_tried_again(
    house: House, desk: Sidebar, ticket: Ticket
) -> None:
    sent(desk, ticket, opened(desk, ticket))
    house.jira.faults.order(Fault("status", method="POST", path="/rest/api/3/issue$", status=403))
    assert works(house) == ["parked"]
    assert "Jira did not take it" in desk.get(f"/tickets/{ticket.id}").text
    assert "Try again" in desk.get(f"/tickets/{ticket.id}/create/1").text
    desk.post(f"/tickets/{ticket.id}/create/1/retry")
    assert works(house) == ["done"]
    assert made(house) == ["KS-2"]


def test_who_leaves_what_another_agent_tries_again_leaves_nothing(
    house: House, desk: Sidebar, ticket: Ticket
) -> None:
    sent(desk, ticket, opened(desk, ticket))
    house.jira.faults.order(Fault("status", method="POST", path="/rest/api/3/issue$", status=403))
    works(house)
    desk.post(f"/tickets/{ticket.id}/create/1/retry")
    desk.post(f"/tickets/{ticket.id}/create/1/leave")  # on a page that still shows it as stuck
    assert works(house) == ["done"]
    assert made(house) == ["KS-2"]
    assert "KS-2" in desk.get(f"/tickets/{ticket.id}").text
    desk.post(f"/tickets/{ticket.id}/create/1/leave")
    with reading(house.state.engine) as conn:
        found = acts.act(conn, house.workspace.id, 1)
    assert found is not None and not found.undone, "what is made is not left"


def test_of_whom_was_forgotten_nothing_stays_beside_the_ticket_of_what_jira_refused(
    house: House, desk: Sidebar, ticket: Ticket
) -> None:
    sent(desk, ticket, opened(desk, ticket))
    body = json.dumps({"errorMessages": [], "errors": {"summary": "We export 300 reports: too long."}})
    house.jira.faults.order(Fault("status", method="POST", path="/rest/api/3/issue$", status=400, body=body))
    works(house)
    assert "Jira did not take" in desk.get(f"/tickets/{ticket.id}").text
    with transaction(house.state.engine) as conn:
        [person] = conn.scalars(select(persons.c.id)).all()
        acts.forget_words(conn, house.workspace.id, person)
        assert "300 reports" not in str(conn.execute(select(acts.acts.c.made)).all())
    assert "Jira did not take" not in desk.get(f"/tickets/{ticket.id}").text


def test_nothing_of_the_form_is_kept_once_it_is_made_and_nothing_of_whom_was_forgotten(
    house: House, desk: Sidebar, ticket: Ticket
) -> None:
    def kept() -> str:
        with reading(house.state.engine) as conn:
            return str(conn.execute(select(acts.acts.c.plan)).all())

    sent(desk, ticket, opened(desk, ticket))
    assert "300 reports" in kept()
    works(house)
    assert "300 reports" not in kept()
    sent(desk, ticket, opened(desk, ticket))
    assert "300 reports" in kept()
    with transaction(house.state.engine) as conn:
        [person] = conn.scalars(select(persons.c.id)).all()
        acts.forget_words(conn, house.workspace.id, person)
    assert "300 reports" not in kept()
    assert works(house) == []
