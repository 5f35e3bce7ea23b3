"""Demand over time: what the table tells, and what the line is drawn from."""

from datetime import date, timedelta

from lineage.questions import DemandDay
from lineage.terms import Money
from plugin.trend import trend

FIRST = date(2026, 3, 2)


def day(number: int, requesters: int, customer: int = 0) -> DemandDay:
    at = FIRST + timedelta(days=number)
    return DemandDay(at, requesters, 1, 0, Money(customer, "USD"), Money(50, "USD"), 1.0)


def test_the_table_tells_the_days_on_which_something_changed_and_both_ends() -> None:
    shown = trend([day(0, 1), day(1, 1), day(2, 3), day(3, 3), day(4, 3)])
    assert shown is not None
    assert [(one.day.day, one.requesters) for one in shown.told] == [(6, 3), (4, 3), (2, 1)]
    assert (shown.first.requesters, shown.last.requesters) == (1, 3)


def test_the_line_has_every_day_in_utc_and_money_in_whole_units() -> None:
    shown = trend([day(0, 1, 100), day(1, 2, 250)])
    assert shown is not None
    assert shown.drawn == {
        "days": [1772409600, 1772496000], "people": [1, 2], "money": [1.5, 3.0], "currency": "USD",
    }  # fmt: skip


def test_there_is_no_line_of_one_day_or_of_nothing() -> None:
    assert trend([]) is None
    assert trend([day(0, 5)]) is None
    assert trend([day(0, 0), day(1, 0)]) is None
