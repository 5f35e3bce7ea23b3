"""The roads that begin with a click in the panel: what an engineer does there, and what Jira makes of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sandbox.faults import Fault
from store import workspaces
from store.database import transaction
from tests.crashes.panel import FIRST, SECOND, Panel
from tests.crashes.story import Story
from tests.crashes.town import Town

Arm = Callable[[], None]
A_DAY_S = 86_400
LATE_S = 1.0
"""Jira's search learns of a new issue so much later: less than is rested before it is looked for."""

MAKING = r"/rest/api/3/issue$"


def split(story: Story, arm: Arm) -> None:
    """Ann wants the one part, Ben the other, Cam all."""
    panel = Panel(story)
    panel.asks_for(FIRST, SECOND)
    story.town.jira.site.index_lag_s = LATE_S
    story.then = lambda: _split_and_done(panel)
    arm()
    panel.sends()


def split_unanswered(story: Story, arm: Arm) -> None:
    """Jira makes the first part, and its answer is lost."""
    story.town.jira.faults.order(Fault("drop_after", "POST", MAKING))
    split(story, arm)


def split_refused(story: Story, arm: Arm) -> None:
    """Jira makes the first part only when it is asked again."""
    story.town.jira.faults.order(Fault("status", "POST", MAKING, status=400))
    split(story, arm)


def closed(story: Story, arm: Arm) -> None:
    """What Ann wants is out, what Ben wants is still to come, and Cam wants all."""
    panel = Panel(story)
    panel.asks_for(SECOND, close=True, wants={"Ann": "own", "Ben": "1", "Cam": "all"})
    story.then = lambda: _closed_and_done(panel)
    arm()
    panel.sends()


def undone(story: Story, arm: Arm) -> None:
    """A split that was a mistake."""
    panel = Panel(story)
    panel.asks_for(FIRST, SECOND)
    panel.sends()
    story.town.quiet()
    panel.asks_to_undo()
    story.then = lambda: _undone_and_done(panel)
    arm()
    panel.sends()


def opened_again(story: Story, arm: Arm) -> None:
    """A partial close that was a mistake, before anybody was told of it."""
    panel = Panel(story)
    _quiet_period(story.town, A_DAY_S)
    panel.asks_for(SECOND, close=True)
    panel.sends()
    story.town.quiet()
    panel.asks_to_undo()
    story.then = lambda: _undone_and_done(panel)
    arm()
    panel.sends()


POINTS: Mapping[Callable[[Story, Arm], None], Sequence[str]] = {
    split: (
        "acts.kept", "acts.rung", "acts.claimed", "acts.done",
        "part.begun", "part.written", "part.applied", "part.answered", "part.kept",
        "link.begun", "link.written", "link.applied", "link.answered",
        "split.read", "split.recorded",
    ),
    split_unanswered: ("acts.put_off", "part.looked"),
    split_refused: ("part.not_made", "acts.parked"),
    closed: (
        "close.begun", "close.written", "close.applied", "close.answered", "close.read", "close.recorded",
    ),
    undone: ("unlink.written", "unlink.applied", "unlink.answered", "undo.read"),
    opened_again: ("reopen.written", "reopen.applied", "reopen.answered"),
}  # fmt: skip
"""Which road leads to which."""


def _split_and_done(panel: Panel) -> None:
    """No answer may have come, so the form is sent again; then the one part is done, and then the other."""
    first, second = _there(panel, FIRST, SECOND)
    panel.story.town.jira.site.index_lag_s = 0.0
    panel.carried({"Ann": {first}, "Ben": {second}, "Cam": {first, second}})
    _done(panel, first, second)


def _closed_and_done(panel: Panel) -> None:
    [rest] = _there(panel, SECOND)
    panel.carried({"Ann": {panel.story.key}, "Ben": {rest}, "Cam": {panel.story.key, rest}})
    _done(panel, rest)


def _done(panel: Panel, *parts: str) -> None:
    """Cam hears of either part."""
    for part in parts:
        panel.story.town.jira.transition(part, "done")
        panel.story.town.quiet()
    panel.story.cams_times = 2


def _undone_and_done(panel: Panel) -> None:
    panel.sends()
    panel.story.town.quiet()
    panel.parts()
    panel.carried({who: {panel.story.key} for who in ("Ann", "Ben", "Cam")})
    _quiet_period(panel.story.town, 0)
    panel.story.done()


def _there(panel: Panel, *parts: str) -> list[str]:
    panel.sends()
    panel.story.town.quiet()
    panel.tries_again()
    panel.story.town.quiet()
    return panel.parts(*parts)


def _quiet_period(town: Town, seconds: int) -> None:
    with transaction(town.app.engine) as conn:
        policy = workspaces.by_id(conn, town.workspace.id).policy
        workspaces.set_policy(conn, town.workspace.id, replace(policy, hold_s=seconds))
