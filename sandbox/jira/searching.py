"""Finds issues by JQL, as late as the index is told to be."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.jira import aliased, jql
from sandbox.jira.jql import BadJql, Condition, Joined, Query, Test
from sandbox.jira.state import Issue, Project, Site

RELATIVE = re.compile(r"^(-?)(\d+)([mhdw])$")
SECONDS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}
PROPERTY = re.compile(r"^issue\.property\[([^\]]+)\]\.(.+)$")

FIELDS: dict[str, Callable[[Site, Issue], Any]] = {
    "id": lambda site, issue: issue.id,
    "key": lambda site, issue: issue.id,
    "project": lambda site, issue: _words(site.projects[issue.project_id]),
    "fixversion": lambda site, issue: {
        w for i in issue.version_ids for w in (i, site.versions[i].name.lower())
    },
    "status": lambda site, issue: {issue.status.id, issue.status.name.lower()},
    "statuscategory": lambda site, issue: _category_words(issue),
    "resolution": lambda site, issue: _resolution_words(issue),
    "issuetype": lambda site, issue: {issue.type.id, issue.type.name.lower()},
    "parent": lambda site, issue: issue.parent_id,
    "summary": lambda site, issue: issue.summary,
    "description": lambda site, issue: issue.description,
    "text": lambda site, issue: f"{issue.key} {issue.summary} {issue.description}",
    "created": lambda site, issue: issue.created,
    "updated": lambda site, issue: issue.updated,
}
SYNONYMS = {"issuekey": "key", "issue": "key", "type": "issuetype", "updateddate": "updated"}
ISSUE_FIELDS = ("id", "key", "parent")


def find(site: Site, text: str, *, reconcile: set[str]) -> list[Issue]:
    """The issues of a query, in its order. Raises BadJql with Jira's words, also for an unbounded query."""
    query = jql.read(text)
    if query.where is None:
        raise BadJql(
            "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
        )
    where = query.where
    found = [issue for issue in site.indexed(reconcile) if _holds(site, issue, where)]
    return _ordered(site, found, query)


def _ordered(site: Site, issues: list[Issue], query: Query) -> list[Issue]:
    issues.sort(key=lambda issue: int(issue.id), reverse=True)
    for name, descending in reversed(query.order):
        read = _reader(site, name)
        known = [issue for issue in issues if read(issue) not in (None, set())]
        unknown = [issue for issue in issues if read(issue) in (None, set())]
        known.sort(key=lambda issue: _rank(read(issue)), reverse=descending)
        issues = known + unknown if descending else unknown + known
    return issues


def _rank(value: Any) -> Any:
    if isinstance(value, set):
        return min(value)
    return int(value) if isinstance(value, str) and value.isdigit() else value


def _reader(site: Site, name: str) -> Callable[[Issue], Any]:
    """What reads this field of an issue. Raises BadJql where there is none."""
    plain = SYNONYMS.get(name.lower(), name.lower())
    if plain in FIELDS:
        return lambda issue: FIELDS[plain](site, issue)
    if asked := PROPERTY.match(name):
        key, path = asked.groups()
        return lambda issue: aliased.inside(issue.properties.get(key), path)
    alias = site.aliases.get(name)
    if alias is None:
        raise BadJql(f"Field '{name}' does not exist or you do not have permission to view it.")
    return lambda issue: aliased.value(issue, alias)


def _holds(site: Site, issue: Issue, condition: Condition) -> bool:
    if isinstance(condition, Joined):
        parts = [_holds(site, issue, part) for part in condition.parts]
        if condition.word == "not":
            return not parts[0]
        return all(parts) if condition.word == "and" else any(parts)
    return _test(site, issue, condition)


def _test(site: Site, issue: Issue, test: Test) -> bool:
    value = _reader(site, test.field)(issue)
    if alias := site.aliases.get(test.field):
        return aliased.holds(alias, value, test, moment=lambda text: _moment(site, text))
    wanted = [_wanted(site, test.field, one, value) for one in test.values]
    match test.operator:
        case "=" | "in":
            return any(_same(value, one) for one in wanted)
        case "!=" | "not in":
            return not any(_same(value, one) for one in wanted)
        case "~" | "!~":
            return _contains(str(value or ""), str(wanted[0] or "")) == (test.operator == "~")
    if value is None or wanted[0] is None:
        return False
    high, low = value, wanted[0]
    return bool({">": high > low, ">=": high >= low, "<": high < low, "<=": high <= low}[test.operator])


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(value, set):
        return not value if wanted is None else str(wanted).lower() in value
    return bool(value == wanted)


def _contains(value: str, words: str) -> bool:
    """Every word of the question stands in the text; `*` at its end stands for any rest."""
    text = re.findall(r"\w+", value.lower())
    asked = re.findall(r"\w+\*?", words.lower())
    return bool(asked) and all(
        any(word.startswith(one[:-1]) if one.endswith("*") else word == one for word in text) for one in asked
    )


def _wanted(site: Site, name: str, text: str | None, value: Any) -> Any:
    """The question's word in the type of the answer. Raises BadJql, as Jira does for an unknown issue."""
    plain = SYNONYMS.get(name.lower(), name.lower())
    if text is None or (plain == "resolution" and text.lower() == "unresolved"):
        return None
    if plain in ISSUE_FIELDS:
        return _issue_id(site, plain, text)
    if plain in ("created", "updated"):
        return _moment(site, text)
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return float(text)
        except ValueError as e:
            raise BadJql(f"The value '{text}' for field '{name}' is not a number.") from e
    return text


def _issue_id(site: Site, field: str, text: str) -> str:
    try:
        return site.issue(text).id
    except LookupError:
        raise BadJql(f"An issue with key '{text}' does not exist for field '{field}'.") from None


def _moment(site: Site, text: str) -> datetime:
    """`-90m`, epoch milliseconds, or a date in the time zone of the asking account's profile."""
    if relative := RELATIVE.match(text):
        back = timedelta(seconds=int(relative[2]) * SECONDS[relative[3]])
        return site.clock.now() - back if relative[1] else site.clock.now() + back
    if text.isdigit():
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    for form in ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d"):
        try:
            return datetime.strptime(f"{text} {site.utc_offset}", f"{form} %z").astimezone(UTC)
        except ValueError:
            continue
    raise BadJql(f"Date value '{text}' is invalid. Valid formats include: 'yyyy-MM-dd HH:mm', '-1d', '-90m'.")


def _words(project: Project) -> set[str]:
    return {project.id, project.key.lower(), project.name.lower()}


def _category_words(issue: Issue) -> set[str]:
    words = {"new": {"new", "to do"}, "indeterminate": {"indeterminate", "in progress"}, "done": {"done"}}
    return words[issue.status.category]


def _resolution_words(issue: Issue) -> set[str]:
    if issue.resolution is None:
        return set()
    return {issue.resolution.id, issue.resolution.name.lower()}
