"""Each history of the table is played, and each rule of lineage has one."""

import pytest

from tests.lineage.golden.history import HISTORY
from tests.lineage.golden.how_much import HOW_MUCH
from tests.lineage.golden.imported import IMPORTED
from tests.lineage.golden.late import LATE
from tests.lineage.golden.links import LINKS
from tests.lineage.golden.merged_people import MERGED_PEOPLE
from tests.lineage.golden.merges_and_splits import MERGES_AND_SPLITS
from tests.lineage.golden.merging_back import MERGING_BACK
from tests.lineage.golden.narrowing import NARROWING
from tests.lineage.golden.news import NEWS
from tests.lineage.golden.parts_and_promises import PARTS_AND_PROMISES
from tests.lineage.golden.places import PLACES
from tests.lineage.golden.rules import RULES
from tests.lineage.golden.script import Script
from tests.lineage.golden.standing import STANDING
from tests.lineage.golden.table import History
from tests.lineage.golden.tangled import TANGLED
from tests.lineage.golden.then import Then
from tests.lineage.golden.to_the_cent import TO_THE_CENT
from tests.lineage.golden.told_once import TOLD_ONCE
from tests.lineage.golden.unmerged import UNMERGED
from tests.lineage.golden.words import WORDS

CHAPTERS = (
    WORDS,
    *(MERGES_AND_SPLITS, NARROWING, MERGING_BACK, LINKS, TANGLED, MERGED_PEOPLE),
    *(HOW_MUCH, TO_THE_CENT),
    STANDING,
    *(NEWS, LATE, PARTS_AND_PROMISES, TOLD_ONCE, UNMERGED, PLACES, IMPORTED),
    HISTORY,
)
TABLE = [history for chapter in CHAPTERS for history in chapter.histories]


def _row(history: History) -> object:
    marks = [pytest.mark.xfail(strict=True, reason=history.missing)] if history.missing else []
    return pytest.param(history, id=history.sentence, marks=marks)


@pytest.mark.parametrize("history", [_row(one) for one in TABLE])
def test_the_history_comes_out_as_worked_out_by_hand(history: History, script: Script) -> None:
    history.play(script, Then(script))


def test_every_rule_has_a_history() -> None:
    shown = {rule for history in TABLE for rule in history.shows}
    assert not RULES.keys() - shown, f"Write a history that shows: {sorted(RULES.keys() - shown)}"


def test_no_history_shows_a_rule_that_there_is_not() -> None:
    unknown = {(rule, history.sentence) for history in TABLE for rule in history.shows if rule not in RULES}
    assert not unknown, f"Name it in rules.py, or mend the history: {sorted(unknown)}"


def test_no_two_histories_have_the_same_name() -> None:
    sentences = [history.sentence for history in TABLE]
    assert len(set(sentences)) == len(sentences)
