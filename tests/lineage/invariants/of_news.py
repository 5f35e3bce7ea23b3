"""Who is owed and was told what: the engine beside the model."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from lineage.outcomes import notices
from tests.lineage.invariants.now import Now
from tests.lineage.model.news import Owed, owed
from tests.lineage.random_history import told_twice

LIVE = ("held", "awaiting_approval", "queued", "blocked", "sending", "unknown")


def nobody_is_told_twice(now: Now) -> Iterator[str]:
    for one in told_twice(now.story):
        yield f"ask {one[0]} was told twice that {one[1]} was {one[2]}"


def nobody_hears_who_must_not(now: Now) -> Iterator[str]:
    """Nothing waits to be said to colleagues, who wants no news, and who was forgotten."""
    twin = now.twin
    never = twin.facts.staff | twin.wants_no_news | twin.forgotten
    for row in now.story.conn.execute(select(notices).where(notices.c.lane != "note")):
        asked = {now.named[fact["ask"]][0] for fact in row.facts}
        if row.state in LIVE and {twin.facts.requests[request].person for request in asked} & never:
            yield f"notice {row.id} is {row.state}"


def they_are_owed_what_the_model_says(now: Now) -> Iterator[str]:
    """What waits to be told is owed; what is owed waits, or somebody decided not to tell it."""
    waits, decided, due = set[Owed](), set[Owed](), owed(now.counting)
    keys = {issue.item: key for key, issue in now.story.tracker.issues.items()}
    for row in now.story.conn.execute(select(notices).where(notices.c.lane != "note")):
        dealt_with = row.state == "skipped" or (row.state == "cancelled" and row.settled_by)
        if not dealt_with and row.state not in LIVE:
            continue
        for fact in row.facts:
            if not fact.get("over"):
                (decided if dealt_with else waits).add(_as_the_model(now, keys, fact))
            if row.lane == "automatic" and fact["kind"] in ("correction", "declined"):
                yield f"a {fact['kind']} would go out without an approval"
    for one in waits - due:
        yield f"{one} is about to be told, and is not owed"
    for one in due - waits - decided:
        yield f"{one} is owed, and nothing waits to tell it"


def _as_the_model(now: Now, keys: dict[Any, str], fact: dict[str, Any]) -> Owed:
    return Owed(now.named[fact["ask"]], keys[fact["item"]], fact["own"], fact["happened"], fact["told"])
