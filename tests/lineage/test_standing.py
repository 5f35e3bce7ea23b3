"""§4: the state of an item from Jira's words, and the standing of an ask from the states of its carriers."""

from typing import Any

import pytest

from lineage.standing import progress, state_of
from lineage.terms import Standing, State
from tests.lineage.story import Story

OPEN, STARTED, OUT, NO, GONE, CLOSED = (
    State.OPEN, State.STARTED, State.DELIVERED, State.DECLINED, State.GONE, State.CLOSED
)  # fmt: skip

STANDINGS = [
    ([OUT], Standing.DELIVERED),
    ([OUT, OUT], Standing.DELIVERED),
    ([OUT, OPEN], Standing.PART_DELIVERED),
    ([OUT, STARTED], Standing.PART_DELIVERED),
    ([OUT, GONE], Standing.PART_DELIVERED),
    ([OUT, CLOSED], Standing.PART_DELIVERED),
    ([OUT, NO, OPEN], Standing.PART_DELIVERED),
    ([OUT, NO], Standing.DELIVERED_IN_PART),
    ([NO], Standing.DECLINED),
    ([NO, NO], Standing.DECLINED),
    ([STARTED], Standing.STARTED),
    ([STARTED, OPEN], Standing.STARTED),
    ([STARTED, NO], Standing.STARTED),
    ([OPEN], Standing.WAITING),
    ([OPEN, NO], Standing.WAITING),
    ([GONE], Standing.WAITING),
    ([GONE, NO], Standing.WAITING),
    ([CLOSED], Standing.WAITING),
]


@pytest.mark.parametrize(("carriers", "standing"), STANDINGS, ids=str)
def test_the_first_row_that_fits_is_the_standing(carriers: list[State], standing: Standing) -> None:
    for order in (carriers, list(reversed(carriers))):
        found = progress(order)
        assert found.standing is standing
        assert (found.delivered, found.parts) == (carriers.count(OUT), len(carriers))


@pytest.mark.parametrize("carriers", [case for case, _ in STANDINGS], ids=str)
def test_a_withdrawn_ask_is_withdrawn_whatever_its_carriers(carriers: list[State]) -> None:
    assert progress(carriers, withdrawn=True).standing is Standing.WITHDRAWN


def seen(**more: Any) -> State:
    """The state of an item that is done without a resolution, but for `more`."""
    done: dict[str, Any] = {
        "category": "done", "resolution_id": None, "meaning": None, "on_release": False, "released": (),
        "gone": False,
    }  # fmt: skip
    return state_of(**{**done, **more})


def test_jiras_words_become_states() -> None:
    assert seen(category="new") is OPEN
    assert seen(category="indeterminate") is STARTED
    assert seen() is OUT, "done without a resolution is delivered"
    assert seen(resolution_id="1", meaning="delivered") is OUT
    assert seen(resolution_id="2", meaning="declined") is NO
    assert seen(resolution_id="3", meaning="closed") is CLOSED
    assert seen(resolution_id="4", meaning=None) is CLOSED, "nobody has mapped it: it asks a person"
    assert seen(gone=True) is GONE


def test_on_release_delivered_means_done_and_every_version_out() -> None:
    assert seen(on_release=True, released=[True, True]) is OUT
    assert seen(on_release=True, released=[True, False]) is STARTED
    assert seen(on_release=True) is OUT, "with no fix version, done is enough"
    assert seen(category="indeterminate", on_release=True, released=[True]) is STARTED
    assert seen(resolution_id="2", meaning="declined", on_release=True, released=[False]) is NO


def test_what_delivered_means_can_change(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    story.fix_version("KS-1", "2.0")
    story.done("KS-1")
    assert story.standing(ana) == "delivered 1/1"
    story.policy(deliver="release")
    assert story.standing(ana) == "started 0/1"


def test_a_project_may_say_otherwise_what_delivered_means(story: Story) -> None:
    story.policy(deliver_in={"KS": "release"})
    story.issue("KS-1", "OPS-1")
    ana, bo = story.ask("Ana", "KS-1"), story.ask("Bo", "OPS-1")
    for key in ("KS-1", "OPS-1"):
        story.fix_version(key, "2.0")
        story.done(key)
    assert (story.standing(ana), story.standing(bo)) == ("started 0/1", "delivered 1/1")
    story.policy(deliver="release", deliver_in={"OPS": "done"})
    assert (story.standing(ana), story.standing(bo)) == ("started 0/1", "delivered 1/1")
    story.policy(deliver="done", deliver_in={})
    assert (story.standing(ana), story.standing(bo)) == ("delivered 1/1", "delivered 1/1")


def test_an_issue_that_moves_counts_by_the_words_of_its_new_project(story: Story) -> None:
    story.policy(deliver_in={"KS": "release"})
    story.issue("OPS-1")
    ana = story.ask("Ana", "OPS-1")
    story.fix_version("OPS-1", "2.0")
    story.done("OPS-1")
    story.tracker.move("OPS-1", "KS-7", at=story.now)
    story.look("KS-7")
    assert story.standing(ana) == "started 0/1"
