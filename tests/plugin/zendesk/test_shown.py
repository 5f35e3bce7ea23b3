"""Beside a ticket, whoever Zendesk keeps from it: at each moment, at what cost, in each word."""

from collections.abc import Callable

import jwt
import pytest
from sqlalchemy import update

from lineage.outcomes import notices
from lineage.wording.languages import LANGUAGES
from plugin import bearer
from plugin.identity import signing_keys
from plugin.identity_tables import vendor_users
from plugin.zendesk import shown
from plugin.zendesk.asked import tickets_answered_in
from sandbox.faults import Fault
from sandbox.zendesk.records import Group, Ticket, User
from store.database import reading, transaction
from tests.plugin.house import House, carrying
from tests.plugin.zendesk.restricted import SILENT, opened, shut
from tests.plugin.zendesk.restricted import gus as gus  # noqa: PLC0414 - a fixture
from tests.plugin.zendesk.restricted import his as his  # noqa: PLC0414 - a fixture

# --- at each moment


def test_what_zendesk_said_holds_for_a_minute_and_no_longer(
    house: House, gus: User, his: Group, ticket: Ticket
) -> None:
    house.zendesk.move(ticket, his)
    sidebar = opened(house, gus)
    assert not shut(sidebar, ticket)
    house.zendesk.move(ticket, house.zendesk.add_group("Sales"))
    house.clock.advance(59)
    assert not shut(sidebar, ticket)
    house.clock.advance(2)
    assert shut(sidebar, ticket)


def test_what_zendesk_said_of_one_ticket_or_one_agent_holds_for_no_other(
    house: House, gus: User, his: Group, ticket: Ticket, agnes: User
) -> None:
    zoe = house.zendesk.add_user("Zoe", "zoe@nowhere.example")
    open_to_him = house.zendesk.open_ticket(zoe, "Export", "PDF", group_id=his.id)
    agnes.ticket_restriction = "groups"
    assert not shut(opened(house, gus), open_to_him)
    assert shut(opened(house, gus), ticket)
    assert shut(opened(house, agnes), open_to_him)


@pytest.mark.parametrize("path", [r"/api/v2/users/", r"/api/v2/tickets/", r"/groups"])
@pytest.mark.parametrize("status", [429, 503, 403])
def test_while_zendesk_does_not_answer_nothing_is_shown_and_that_is_not_kept(
    house: House, gus: User, his: Group, ticket: Ticket, path: str, status: int
) -> None:
    house.zendesk.move(ticket, his)
    sidebar = opened(house, gus)
    house.zendesk.faults.order(Fault("status", path=path, status=status, times=1))
    assert shut(sidebar, ticket, SILENT)
    assert not shut(sidebar, ticket)


def test_a_ticket_in_which_a_hidden_one_is_answered_is_hidden_too(
    house: House, gus: User, his: Group, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = house.zendesk.account.users[ticket.requester_id]
    into = house.zendesk.open_ticket(ana, "And again", "Any news?", group_id=his.id)
    house.jira.add_issue("KS-1", "PDF export of reports")
    house.reads("KS-1")
    house.reads_ticket(ticket.id)
    house.links(ticket.id, "KS-1")
    house.zendesk.merge(ticket, into)
    house.reads_ticket(ticket.id)
    house.reads_ticket(into.id)
    with reading(house.state.engine) as conn:
        assert tickets_answered_in(conn, house.workspace, str(into.id)) == [str(ticket.id)]
    assert shut(opened(house, gus), into)
    ticket.group_id = his.id  # a closed ticket is moved by nobody; one that was in his group is his
    house.clock.advance(61)
    assert opened(house, gus).get(f"/tickets/{into.id}").status_code == 200
    monkeypatch.setattr(shown, "MOST_OTHERS", 0)
    house.clock.advance(61)
    assert shut(opened(house, gus), into)


# --- at what cost


def calls(house: House, what: Callable[[], object]) -> list[str]:
    """The calls of Zendesk's API that it takes."""
    limits, taken = house.zendesk.account.limits, []
    was = limits.call
    limits.call = lambda now: (taken.append(""), was(now))[1]  # type: ignore[method-assign,func-returns-value]
    try:
        what()
    finally:
        limits.call = was  # type: ignore[method-assign]
    return taken


def test_whoever_sees_every_ticket_costs_no_call(
    house: House, agnes: User, gus: User, his: Group, ticket: Ticket
) -> None:
    house.zendesk.move(ticket, his)
    house.reads_ticket(ticket.id)
    assert len(calls(house, lambda: opened(house, agnes))) == 1  # who she is, once a day
    assert calls(house, lambda: opened(house, agnes)) == []
    hers, mine = opened(house, agnes), opened(house, gus)
    assert calls(house, lambda: hers.get(f"/tickets/{ticket.id}")) == []
    assert len(calls(house, lambda: mine.get(f"/tickets/{ticket.id}"))) == 3
    assert calls(house, lambda: mine.get(f"/tickets/{ticket.id}")) == []


def test_an_agent_whom_we_knew_before_we_asked_is_asked_about_anew(house: House, agnes: User) -> None:
    opened(house, agnes)
    with transaction(house.state.engine) as conn:
        conn.execute(update(vendor_users).values(sees_every_ticket=None))
    assert len(calls(house, lambda: opened(house, agnes))) == 1


def test_an_agent_of_whom_zendesk_does_not_say_it_is_asked_about_at_each_ticket(
    house: House, agnes: User, gus: User, ticket: Ticket
) -> None:
    house.zendesk.faults.order(Fault("status", path=r"/api/v2/users/", status=503, times=2))
    unknown, other = opened(house, agnes), opened(house, gus)
    assert not shut(unknown, ticket)
    assert shut(other, ticket)


def test_an_administrator_is_kept_from_nothing(house: House, gus: User, ticket: Ticket) -> None:
    gus.role = "admin"
    assert not shut(opened(house, gus), ticket)


# --- in each word


def test_a_suggestion_quotes_no_ticket_to_whom_it_may_be_hidden(
    house: House, agnes: User, gus: User, his: Group, ticket: Ticket
) -> None:
    house.jira.add_issue("KS-1", "PDF export of reports")
    house.reads("KS-1")
    house.reads_ticket(ticket.id)
    house.links(ticket.id, "KS-1")
    zoe = house.zendesk.add_user("Zoe", "zoe@nowhere.example")
    like = house.zendesk.open_ticket(zoe, "PDF reports", "We export reports to PDF by hand", group_id=his.id)
    whole, bare = (opened(house, one).get(f"/tickets/{like.id}").text for one in (agnes, gus))
    assert "KS-1" in bare and "same words" in bare
    assert f"like ticket {ticket.id}" in whole and ticket.subject in whole
    assert "like ticket" not in bare and ticket.subject not in bare


def test_a_letter_on_another_ticket_of_the_same_person_is_no_matter_of_theirs(
    house: House, agnes: User, gus: User, his: Group, ticket: Ticket
) -> None:
    """Ana asked twice, and is written to on the newer ticket: only the older one is in his group."""
    house.jira.add_issue("KS-1", "PDF export of reports")
    house.reads("KS-1")
    ana = house.zendesk.account.users[ticket.requester_id]
    newer = house.zendesk.open_ticket(ana, "PDF again", "PDF")
    house.zendesk.move(ticket, his)
    hers, mine = opened(house, agnes), opened(house, gus)
    for one in (ticket, newer):
        house.reads_ticket(one.id)
        house.links(one.id, "KS-1")
    [ask, _] = [*house.asks(ticket.id), *house.asks(newer.id)]
    hers.post(f"/tickets/{ticket.id}/title", ask=str(ask.ask_id), issue=str(ask.item.id), title="PDF")
    house.jira.transition("KS-1", "done")
    house.reads("KS-1")
    house.hold_for_approval()
    [notice] = house.plan("awaiting_approval")
    assert notice.where == f"zendesk:ticket:{newer.id}"
    reply, page = f"/tickets/{ticket.id}/replies/{notice.id}", f"/tickets/{ticket.id}"
    assert hers.get(reply).status_code == 200 and f"/replies/{notice.id}" in hers.get(page).text
    assert mine.get(reply).status_code == 404 and f"/replies/{notice.id}" not in mine.get(page).text
    for act in ("approve", "edit", "cancel"):
        assert mine.post(f"{reply}/{act}", digest=notice.digest, words="No.").status_code == 404
    assert house.plan() == [notice]
    with transaction(house.state.engine) as conn:
        sent = {"state": "sent", "sent_at": house.clock.now()}
        conn.execute(update(notices).where(notices.c.id == notice.id).values(**sent))
    told = f"in ticket {newer.id}"
    assert told in hers.get(page).text and told not in mine.get(page).text
    house.zendesk.move(newer, his)
    assert mine.get(f"/tickets/{newer.id}/replies/{notice.id}").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_it_is_said_in_the_language_of_the_profile(
    house: House, gus: User, ticket: Ticket, language: str
) -> None:
    gus.locale = language
    answer = opened(house, gus).get(f"/tickets/{ticket.id}")
    assert answer.status_code == 403 and answer.headers["Content-Language"] == language
    assert "does not show" not in answer.text and "Zendesk" in answer.text


def test_a_page_that_an_older_kithspark_opened_is_asked_about_at_each_ticket(
    house: House, gus: User, his: Group, ticket: Ticket
) -> None:
    """A bearer that an older Kithspark made says nothing of tickets; each is asked about."""
    old = jwt.decode(opened(house, gus).bearer, options={"verify_signature": False})
    del old["every_ticket"]
    with house.within():
        key = bearer._key(signing_keys()[0], "zendesk")
    headers = carrying(jwt.encode(old, key, algorithm="HS256"))
    assert house.get(f"/zendesk/acme/tickets/{ticket.id}", headers=headers).status_code == 403
    house.zendesk.move(ticket, his)
    house.clock.advance(61)
    assert house.get(f"/zendesk/acme/tickets/{ticket.id}", headers=headers).status_code == 200
