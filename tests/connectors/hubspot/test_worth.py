"""The money rules: a table of cases, and what holds for any deals."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.hubspot.worth import Deal, minor_units, worth

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SOON = NOW + timedelta(days=30)
LONG_FLOAT = Decimal("0.59999999999999997779553950749686919152736663818359375")
"""0.6, as HubSpot spells it."""


def days_ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def won(amount: str | None = "100", **more: object) -> Deal:
    given: dict[str, object] = {"amount": amount and Decimal(amount), "closes": days_ago(10), **more}
    return Deal("1", closed=True, won=True, **given)  # type: ignore[arg-type]


def opened(amount: str | None = "100", **more: object) -> Deal:
    given: dict[str, object] = {"amount": amount and Decimal(amount), "closes": SOON}
    given |= {"probability": Decimal("0.5")} | more
    return Deal("1", **given)  # type: ignore[arg-type]


CASES = [
    (won(), (10000, 0), "won, 100.00 USD"),
    (won("99.999"), (9999, 0), "99.99 USD"),
    (won(yearly=Decimal(1200)), (120000, 0), "recurring a year"),
    (won(closes=days_ago(365)), (10000, 0), "won"),
    (won(closes=days_ago(366)), (0, 0), "out of term"),
    (won(closes=None), (0, 0), "without a close date"),
    (won(None), (0, 0), "no amount"),
    (won("-5"), (0, 0), "left out"),
    (won("1e30"), (0, 0), "left out"),
    (won(currency="EUR"), (0, 0), "HubSpot has no rate"),
    (won(currency="EUR", at_home=Decimal(110)), (11000, 0), "from EUR"),
    (won(currency="EUR", at_home=Decimal(110), yearly=Decimal(9)), (11000, 0), "from EUR"),
    (won(None, at_home=Decimal(70)), (7000, 0), "won, 70.00 USD"),
    (opened(), (0, 5000), "50 % of 100 is 50.00 USD"),
    (opened("1000", probability=LONG_FLOAT), (0, 60000), "60 % of 1,000"),
    (opened("0.03", probability=Decimal("0.5")), (0, 1), "0.01 USD"),
    (opened(probability=Decimal(7)), (0, 10000), "100 %"),
    (opened(probability=Decimal(-1)), (0, 0), "0 %"),
    (opened(probability=None), (0, 0), "no probability known"),
    (opened(yearly=Decimal(1200)), (0, 5000), "50 %"),
    (opened(closes=days_ago(90)), (0, 5000), "open"),
    (opened(closes=days_ago(91)), (0, 0), "stale"),
    (opened(closes=None), (0, 5000), "open"),
    (Deal("1", amount=Decimal(100), closed=True), (0, 0), "lost"),
]


@pytest.mark.parametrize(("deal", "sums", "words"), CASES)
def test_one_deal_counts_by_the_rules(deal: Deal, sums: tuple[int, int], words: str) -> None:
    counted = worth([deal], currency="USD", home="USD", now=NOW)
    assert (counted.customer_minor, counted.pipeline_minor) == sums
    assert words in counted.why[0]


@pytest.mark.parametrize(
    ("home", "currency", "counts"),
    [("EUR", "USD", True), ("EUR", "", False), (None, "", True), (None, "EUR", False), (None, "USD", True)],
)
def test_where_the_portals_home_is_another_only_deals_in_our_currency_count(
    home: str | None, currency: str, counts: bool
) -> None:
    deal = won(currency=currency, at_home=Decimal(90))
    counted = worth([deal], currency="USD", home=home, now=NOW)
    assert counted.customer_minor == (10000 if counts else 0)
    assert ("left out" in counted.why[0]) is not counts


def test_currencies_have_their_own_minor_units() -> None:
    amounts = [minor_units(Decimal("1234.5678"), code) for code in ("USD", "JPY", "KWD")]
    assert amounts == [123456, 1234, 1234567]


def test_a_deal_that_is_read_twice_counts_once() -> None:
    assert worth([won(), won()], currency="USD", home="USD", now=NOW).customer_minor == 10000


def test_the_reasons_stay_readable_for_a_company_with_very_many_deals() -> None:
    deals = [Deal(str(n), amount=Decimal(n), closed=True, won=True, closes=NOW) for n in range(1, 200)]
    why = worth(deals, currency="USD", home="USD", now=NOW).why
    assert len(why) == 51 and "(199)" in why[0] and why[-1] == "and 149 more"


money = st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=4)
some_deals = st.lists(
    st.builds(
        Deal,
        id=st.integers(1, 8).map(str),
        name=st.text(max_size=5),
        amount=money,
        at_home=money,
        currency=st.sampled_from(["", "USD", "EUR", "JPY"]),
        probability=st.none() | st.decimals(-1, 2),
        closed=st.booleans(),
        won=st.booleans(),
        closes=st.none() | st.integers(-200, 800).map(days_ago),
        yearly=money,
    ),
    max_size=8,
    unique_by=lambda deal: deal.id,
)


@given(some_deals, st.sampled_from(["USD", "JPY"]), st.sampled_from([None, "USD", "EUR"]), st.randoms())
def test_sums_are_whole_never_negative_and_blind_to_order(
    deals: list[Deal], currency: str, home: str | None, rng: object
) -> None:
    counted = worth(deals, currency=currency, home=home, now=NOW)
    assert type(counted.customer_minor) is int and type(counted.pipeline_minor) is int
    assert counted.customer_minor >= 0 and counted.pipeline_minor >= 0
    assert len(counted.why) == len(deals)
    rng.shuffle(deals)  # type: ignore[attr-defined]
    assert worth(deals, currency=currency, home=home, now=NOW) == counted


@given(some_deals)
def test_the_whole_is_the_sum_of_its_deals(deals: list[Deal]) -> None:
    whole = worth(deals, currency="USD", home="USD", now=NOW)
    each = [worth([deal], currency="USD", home="USD", now=NOW) for deal in deals]
    assert whole.customer_minor == sum(one.customer_minor for one in each)
    assert whole.pipeline_minor == sum(one.pipeline_minor for one in each)
