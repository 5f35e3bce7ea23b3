"""HubSpot's deal, in our words. Every value of theirs is a string; the money in it becomes Decimal."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from connectors.hubspot.client import Record
from connectors.hubspot.worth import Deal

PROPERTIES = (
    "dealname",
    "amount",
    "amount_in_home_currency",
    "deal_currency_code",
    "dealstage",
    "hs_deal_stage_probability",
    "hs_is_closed",
    "hs_is_closed_won",
    "closedate",
    "hs_arr",
    "hs_mrr",
    "hs_acv",
)


def deal(record: Record, stages: Mapping[str, str]) -> Deal:
    """`stages` is stage id to probability, for a deal that says none itself."""
    won = record.get("hs_is_closed_won") == "true"
    probability = number(record.get("hs_deal_stage_probability"))
    if probability is None:
        probability = number(stages.get(record.get("dealstage"), ""))
    return Deal(
        id=record.id,
        name=record.get("dealname"),
        amount=number(record.get("amount")),
        at_home=number(record.get("amount_in_home_currency")),
        currency=record.get("deal_currency_code").upper(),
        probability=probability,
        closed=won or record.get("hs_is_closed") == "true",
        won=won,
        closes=moment(record.get("closedate")),
        yearly=_yearly(record),
    )


def number(text: str) -> Decimal | None:
    """A finite number, or None."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def moment(text: str) -> datetime | None:
    """A time as HubSpot spells it: ISO with Z, a bare date, or milliseconds; None for anything else."""
    try:
        if text.isdecimal():
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _yearly(record: Record) -> Decimal | None:
    """ARR, else twelve times MRR, else the yearly contract value: whichever line items gave first."""
    months = number(record.get("hs_mrr"))
    candidates = (
        number(record.get("hs_arr")),
        None if months is None else months * 12,
        number(record.get("hs_acv")),
    )
    return next((value for value in candidates if value is not None and value > 0), None)
