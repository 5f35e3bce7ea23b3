"""Words of JQL that an app brought: typed values inside a property, as far as the index knows them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandbox.jira.jql import BadJql, Test
from sandbox.jira.state import Alias, Issue

EQUALS = {"=", "!=", "in", "not in"}
ORDERS = {"<", "<=", ">", ">="}
OPERATORS = {"number": EQUALS | ORDERS, "date": EQUALS | ORDERS, "string": EQUALS, "text": {"~", "!~"}}
"""What may be asked of each type of extraction."""


def value(issue: Issue, alias: Alias) -> Any:
    """What the index has: nothing of another type, and nothing that was written before it knew the word."""
    at = issue.written_at.get(alias.key)
    if alias.since is not None and (at is None or at < alias.since):
        return None
    found = inside(issue.properties.get(alias.key), alias.path)
    match alias.type:
        case "number":
            return found if isinstance(found, int | float) and not isinstance(found, bool) else None
        case "date":
            return _day(found)
    return found if isinstance(found, str) else None


def inside(of: Any, path: str) -> Any:
    """What stands at this dotted path; None where nothing does."""
    for part in path.split("."):
        of = of.get(part) if isinstance(of, dict) else None
    return of


def holds(alias: Alias, found: Any, test: Test, *, moment: Callable[[str], datetime]) -> bool:
    """Raises BadJql for an operator that this type has not, and for a word that is no value of it."""
    if test.operator not in OPERATORS[alias.type]:
        raise BadJql(f"The operator '{test.operator}' is not supported by the '{test.field}' field.")
    wanted = [None if text is None else _typed(alias, test, text, moment) for text in test.values]
    match test.operator:
        case "=" | "in":
            return found in wanted
        case "!=" | "not in":
            return found not in wanted
        case "~" | "!~":
            return (str(wanted[0]).lower() in str(found or "").lower()) == (test.operator == "~")
    if found is None or wanted[0] is None:
        return False
    low = wanted[0]
    return bool({">": found > low, ">=": found >= low, "<": found < low, "<=": found <= low}[test.operator])


def _typed(alias: Alias, test: Test, text: str, moment: Callable[[str], datetime]) -> Any:
    if alias.type == "date":
        return moment(text)
    if alias.type != "number":
        return text
    try:
        return float(text)
    except ValueError:
        raise BadJql(f"The value '{text}' for field '{test.field}' is not a number.") from None


def _day(found: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(found)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
