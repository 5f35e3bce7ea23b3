"""HubSpot's webhook JSON: which objects to read again. Nothing else of an event is believed.

Events come late, twice, out of order and with old values; the object itself is the truth.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

KINDS = frozenset({"contact", "company", "deal"})
OBJECT_TYPES = {"0-1": "contact", "0-2": "company", "0-3": "deal"}
"""What generic `object.*` subscriptions call them."""

MERGED = ("primaryObjectId", "newObjectId")
FROM, TO = "fromObjectId", "toObjectId"
MOVING = frozenset({"creation", "propertyChange"})
"""After these the object's own time of modification is no older than the event."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Dirty:
    """An object that changed somehow. `object_type` is contact, company or deal.

    `at`: when a property of it did, by HubSpot's time; what else happens to it may leave its own stamp alone.
    """

    object_type: str
    id: str
    at: datetime | None = field(default=None, compare=False)


def read(body: bytes) -> list[Dirty]:
    """The objects that a delivery names, each once with the newest time, in its order.

    Raises ValueError when the body is not HubSpot's: not an array of events with their type and ids.
    """
    try:
        events = json.loads(body)
    except RecursionError as e:
        raise ValueError("HubSpot: a webhook body nested too deep.") from e
    match events:
        case list():
            return _each_once(dirty for event in events for dirty in _named(event))
    raise ValueError("HubSpot: a webhook body is an array of events.")


def _each_once(dirty: Iterable[Dirty]) -> list[Dirty]:
    found: dict[Dirty, Dirty] = {}
    for one in dirty:
        known = found.get(one, one).at
        found[one] = one if known is None or (one.at and one.at >= known) else found[one]
    return list(found.values())


def _named(event: Any) -> list[Dirty]:
    """The objects that one event names; none for what we do not follow."""
    match event:
        case {"subscriptionType": str(subscription)}:
            what, _, happening = subscription.partition(".")
        case _:
            raise ValueError("HubSpot: a webhook event without its subscriptionType.")
    if what == "object":
        what = OBJECT_TYPES.get(str(event.get("objectTypeId")), "")
    if happening == "associationChange":
        return _ends(event)
    if what not in KINDS:
        return []
    names = [name for name in MERGED if name in event] if happening == "merge" else []
    at = _when(event) if happening in MOVING else None
    return [Dirty(what, _id(event, name), at) for name in names or ["objectId"]]


def _ends(event: dict[str, Any]) -> list[Dirty]:
    """Both ends of an association, such as `DEAL_TO_COMPANY`, as far as we follow them."""
    one, _, other = str(event.get("associationType", "")).lower().partition("_to_")
    return [Dirty(kind, _id(event, name)) for kind, name in ((one, FROM), (other, TO)) if kind in KINDS]


def _when(event: dict[str, Any]) -> datetime | None:
    """None for a time that is none: it only tells an old answer from a new one."""
    at = event.get("occurredAt")
    try:
        return EPOCH + timedelta(milliseconds=at) if isinstance(at, int) else None
    except OverflowError:
        return None


def _id(event: dict[str, Any], name: str) -> str:
    ident = event.get(name)
    if isinstance(ident, bool) or not str(ident).isdecimal():
        raise ValueError(f"HubSpot: a webhook event whose {name} is no id.")
    return str(ident)
