"""Each guard that heals a bad day, taken out: then some bad day does not end as the orderly one.

Two guards are not in the list, for nothing shows without them: the unique row of a delivery (a second look at
an issue finds what the first found) and our own echoes (they say nothing new). They save work, no truth.
"""

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest

from connectors import known
from connectors.jira import client as jira
from connectors.looking import Looking
from tests.histories import deeds, post
from tests.histories.deeds import Deed
from tests.histories.judge import differences
from tests.histories.playing import LONG_S, drawn, play
from tests.histories.town import Town

LOST = 0.6
"""More than on any real day, so that it shows soon."""

GIVEN_UP_AFTER = 80

finish = Looking.finish


def ahead_of_the_export(
    self: Looking, *seen: Any, watermark: dict[str, str] | None = None, **how: Any
) -> None:
    """A watermark of Zendesk's at this moment, and not at the newest change that was exported."""
    if watermark is not None and "tickets" in watermark:
        watermark = {"tickets": self.clock().isoformat()}
    finish(self, *seen, watermark=watermark, **how)


IN_JIRA = (deeds.done, deeds.reopened, deeds.declined, deeds.split, deeds.duplicate)
IN_RELEASES = (deeds.done, deeds.planned, deeds.released)
IN_ZENDESK = (deeds.closed, deeds.another_requester)

GUARDS: dict[str, tuple[Any, str, Any, tuple[Deed, ...]]] = {
    "nobody reconciles": (Town, "reconcile", lambda self: None, IN_JIRA),
    "Jira is asked without an overlap": (jira, "OVERLAP", timedelta(), IN_JIRA),
    "versions are not looked at": (known, "versions_in_use", lambda *_: [], IN_RELEASES),
    "Zendesk's watermark passes what was not seen": (Looking, "finish", ahead_of_the_export, IN_ZENDESK),
}
"""What is taken out, and among which deeds it shows soonest."""


def first_bad_day(town: Town, only: tuple[Deed, ...] = ()) -> int | None:
    for seed in range(GIVEN_UP_AFTER):
        history = drawn(seed, quiet_s=LONG_S, only=only)
        if differences(play(town, history), play(town, history, day=0)):
            return seed
    return None


@pytest.mark.long
def test_so_many_losses_alone_break_nothing(town: Town) -> None:
    with mock.patch.object(post, "LOST", LOST):
        assert first_bad_day(town) is None


@pytest.mark.parametrize("name", ["nobody reconciles", "versions are not looked at"])
def test_without_this_guard_a_bad_day_shows(town: Town, name: str) -> None:
    _shows(town, name)


@pytest.mark.long
@pytest.mark.parametrize("name", GUARDS)
def test_without_any_guard_a_bad_day_shows(town: Town, name: str) -> None:
    _shows(town, name)


def _shows(town: Town, name: str) -> None:
    where, what, instead, only = GUARDS[name]
    with mock.patch.object(post, "LOST", LOST), mock.patch.object(where, what, instead):
        seed = first_bad_day(town, only)
    assert seed is not None, f"{name}: nobody noticed in {GIVEN_UP_AFTER} histories"
    print(f"{name}: seed {seed}")
