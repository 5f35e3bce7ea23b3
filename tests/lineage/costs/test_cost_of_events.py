"""One event costs what it touches, not what exists (§7): counted in statements and rows, not in time."""

from copy import deepcopy
from dataclasses import replace

import pytest

from tests.lineage.costs.meter import Cost, metered
from tests.lineage.costs.small_events import SMALL
from tests.lineage.story import Story

MOST = {
    "vote": (32, 14),
    "vote for a hot issue": (32, 14),
    "vote for a duplicate of a hub": (34, 18),
    "vote withdrawn": (25, 9),
    "link": (30, 11),
    "link for a busy company": (30, 11),
    "link to a hot issue": (30, 11),
    "unlink": (26, 10),
    "merge": (32, 18),
    "merge into a hot issue": (32, 18),
    "merge into a hub": (32, 18),
    "undo of the merge": (34, 18),
    "split": (36, 37),
    "narrowing": (36, 14),
    "a part closed": (32, 7),
    "started": (21, 4),
    "delivered": (30, 8),
    "company amount": (23, 6),
    "public title": (8, 3),
    "ticket seen": (18, 4),
    "opt-out": (13, 3),
}
"""Statements, and rows written, that each may cost. Who needs fewer writes the lower number down."""


@pytest.mark.parametrize("name", SMALL)
def test_a_small_event_costs_the_same_in_a_company_ten_times_as_large(
    companies: list[Story], name: str
) -> None:
    cost(companies[0], name)  # what is worked out once a process, as the making of statements, is not meant
    small, large = (cost(one, name) for one in companies)
    print(f'    "{name}": ({small.statements}, {small.written}),  # {small.steps} and {large.steps} steps')
    assert (large.statements, large.written) == (small.statements, small.written)
    assert large.steps <= 1.05 * small.steps, "some statement reads more of a larger table: see `made`"
    statements, written = MOST[name]
    assert small.statements <= statements, "\n".join(small.made)
    assert small.written <= written, "\n".join(small.made)


def cost(story: Story, name: str) -> Cost:
    """What this costs a company as it was built; it is undone."""
    kind = SMALL[name]
    with story.conn.begin_nested() as undone:
        played = replace(story, tracker=deepcopy(story.tracker), tickets=dict(story.tickets))
        kind.before(played)
        with metered(story.conn) as spent:
            assert kind.event(played) is not False, "nothing new happened"
        undone.rollback()
    return spent
