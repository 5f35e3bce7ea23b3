"""Our own clock jumps, and is put right again: nobody is told twice, nothing stuck for longer than the jump.

The vendors' clocks go on as they should. Their webhooks may look too old or too young to us meanwhile and be
refused; the reconciliation finds what they told. Rows that were given a time by the wrong clock wait until it
comes: as long as the jump, and no longer.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from lineage.tables import persons, requests
from sandbox.zendesk.records import Applied
from store.connections import connections
from store.database import reading, transaction
from store.workspaces import Policy
from tests.histories.scene import HOUR_S
from tests.histories.town import Town

DAY_S = 24 * HOUR_S
QUIET_S = 900
STEP_S, MOST_STEPS = 300.0, 6

JUMPS = {"a day forward": DAY_S, "an hour back": -HOUR_S, "a day back": -DAY_S, "two minutes forward": 120.0}
MOMENTS = ("before it is done", "in the quiet period", "while a worker holds the rows", "after all was told")


def pass_by(town: Town, seconds: float) -> None:
    """Work and reconcile now and then, by whatever our clock says."""
    steps = max(1, min(MOST_STEPS, int(seconds / STEP_S)))
    for step in range(steps):
        town.scene.clock.advance(seconds / steps)
        town.scene.post.deliver(town.hear)
        town.work()
        if step % 2 == 0:
            town.reconcile()


def jump(town: Town, seconds: float, *, for_s: float) -> None:
    """Wrong for so long, then right again."""
    town.scene.ahead_s = seconds
    pass_by(town, for_s)
    town.scene.ahead_s = 0.0


def told(town: Town) -> Counter[str]:
    return Counter(str(town.scene.zendesk.ticket(one.ticket).requester_id) for one in _replies(town))


def _replies(town: Town) -> list[Applied]:
    return [one for one in town.scene.zendesk.ledger if one.public]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("name", JUMPS)
def test_each_is_told_once_and_soon_after(town: Town, name: str, moment: str) -> None:
    by_s = JUMPS[name]
    town.begin_again(Policy(hold_s=QUIET_S), town.rng)
    town.scene.post.rough = None
    if moment == "before it is done":
        jump(town, by_s, for_s=1800)
    town.scene.jira.transition("KS-1", "done")
    if moment == "in the quiet period":
        town.scene.post.deliver(town.hear)
        town.work()
        jump(town, by_s, for_s=1200)
    elif moment == "while a worker holds the rows":
        town.scene.ahead_s = by_s
        town.scene.post.deliver(town.hear)
        held = town._claim()  # and dies over them
        assert held or by_s == -DAY_S  # a webhook of tomorrow is refused by who lives yesterday
        pass_by(town, STEP_S)
        town.scene.ahead_s = 0.0
    elif moment == "after all was told":
        pass_by(town, 3600)
        assert set(told(town).values()) == {1}
        jump(town, by_s, for_s=1800)
    pass_by(town, abs(by_s) + QUIET_S)
    pass_by(town, 3600)
    ann, bob = (str(town.scene.people[who]) for who in ("Ann", "Bob"))
    assert told(town) == {ann: 1, bob: 1}


@pytest.mark.parametrize("name", JUMPS)
def test_what_happens_after_the_jump_is_found_without_webhooks(town: Town, name: str) -> None:
    """The watermark that the wrong clock wrote hides nothing."""
    town.begin_again(Policy(hold_s=0), town.rng)
    jump(town, JUMPS[name], for_s=1800)
    town.scene.jira.transition("KS-3", "done")
    town.scene.post.forget()  # none of its webhooks comes
    pass_by(town, 1800)
    assert told(town) == {str(town.scene.people["Dee"]): 1}


def connected_just_now(town: Town) -> None:
    """As far as our clock knows; and nothing was reconciled yet."""
    fresh: dict[str, Any] = {"watermark": {}, "last_sync_at": None, "created_at": town.now}
    with transaction(town.app.engine) as conn:
        conn.execute(update(connections).values(fresh))


def marked(town: Town) -> None:
    """The watermarks stand at what our clock says, as earlier versions wrote them."""
    kinds = {"zendesk": ["tickets", "community"], "hubspot": ["contact", "company", "deal"]}
    kinds["jira"] = ["issues"]
    with transaction(town.app.engine) as conn:
        for system, names in kinds.items():
            here = update(connections).where(connections.c.system == system)
            conn.execute(here.values(watermark=dict.fromkeys(names, town.now.isoformat())))


def done_in_jira(town: Town) -> Callable[[], bool]:
    town.scene.jira.transition("KS-3", "done")
    return lambda: told(town) == {str(town.scene.people["Dee"]): 1}


def closed_in_zendesk(town: Town) -> Callable[[], bool]:
    ticket = town.scene.ticket(3)
    town.scene.zendesk.close(ticket)
    origin = f"zendesk:ticket:{ticket.id}"

    def found() -> bool:
        with reading(town.app.engine) as conn:
            state = conn.scalar(select(requests.c.reply_state).where(requests.c.origin == origin))
        return state == "closed"

    return found


def added_in_hubspot(town: Town) -> Callable[[], bool]:
    """A contact for somebody who voted and was in no portal until now."""
    town.scene.hubspot.add_contact("gus@acme.example", town.scene.companies[0])
    whose = select(requests.c.company_id).join(persons, persons.c.id == requests.c.person_id)

    def found() -> bool:
        with reading(town.app.engine) as conn:
            return conn.scalar(whose.where(persons.c.name == "Gus")) is not None

    return found


CHANGES = {"jira": done_in_jira, "zendesk": closed_in_zendesk, "hubspot": added_in_hubspot}


@pytest.mark.parametrize("vendor", CHANGES)
@pytest.mark.parametrize("written", [connected_just_now, marked])
@pytest.mark.parametrize("name", JUMPS)
def test_a_first_reconciliation_by_a_wrong_clock_hides_nothing(
    town: Town, name: str, written: Callable[[Town], None], vendor: str
) -> None:
    """Neither what happens while it is wrong, nor afterwards; and no webhook comes."""
    town.begin_again(Policy(hold_s=0), town.rng)
    town.scene.ahead_s = JUMPS[name]
    written(town)
    town.reconcile()
    found = CHANGES[vendor](town)
    town.scene.post.forget()
    assert not found()
    town.scene.clock.advance(900)
    town.scene.ahead_s = 0.0
    pass_by(town, 1800)
    assert found()
