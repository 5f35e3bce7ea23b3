"""Beside an issue that hundreds ask for: what would be said to some, and how many there are besides."""

from lineage.questions.closing import LOOKED_AT
from lineage.terms import ItemId
from store.database import transaction
from tests.lineage.costs.company import count
from tests.lineage.large import crowd
from tests.lineage.story import Story
from tests.plugin.house import House
from tests.plugin.jira.conftest import open_panel


def test_what_is_not_worked_out_for_all_is_said_to_be_for_some(split: House) -> None:
    one = ItemId(split.jira.issue("KS-2").id)
    with transaction(split.state.engine) as conn:
        story = Story(conn, split.workspace, split.clock.now())
        crowd(story, [one] * (LOOKED_AT + 1))
        count(story)
    page = open_panel(split, "KS-2").page
    assert "If you finish KS-2 now" in page
    assert "And 2 more ask for it, in 2 requests and one language: what they hear" in page
