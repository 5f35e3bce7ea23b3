"""What is remembered for a moment: no longer, of nothing else, and never more than there is room for."""

from datetime import UTC, datetime, timedelta

from plugin.remembering import LASTS, Remembered

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_an_answer_holds_for_a_minute() -> None:
    kept = Remembered()
    kept.put("a", "yes", NOW)
    assert kept.get("a", NOW + LASTS - timedelta(seconds=1)) == "yes"
    assert kept.get("a", NOW + LASTS) is None
    assert kept.get("a", NOW - timedelta(seconds=1)) is None  # the clock was put back
    assert kept.get("b", NOW) is None


def test_of_many_those_that_ran_out_make_room_and_else_all_do() -> None:
    kept = Remembered(most=2)
    kept.put("a", "", NOW)
    kept.put("b", "", NOW + LASTS)
    kept.put("c", "", NOW + LASTS)
    assert [kept.get(one, NOW + LASTS) for one in "abc"] == [None, "", ""]
    kept.put("d", "", NOW + LASTS)
    assert [kept.get(one, NOW + LASTS) for one in "bcd"] == [None, None, ""]
