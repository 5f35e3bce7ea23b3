"""How the demand of an item came about, day by day: for the line that a screen draws of it."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, RowMapping

from lineage import demand_days
from lineage.terms import ItemId, Money
from store.database import utc_now
from store.workspaces import Workspace

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DemandDay:
    """What one item counted at the end of a day of UTC; the last one so far. Amounts are its credit."""

    day: date
    requesters: int
    companies: int
    votes: int
    customer: Money
    pipeline: Money
    score: float


def demand_over_time(
    conn: Connection, workspace: Workspace, item_id: ItemId, days: int = 84, *, today: date | None = None
) -> list[DemandDay]:
    """One entry for each of the last `days`, today included, oldest first: what it counted at their ends.

    A day on which nothing changed says what the day before said. Days before the workspace's record began
    are left out: of them nothing is known.
    """
    last = today or demand_days.day_of(utc_now())
    since = demand_days.recorded_since(conn, workspace.id)
    if since is None:
        return []
    first = max(last - days * DAY + DAY, since)
    changes = {row["day"]: row for row in demand_days.rows_of(conn, workspace.id, item_id, first)}
    row = next((row for day, row in changes.items() if day <= first), None)
    found = []
    for number in range((last - first).days + 1):
        day = first + number * DAY
        row = changes.get(day, row)
        found.append(_entry(workspace, day, row))
    return found


def _entry(workspace: Workspace, day: date, row: RowMapping | None) -> DemandDay:
    if row is None:
        nothing = Money(0, workspace.policy.currency)
        return DemandDay(day, 0, 0, 0, nothing, nothing, 0.0)
    return DemandDay(day, *counted(row))


def counted(row: RowMapping) -> tuple[int, int, int, Money, Money, float]:
    """What a row of the record says, in the order of `DemandDay`."""
    customer, pipeline = (Money(row[name], row["currency"]) for name in ("customer", "pipeline"))
    people = (row["requesters"], row["companies"], row["votes"])
    return (*people, customer, pipeline, row["score_hundredths"] / 100)


def recorded_since(conn: Connection, workspace: Workspace) -> date | None:
    """The first day of which the demand is on record; None while there is none."""
    return demand_days.recorded_since(conn, workspace.id)
