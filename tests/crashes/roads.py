"""The roads on which the points lie: how somebody comes there, and what is to be true in the end."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from lineage import notices as people_do
from lineage.outcomes import notices
from sandbox.faults import Fault
from store import looks
from store.crash_points import POINTS
from store.database import reading, transaction, utc_now
from tests.crashes import panel_roads
from tests.crashes.at_the_vendor import MOMENTS
from tests.crashes.story import Story, begun
from tests.crashes.town import Queue, Town

WAIT_S = 20.0
PUSHING = ("claimed", "read", "answered", "done", "written", "applied")
CREATING = ("begun", "looked", "kept", "answered", "settled", "written", "applied")
COMMENTING = ("begun", "read", "kept", "answered", "found", "settled", "written", "applied")
MANY = 103
"""More voters than are planned for in one transaction."""


@dataclass(frozen=True)
class Road:
    """`walk` gives the order (`arm`) when the time has come, and does what leads to the point."""

    walk: Callable[[Story, Callable[[], None]], None]
    voters: int = 1
    square: bool = False
    """Whether two more wait in Zendesk's community."""
    afterwards: Callable[[Story], None] = lambda story: None
    """What is still to be done when all run again."""


def _told(story: Story, arm: Callable[[], None]) -> None:
    arm()
    story.done()


def _unheard(story: Story, arm: Callable[[], None]) -> None:
    """Jira's webhook is lost; the reconciliation finds it."""
    story.town.jira.hooks.lose = lambda body: True
    story.done()
    story.town.jira.hooks.lose = lambda body: False
    arm()
    story.town.ten_minutes_pass()


def _taken_back(story: Story, arm: Callable[[], None]) -> None:
    """The reply to Ann is lost on its way, and an operator cancels it while nobody knows that."""
    numbers = "|".join(str(ticket.id) for ticket in story.anns)
    story.town.zendesk.faults.order(Fault("drop_before", "PUT", rf"/tickets/({numbers})"))
    story.done()
    number = _in_doubt(story.town)
    with transaction(story.town.app.engine) as conn:
        people_do.cancel(conn, story.town.workspace, number, by="olga", now=utc_now())
    story.anns_times = 0
    arm()


def _in_doubt(town: Town) -> int:
    until = time.monotonic() + WAIT_S
    query = select(notices.c.id).where(notices.c.state == "unknown")
    while time.monotonic() < until:
        with reading(town.app.engine) as conn:
            number: int | None = conn.scalar(query)
        if number is not None:
            return number
        time.sleep(0.005)
    raise AssertionError("No reply is in doubt.")


def _slow(story: Story, arm: Callable[[], None]) -> None:
    """Jira takes its time, so that leases are renewed meanwhile."""
    story.town.jira.faults.order(Fault("delay", "GET", r"/issue/", seconds=0.7))
    arm()
    story.done()


def _silent(story: Story, arm: Callable[[], None]) -> None:
    """Jira answers the first time that it is out of order."""
    story.town.jira.faults.order(Fault("status", "GET", r"/issue/", status=503))
    arm()
    story.done()


def _told_to_stop(story: Story, arm: Callable[[], None]) -> None:
    """SIGTERM, while more is claimed than is begun."""
    town, now = story.town, utc_now()
    town.zendesk.faults.order(Fault("delay", "GET", r"/tickets/", seconds=0.7, times=4))
    tickets = [str(one.id) for one in town.zendesk.tickets()][:3] + [f"99{n}" for n in range(5)]
    arm()
    with transaction(town.app.engine) as conn:
        for ticket in tickets:
            looks.ask(
                conn, workspace_id=town.workspace.id, system="zendesk", kind="ticket", object_id=ticket,
                now=now,
            )  # fmt: skip
    until = time.monotonic() + WAIT_S
    while not town.claimed("looks"):
        assert time.monotonic() < until, "nobody took the looks"
        time.sleep(0.005)
    town.processes.ask_to_stop()
    while town.processes.running:  # whoever dies of the order, and whoever ends in order
        town.processes.ended()
        assert time.monotonic() < until, "it does not end"
        time.sleep(0.01)


def _dismissed_and_done(story: Story) -> None:
    """The tickets that were never there wait for a person; then the story goes on."""
    story.town.quiet()
    with transaction(story.town.app.engine) as conn:
        for one in looks.SHELF.parked(conn, workspace_id=story.town.workspace.id):
            looks.SHELF.dismiss(conn, one.id, workspace_id=story.town.workspace.id)
    story.done()


def _counted(story: Story, arm: Callable[[], None]) -> None:
    """One more vote, which Jira is to show; only then it is done."""
    arm()
    story.vote()


TOLD, IN_PUBLIC = Road(_told), Road(_told, square=True)
COUNTED = Road(_counted, afterwards=Story.done)
ROADS: Mapping[str, Road] = {
    "sync.read": Road(_unheard),
    "sync.kept": Road(_unheard),
    **dict.fromkeys((f"proactive.{step}" for step in CREATING), IN_PUBLIC),
    **dict.fromkeys((f"comment.{step}" for step in COMMENTING), IN_PUBLIC),
    **dict.fromkeys((f"pushes.{step}" for step in PUSHING), COUNTED),
    "replans.claimed": Road(_told, voters=MANY),
    "replans.done": Road(_told, voters=MANY),
    "giveup.noted": Road(_taken_back),
    "giveup.audits_read": Road(_taken_back),
    "giveup.settled": Road(_taken_back),
    "giveup.written": Road(_taken_back),
    "giveup.applied": Road(_taken_back),
    "lease.renewed": Road(_slow),
    "looks.put_off": Road(_silent),
    "rows.given_back": Road(_told_to_stop, afterwards=_dismissed_and_done),
    **{
        point: Road(walk, afterwards=lambda story: story.then())
        for walk, points in panel_roads.POINTS.items()
        for point in points
    },
}
"""The points that lie beside the main road."""

ON_REPLIES = (
    "reply.begun",
    "reply.audits_read",
    "reply.kept",
    "reply.written",
    "reply.applied",
    "reply.answered",
)
"""The six that every run of the tests kills at."""


def road_to(point: str) -> Road:
    return ROADS.get(point, TOLD)


def every_point(queue: Queue) -> list[str]:
    """What can be reached with this queue, the vendors' moments among them."""
    ours = [point for point in POINTS if queue == "rq" or not point.startswith("doorbell.")]
    return [*ours, *MOMENTS]


def begin(town: Town, point: str) -> Story:
    road = road_to(point)
    return begun(town, voters=road.voters, square=road.square)
