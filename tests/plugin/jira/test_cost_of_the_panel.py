"""What the panel costs, in statements: three, whether one asks or a thousand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from lineage.terms import ItemId
from plugin.identity import Engineer
from plugin.jira import panel
from store.database import transaction
from tests.lineage.costs.company import count
from tests.lineage.large import crowd
from tests.lineage.story import Story
from tests.plugin.house import House

MOST = 3


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    made: list[str] = []

    def note(*given: Any) -> None:
        if given[2].lstrip().startswith(("SELECT", "WITH")):
            made.append(given[2])

    event.listen(engine, "before_cursor_execute", note)
    yield made
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("many", [1, 1_000])
def test_the_first_answer_takes_three_statements_however_many_ask(split: House, many: int) -> None:
    issue = ItemId(split.jira.issue("KS-1").id)
    with transaction(split.state.engine) as conn:
        story = Story(conn, split.workspace, split.clock.now())
        crowd(story, [issue] * many)
        count(story)
    engineer = Engineer(split.workspace, "erin", "Erin", issue)
    with split.within(), counted(split.state.engine) as made:
        found = panel.panel(engineer)
    assert found is not None
    assert found.waiting.total == many + 1
    assert len(made) <= MOST, made
