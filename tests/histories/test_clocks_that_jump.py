"""Our own clock jumps, and is put right again: nobody is told twice, nothing stuck for longer than the jump.

The vendors' clocks go on as they should. Their webhooks may look too old or too young to us meanwhile and be
refused; the reconciliation finds what they told. Rows that were given a time by the wrong clock wait until it
comes: as long as the jump, and no longer.
"""

from collections import Counter

import pytest

from sandbox.zendesk.records import Applied
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
