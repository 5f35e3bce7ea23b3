"""The story: a table of steps. After each, what the vendors hold is compared with what must be."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.demo import asking, working
from sandbox.demo.checks import money_adds_up, nothing_is_stuck, shares_are_whole, told_once
from sandbox.demo.scene import Scene
from sandbox.demo.telling import counted


@dataclass(frozen=True, slots=True)
class Step:
    """`act` does it over HTTP and says what happened; `linked`: whether there is demand to check by then."""

    title: str
    act: Callable[[Scene], list[str]]
    linked: bool = True


STEPS = (
    Step("Customers ask for an export to PDF", asking.customers_write_in, linked=False),
    Step("One asks in the forum, and a vote joins in", asking.the_forum_hears_of_it, linked=False),
    Step("An agent links the tickets from the sidebar", asking.the_agent_links),
    Step("The forum post is placed on the same issue", asking.the_post_is_placed),
    Step("HubSpot says what it is worth, to the cent", asking.sales_wins_a_deal),
    Step("An engineer splits the issue", working.the_issue_is_split),
    Step("One customer only wants the second part", working.one_wants_a_part_only),
    Step("A duplicate turns up", working.a_twin_turns_up),
    Step("The first part is done", working.the_first_part_is_done),
    Step("It is reopened while other news waits", working.it_is_reopened_meanwhile),
    Step("The second part is done, but not released", working.the_last_part_is_done),
    Step("The version is released", working.the_version_is_released),
)


def play(scene: Scene, step: Step) -> list[str]:
    """One step with its checks; the lines that tell it. Raises checks.Differs at the first difference."""
    lines = step.act(scene)
    scene.quiet()
    told_once(scene)
    if step.linked:
        counts = money_adds_up(scene)
        shares_are_whole(scene)
        lines += counted(counts)
    if step is STEPS[-1]:
        nothing_is_stuck(scene)
    return lines
