"""The demand of an issue over time as a line: in numbers on the server, drawn by `static/trend.js`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from babel.numbers import get_currency_precision
from sqlalchemy import Connection

from lineage import questions
from lineage.questions import DemandDay
from lineage.terms import ItemId
from plugin import app_state
from store.workspaces import Workspace

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Trend:
    """`told`: the first day, the last, and those in between on which something changed, newest first.
    `drawn`: every day, as the script reads it: seconds since 1970, people, and money in whole units.
    """

    first: DemandDay
    last: DemandDay
    told: Sequence[DemandDay]
    drawn: dict[str, object]


def of_item(conn: Connection, workspace: Workspace, item_id: ItemId) -> Trend | None:
    """The last 12 weeks, as far as they are on record; None where that is less than two days or nothing."""
    today = app_state.current().clock().astimezone(UTC).date()
    return trend(questions.demand_over_time(conn, workspace, item_id, WEEKS * 7, today=today))


def trend(days: Sequence[DemandDay]) -> Trend | None:
    """None where there is no line to draw."""
    if len(days) < 2 or not any(day.requesters for day in days):
        return None
    told = [
        day
        for number, day in enumerate(days)
        if number in (0, len(days) - 1) or _counted(day) != _counted(days[number - 1])
    ]
    currency = days[-1].customer.currency
    unit = 10 ** get_currency_precision(currency)
    drawn: dict[str, object] = {
        "days": [int(datetime.combine(day.day, time(), UTC).timestamp()) for day in days],
        "people": [day.requesters for day in days],
        "money": [(day.customer.minor + day.pipeline.minor) / unit for day in days],
        "currency": currency,
    }
    return Trend(days[0], days[-1], told[::-1], drawn)


def _counted(day: DemandDay) -> tuple[object, ...]:
    return day.requesters, day.companies, day.votes, day.customer, day.pipeline
