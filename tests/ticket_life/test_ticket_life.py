"""The table of a ticket's life, each row tried: by event webhooks, and by the incremental export."""

import pytest

from lineage.tables import requests
from sandbox.faults import Fault
from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from tests.plugin.work.conftest import Desk
from tests.plugin.work.conftest import clock as clock  # noqa: PLC0414 - fixtures of this module
from tests.plugin.work.conftest import desk as desk  # noqa: PLC0414
from tests.plugin.work.conftest import jira as jira  # noqa: PLC0414
from tests.plugin.work.conftest import zendesk as zendesk  # noqa: PLC0414
from tests.ticket_life import deeds
from tests.ticket_life.table import OWED, TABLE, TOLD, WAITS, Row
from tests.ticket_life.world import HOWS, How, World, make

CELLS = [(row, far, how) for row in TABLE for far in row.ends for how in HOWS]


def _cell(row: Row, far: str, how: How) -> object:
    """Every row from every stage by its event, and from one by the export; `make test-long` plays all."""
    marks = pytest.mark.long if how == "by the export" and far != OWED else ()
    return pytest.param(row, far, how, marks=marks, id=f"{row.happens}; {far}; {how}")


def played(world: World, row: Row, far: str) -> None:
    """How far it is, what happens, and how it goes on."""
    if far != WAITS:
        world.becomes_deliverable()
    if far == TOLD:
        world.goes_on()
        world.hears()
        assert world.ended() == "Ana is told on the ticket"
    row.deed(world)
    world.hears()
    assert world.knows_all(), "a reading finds what was not heard"
    if far == WAITS:
        world.becomes_deliverable()
    world.goes_on()


@pytest.mark.parametrize(("row", "far", "how"), [_cell(*cell) for cell in CELLS])
def test_when_this_happens_to_the_ticket_it_ends_so(
    desk: Desk, zendesk: Zendesk, jira: Jira, row: Row, far: str, how: How
) -> None:
    world = make(desk, zendesk, jira, how)
    played(world, row, far)
    expected = row.ends[far].format(problem=world.others[0].id if world.others else "")
    assert world.ended() in expected.split(" / ")


@pytest.mark.parametrize("busy", [False, True])
def test_after_the_warning_a_person_may_say_it_too_also_where_zendesk_is_busy_just_then(
    desk: Desk, zendesk: Zendesk, jira: Jira, busy: bool
) -> None:
    world = make(desk, zendesk, jira, "by its event")
    deeds.problem_solved(world)
    world.hears()
    world.becomes_deliverable()
    world.goes_on()
    assert world.ended().startswith("nobody is told: blocked, Zendesk put the answer to problem")
    world.lets_go()
    if busy:
        zendesk.faults.order(Fault("status", method="PUT", status=429, headers={"Retry-After": "1"}))
        world.goes_on()
    world.goes_on()
    assert world.ended() == "Ana is told on the ticket"


def test_whoever_changes_their_language_is_answered_in_the_one_in_which_they_asked(
    desk: Desk, zendesk: Zendesk, jira: Jira
) -> None:
    world = make(desk, zendesk, jira, "by its event")
    deeds.change_language(world)
    world.hears()
    world.becomes_deliverable()
    world.goes_on()
    assert world.words()[0].startswith("Hi Ana")


def test_a_ticket_of_a_side_conversation_is_never_answered(desk: Desk, zendesk: Zendesk, jira: Jira) -> None:
    """Whoever is asked aside did not ask; a reply there would tell the wrong person."""
    world = make(desk, zendesk, jira, "by its event")
    aside = zendesk.open_ticket(world.ben, "Re: Exporting", "Can you look?", channel="side_conversation")
    desk.looks_at("zendesk", "ticket", aside.id)
    desk.links(aside.id, jira.issue("KS-1").id)
    world.becomes_deliverable()
    world.goes_on()
    assert world.ended() == "Ana is told on the ticket"
    assert [one.reason for one in world.plan() if one.state == "blocked"] == [
        "a side conversation: whoever asked is answered on the ticket that it belongs to"
    ]


def test_a_change_of_organisation_moves_no_request_that_was_made_before(
    desk: Desk, zendesk: Zendesk, jira: Jira
) -> None:
    world = make(desk, zendesk, jira, "by its event")
    before = [row["company_id"] for row in desk.rows(requests)]
    deeds.change_organisation(world)
    world.hears()
    assert [row["company_id"] for row in desk.rows(requests)] == before


def test_no_row_is_there_twice_and_each_says_how_it_ends_from_every_stage() -> None:
    assert len({row.happens for row in TABLE}) == len(TABLE) >= 26
    assert all(set(row.ends) == {WAITS, OWED, TOLD} for row in TABLE)
