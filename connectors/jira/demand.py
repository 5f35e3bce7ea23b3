"""The issue property that lets Jira show and sort by demand.

Whoever may browse an issue can read its properties: there is never a name, an address or a word of a
customer in it, and amounts only where the workspace allows them (delivery rules §3).
"""

from datetime import datetime
from typing import Any

from connectors.jira.client import Jira
from lineage.terms import ItemId, Money
from store.crash_points import reached

KEY = "kithspark.demand"


def property_value(
    *,
    rev: int,
    score: float,
    requesters: int,
    companies: int,
    votes: int,
    oldest: datetime | None,
    pipeline: Money | None = None,
    customer: Money | None = None,
) -> dict[str, Any]:
    """The whole value. `rev` grows with every change; amounts are left out where they are None."""
    value: dict[str, Any] = {
        "rev": rev,
        "score": round(score, 2),
        "requesters": requesters,
        "companies": companies,
        "votes": votes,
        "oldest": oldest.date().isoformat() if oldest else None,
    }
    if pipeline is not None:
        value["pipeline"] = pipeline.as_json()
    if customer is not None:
        value["customer"] = customer.as_json()
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
