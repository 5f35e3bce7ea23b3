"""The issue property that lets Jira show and sort by demand.

Whoever may browse an issue can read its properties: there is never a name, an address or a word of a
customer in it, and amounts only where the workspace allows them (delivery rules §3).
"""

from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeAlias

from connectors.jira.client import Jira
from connectors.jira.demand_index import KEY
from lineage.terms import ItemId, Money
from store.crash_points import reached

Lineage: TypeAlias = Literal["whole", "part", "split", "merged"]
"""How an issue stands among others: alone, a part of one, split itself, or merged into another."""


class Amounts(NamedTuple):
    """What rests on an issue: open, and won and in term."""

    pipeline: Money
    customer: Money


def property_value(
    *,
    rev: int,
    score: float,
    requesters: int,
    companies: int,
    votes: int,
    oldest: datetime | None,
    lineage: Lineage = "whole",
    amounts: Amounts | None = None,
) -> dict[str, Any]:
    """The whole value. `rev` grows with every change; without `amounts` it says nothing of money.

    Its paths are those of `demand_index.EXTRACTIONS`; `oldest` is a day of UTC.
    """
    value: dict[str, Any] = {
        "rev": rev,
        "score": round(score, 2),
        "requesters": requesters,
        "companies": companies,
        "votes": votes,
        "oldest": oldest.date().isoformat() if oldest else None,
        "lineage": lineage,
    }
    if amounts is not None:
        value["pipeline"], value["customer"] = amounts.pipeline.as_json(), amounts.customer.as_json()
        value["currency"] = amounts.pipeline.currency
    return value


def push(client: Jira, item: ItemId, value: dict[str, Any]) -> bool:
    """Write the value unless a newer or equal revision stands there already; whether it was written.

    Repeating it, and coming late, do no harm. Raises connectors.errors.
    """
    there = client.property(item, KEY)
    reached("pushes.read")
    rev = there.get("rev") if isinstance(there, dict) else None
    if isinstance(rev, int) and not isinstance(rev, bool) and rev >= value["rev"]:
        return False
    client.set_property(item, KEY, value)
    reached("pushes.answered")
    return True
