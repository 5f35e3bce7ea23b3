"""The search of the CRM: groups of filters (any group, all filters of it), one sort, pages by offset."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sandbox.hubspot.answers import Refusal
from sandbox.hubspot.records import Record, known_properties

MOST_GROUPS = 6
MOST_RESULTS = 10_000
MOST_PER_PAGE = 200


def matching(records: list[Record], query: Mapping[str, Any]) -> list[Record]:
    """The records that the query asks for, in its order. Raises Refusal (400) for what HubSpot refuses."""
    groups = query.get("filterGroups") or []
    if len(groups) > MOST_GROUPS:
        raise Refusal(400, f"Too many filter groups: at most {MOST_GROUPS} are allowed.")
    if len(query.get("sorts") or []) > 1:
        raise Refusal(400, "At most one sort is allowed.")
    found = [r for r in records if not groups or any(_all(r, g.get("filters") or []) for g in groups)]
    return _sorted(found, query.get("sorts") or [])


def _all(record: Record, filters: list[Mapping[str, Any]]) -> bool:
    return all(_holds(record, one) for one in filters)


def _holds(record: Record, one: Mapping[str, Any]) -> bool:
    name, operator = one.get("propertyName", ""), one.get("operator", "")
    if name not in known_properties(record.kind):
        raise Refusal(400, f"There was a problem with the request: property {name!r} does not exist.")
    if operator not in OPERATORS:
        raise Refusal(400, f"Invalid input JSON: operator {operator!r} is not allowed.")
    value = record.value(name)
    return value is not None and OPERATORS[operator](value, one)


def _sides(value: str) -> tuple[int, float | str]:
    """Times and numbers compare as numbers, all else as lower-case text."""
    try:
        return 0, float(value)
    except ValueError:
        pass
    try:
        return 0, datetime.fromisoformat(value).timestamp() * 1000
    except ValueError:
        return 1, value.lower()


def _same(value: str, wanted: str) -> bool:
    return any(_sides(part.strip()) == _sides(wanted) for part in value.split(";"))


OPERATORS: Mapping[str, Callable[[str, Mapping[str, Any]], bool]] = {
    "EQ": lambda value, one: _same(value, str(one.get("value"))),
    "IN": lambda value, one: any(_same(value, str(v)) for v in one.get("values") or []),
    "GTE": lambda value, one: _sides(value) >= _sides(str(one.get("value"))),
    "GT": lambda value, one: _sides(value) > _sides(str(one.get("value"))),
}


def _sorted(found: list[Record], sorts: list[Any]) -> list[Record]:
    if not sorts:
        return found
    sort = sorts[0]
    if isinstance(sort, str):
        name, down = sort.removeprefix("-"), sort.startswith("-")
    else:
        name, down = str(sort.get("propertyName")), sort.get("direction") == "DESCENDING"
    return sorted(found, key=lambda r: _sides(r.value(name) or ""), reverse=down)
