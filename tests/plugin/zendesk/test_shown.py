"""Beside a ticket, whoever Zendesk keeps from it: by each rule of Zendesk's, at each moment, in each word."""

from collections.abc import Callable

import pytest
from sqlalchemy import update

from lineage.wording.languages import LANGUAGES
from plugin.identity_tables import vendor_users
from plugin.zendesk import shown
from sandbox.faults import Fault
from sandbox.zendesk import access
from sandbox.zendesk.records import Group, Ticket, User
from store.database import transaction
from tests.plugin.house import House, bearer_of, carrying
from tests.plugin.zendesk.conftest import Sidebar, first_load

HIDDEN, UNKNOWN, SILENT = (
    "does not show you this ticket",
    "a rule that is not known",
    "does not say at the moment",
)
WORDS = ("Ana", "Acme", "300 reports", "Exporting")


def opened(house: House, agent: User) -> Sidebar:
    """What they see who came in just now."""
    return Sidebar(house, agent, bearer_of(first_load(house, house.zendesk.signed_token(agent))))


@pytest.fixture
def gus(house: House) -> User:
    """Of one group only, and kept to it."""
    made = house.zendesk.add_agent("Gus", "gus@helpdesk.example")
    made.ticket_restriction = "groups"
    return made


@pytest.fixture
def his(house: House, gus: User) -> Group:
    return house.zendesk.add_group("Billing", gus)


def shut(sidebar: Sidebar, ticket: Ticket, why: str = HIDDEN) -> bool:
    """It is refused for this reason, and nothing of the ticket stands there. Fails for another refusal."""
    answer = sidebar.get(f"/tickets/{ticket.id}")
    if answer.status_code == 200:
        assert "Is it one of these?" in answer.text
        return False
    assert (answer.status_code, why in answer.text) == (403, True), answer.text
    assert not [one for one in WORDS if one in answer.text]
    return True


# --- by each rule


def test_an_agent_of_groups_has_the_tickets_of_their_groups_and_no_others(
    house: House, gus: User, his: Group, ticket: Ticket
) -> None:
    before, sidebar = house.changes(), opened(house, gus)
    assert shut(sidebar, ticket)
    assert house.changes() == before  # not even read
    house.zendesk.move(ticket, house.zendesk.add_group("Sales"))
    house.clock.advance(61)
    assert shut(sidebar, ticket)
    house.zendesk.move(ticket, his)
    house.clock.advance(61)
    assert not shut(sidebar, ticket)


def test_every_page_of_their_groups_counts_and_a_deleted_group_does_not(
    house: House, gus: User, his: Group, ticket: Ticket
) -> None:
    many = [house.zendesk.add_group(f"Group {n}", gus) for n in range(120)]
    house.zendesk.move(ticket, many[-1])
    assert not shut(opened(house, gus), ticket)
    many[-1].deleted = True
    house.clock.advance(61)
    assert shut(opened(house, gus), ticket)
    assert his.id in gus.group_ids


def test_an_agent_of_an_organisation_has_its_tickets(house: House, gus: User, ticket: Ticket) -> None:
    gus.ticket_restriction = "organization"
    assert shut(opened(house, gus), ticket)
    gus.organization_id = ticket.organization_id
    house.clock.advance(61)
    assert not shut(opened(house, gus), ticket)


def test_nobody_is_of_no_organisation_together(house: House, gus: User) -> None:
    gus.ticket_restriction = "organization"
    zoe = house.zendesk.add_user("Zoe", "zoe@nowhere.example")
    assert shut(opened(house, gus), house.zendesk.open_ticket(zoe, "Export", "PDF"))


def test_an_agent_of_what_is_assigned_has_that(house: House, gus: User, ticket: Ticket) -> None:
    gus.ticket_restriction = "assigned"
    assert shut(opened(house, gus), ticket)
    house.zendesk.solve(ticket, by=gus)
    house.clock.advance(61)
    assert not shut(opened(house, gus), ticket)


@pytest.mark.parametrize("word", ["requested", "brands", "", "every", "unknown"])
def test_a_restriction_that_is_not_known_shuts_out(
    house: House, gus: User, ticket: Ticket, word: str
) -> None:
    gus.ticket_restriction = word
    assert shut(opened(house, gus), ticket, UNKNOWN)


@pytest.mark.parametrize(
    ("role", "own", "sees", "sees_his"),
    [
        ("all", "groups", False, True),
        ("within-groups", None, False, True),
        ("within-groups-and-public-groups", None, False, True),
        ("assigned-only", None, False, False),
        ("within-organization", "groups", False, False),
    ],
)
def test_a_custom_role_counts_besides(
    house: House, gus: User, his: Group, ticket: Ticket, role: str, own: str, sees: bool, sees_his: bool
) -> None:
    gus.ticket_restriction = own or "groups"  # or the user would say that nothing is kept from them
    gus.custom_role_id = access.add_role(house.zendesk.account, "Backline", role).id
    assert shut(opened(house, gus), ticket) is not sees
    house.zendesk.move(ticket, his)
    house.clock.advance(61)
    assert shut(opened(house, gus), ticket) is not sees_his


@pytest.mark.parametrize("known", [True, False])
def test_a_custom_role_that_says_something_else_shuts_out(
    house: House, gus: User, his: Group, ticket: Ticket, known: bool
) -> None:
    house.zendesk.move(ticket, his)
    made = access.add_role(house.zendesk.account, "New", "within-brands").id
    gus.custom_role_id = made if known else 4711
    assert shut(opened(house, gus), ticket, UNKNOWN)


def test_a_ticket_that_is_not_there_is_refused_as_a_hidden_one_is(
    house: House, gus: User, ticket: Ticket
) -> None:
    sidebar = opened(house, gus)
    hidden, missing = (sidebar.get(f"/tickets/{one}") for one in (ticket.id, 99_999))
    assert (hidden.status_code, hidden.text) == (missing.status_code, missing.text)


def test_whoever_is_an_agent_no_longer_sees_nothing(
    house: House, gus: User, his: Group, ticket: Ticket
) -> None:
    house.zendesk.move(ticket, his)
    sidebar = opened(house, gus)
    gus.role = "end-user"
    assert shut(sidebar, ticket)


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
    zoe = house.zendesk.add_user("Zoe", "zoe@nowhere.example")
    into = house.zendesk.open_ticket(zoe, "Export", "PDF", group_id=his.id)
    house.zendesk.merge(ticket, into)
    house.reads_ticket(into.id)
    house.reads_ticket(ticket.id)
    with house.state.engine.connect() as conn:
        from plugin.zendesk.asked import tickets_answered_in

        assert tickets_answered_in(conn, house.workspace, str(into.id)) == [str(ticket.id)]
    assert shut(opened(house, gus), into)
    ticket.group_id = his.id  # a closed ticket is moved by nobody; one that was in his group is his
    house.clock.advance(61)
    assert not shut(opened(house, gus), into)
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
    assert f"like ticket {ticket.id}" in whole and "300 reports" in whole
    assert "like ticket" not in bare and "300 reports" not in bare and str(ticket.id) not in bare


def test_a_letter_on_another_ticket_of_the_same_person_is_no_matter_of_theirs(
    house: House, agnes: User, gus: User, his: Group, ticket: Ticket
) -> None:
    """Ana asked twice; her other ticket is in his group, and the letter is for the first."""
    house.jira.add_issue("KS-1", "PDF export of reports")
    house.reads("KS-1")
    ana = house.zendesk.account.users[ticket.requester_id]
    second = house.zendesk.open_ticket(ana, "PDF again", "PDF", group_id=his.id)
    hers, mine = opened(house, agnes), opened(house, gus)
    for one in (ticket, second):
        hers.get(f"/tickets/{one.id}")
        house.links(one.id, "KS-1")
    [ask, _] = [*house.asks(ticket.id), *house.asks(second.id)]
    hers.post(f"/tickets/{ticket.id}/title", ask=str(ask.ask_id), issue=str(ask.item.id), title="PDF")
    house.jira.transition("KS-1", "done")
    house.reads("KS-1")
    house.hold_for_approval()
    plan = house.plan("awaiting_approval")
    for notice in plan:
        own = notice.where == f"zendesk:ticket:{second.id}"
        reply = f"/tickets/{second.id}/replies/{notice.id}"
        assert hers.get(reply).status_code == 200
        assert mine.get(reply).status_code == (200 if own else 404)
        page = mine.get(f"/tickets/{second.id}").text
        assert (f"/replies/{notice.id}" in page) is own
        if not own:
            assert mine.post(f"{reply}/approve", digest=notice.digest).status_code == 404
    assert any(one.where == f"zendesk:ticket:{ticket.id}" for one in plan)
    assert {one.approved_by for one in house.plan()} == {None}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_it_is_said_in_the_language_of_the_profile(
    house: House, gus: User, ticket: Ticket, language: str
) -> None:
    gus.locale = language
    answer = opened(house, gus).get(f"/tickets/{ticket.id}")
    assert answer.status_code == 403 and answer.headers["Content-Language"] == language
    assert "does not show" not in answer.text and "Zendesk" in answer.text


def test_the_sentences_of_an_older_page_are_refused_until_zendesk_answers(
    house: House, gus: User, his: Group, ticket: Ticket
) -> None:
    """A bearer that an older Kithspark made says nothing of tickets; each is asked about."""
    import jwt

    from plugin import bearer
    from plugin.identity import signing_keys

    old = jwt.decode(opened(house, gus).bearer, options={"verify_signature": False})
    del old["every_ticket"]
    with house.within():
        key = bearer._key(signing_keys()[0], "zendesk")
    headers = carrying(jwt.encode(old, key, algorithm="HS256"))
    assert house.get(f"/zendesk/acme/tickets/{ticket.id}", headers=headers).status_code == 403
    house.zendesk.move(ticket, his)
    house.clock.advance(61)
    assert house.get(f"/zendesk/acme/tickets/{ticket.id}", headers=headers).status_code == 200
