"""HubSpot's strings become values, or nothing; never a crash, never 'false' taken for true."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from connectors.hubspot.client import Record
from connectors.hubspot.deals import deal, moment, number


def test_flags_are_words() -> None:
    read = deal(Record("1", {"hs_is_closed": "false", "hs_is_closed_won": "false"}), {})
    assert not read.closed and not read.won
    assert deal(Record("1", {"hs_is_closed_won": "true"}), {}).closed


def test_an_unset_deal_is_read_as_unset() -> None:
    read = deal(Record("1", {"amount": None, "closedate": "", "hs_arr": None}), {})
    assert (read.amount, read.closes, read.yearly, read.probability) == (None, None, None, None)


def test_a_probability_that_a_deal_lacks_is_its_stages() -> None:
    stages = {"s1": "0.25"}
    assert deal(Record("1", {"dealstage": "s1"}), stages).probability == Decimal("0.25")
    own = Record("1", {"dealstage": "s1", "hs_deal_stage_probability": "0"})
    assert deal(own, stages).probability == 0


@pytest.mark.parametrize(
    ("given", "yearly"),
    [
        ({"hs_arr": "10", "hs_mrr": "5"}, 10),
        ({"hs_arr": "0", "hs_mrr": "5"}, 60),
        ({"hs_arr": "", "hs_mrr": "0", "hs_acv": "7"}, 7),
        ({"hs_acv": "0"}, None),
    ],
)
def test_recurring_value_is_arr_else_mrr_else_acv(given: dict[str, str | None], yearly: int | None) -> None:
    assert deal(Record("1", given), {}).yearly == yearly


@pytest.mark.parametrize("text", ["", "NaN", "Infinity", "12,5", "abc", "sNaN"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert number(text) is None


def test_times_come_in_three_spellings() -> None:
    day = datetime(2026, 1, 2, tzinfo=UTC)
    for text in ("2026-01-02T00:00:00Z", "2026-01-02", str(int(day.timestamp() * 1000))):
        assert moment(text) == day
    assert moment("soon") is None and moment("9" * 30) is None
