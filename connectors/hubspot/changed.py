"""The poll: which objects were modified since we last asked. For portals without webhooks, and for losses.

HubSpot's search lags up to a minute behind and shows 10,000 results of a query at most, so each page is a
query of its own that starts where the last one ended. Archived objects never show: deletions are found
by reading the known companies again (`value.companies_by_id`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.hubspot.answers import garbled
from connectors.hubspot.client import HubSpot, Kind, Record
from connectors.hubspot.deals import moment
from connectors.hubspot.events import Dirty

OVERLAP = timedelta(minutes=5)

STAMPS: Mapping[str, str] = {
    "contact": "lastmodifieddate",
    "company": "hs_lastmodifieddate",
    "deal": "hs_lastmodifieddate",
}
"""The property with the modification time: contacts spell it differently."""

KINDS: Mapping[str, Kind] = {"contact": "contacts", "company": "companies", "deal": "deals"}


@dataclass(frozen=True, slots=True)
class Changed:
    """`until` is the newest modification seen, HubSpot's time: the `since` of the next poll of this type."""

    dirty: tuple[Dirty, ...]
    until: datetime


def changed_since(client: HubSpot, object_type: str, since: datetime) -> Changed:
    """Objects of one type (contact, company or deal) modified since, less the overlap; each once.

    Keep one watermark per type: what one type showed proves nothing about another.
    Raises `connectors.errors`.
    """
    name = STAMPS[object_type]
    found: dict[str, datetime] = {}
    start = since - OVERLAP
    while True:
        page = client.search(KINDS[object_type], [[_since(name, start)]], [name], sort=name)
        found |= {record.id: _stamp(record, name) for record in page.records}
        if not page.more or not page.records:
            break
        last = _stamp(page.records[-1], name)
        if last == start:  # a bulk import: one instant fills a page
            found |= dict.fromkeys(_at_one_instant(client, object_type, start), start)
            last += timedelta(milliseconds=1)
        start = last
    return Changed(tuple(Dirty(object_type, ident) for ident in found), max([since, *found.values()]))


def modified_at(client: HubSpot, object_type: str, ident: str) -> datetime | None:
    """When this object was last modified, as it is shown now; None for one that is not there.

    Raises `connectors.errors`.
    """
    name = STAMPS[object_type]
    found = client.read(KINDS[object_type], [ident], [name])
    return max((_stamp(record, name) for record in found), default=None)


def _at_one_instant(client: HubSpot, object_type: str, at: datetime) -> list[str]:
    """Everything modified at exactly this millisecond, by id."""
    name = STAMPS[object_type]
    same = {"propertyName": name, "operator": "EQ", "value": _ms(at)}
    ids: list[str] = []
    while True:
        higher = {"propertyName": "hs_object_id", "operator": "GT", "value": ids[-1] if ids else "0"}
        page = client.search(KINDS[object_type], [[same, higher]], [name])
        ids += [record.id for record in page.records]
        if not page.more or not page.records:
            return ids


def _since(name: str, at: datetime) -> Mapping[str, object]:
    return {"propertyName": name, "operator": "GTE", "value": _ms(at)}


def _ms(at: datetime) -> str:
    """Milliseconds, exactly: a float would lose the last one."""
    return str((at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1))


def _stamp(record: Record, name: str) -> datetime:
    at = moment(record.get(name))
    if at is None:
        raise garbled()
    return at
