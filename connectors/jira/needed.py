"""Where a new issue may be made, and the fields that it must have there, as a form asks for them."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from connectors.jira.answers import Project
from connectors.jira.client import API, Jira
from connectors.jira.documents import document
from connectors.jira.making import FILLED, PAGE
from connectors.jira.taking import object_of, rows_of, texts_of

TEXT, AREA, NUMBER, DATE, ONE, MANY, WORDS, OTHER = (
    "text", "area", "number", "date", "one", "many", "words", "other",
)  # fmt: skip
"""Kinds of field; `WORDS` are labels, and `OTHER` is what only Jira's own form can ask for."""
PROJECTS_A_PAGE = 50
MOST_PROJECTS = 1000
MOST_OPTIONS = 500


@dataclass(frozen=True, slots=True)
class Needed:
    """A field that must be filled in. `options`: id and name of what may be chosen."""

    id: str
    name: str
    kind: str
    options: tuple[tuple[str, str], ...] = ()


def our_name(field: str) -> str:
    """What we call a field of Jira's: the type of an issue is its `kind`, any other keeps its id."""
    return "kind" if field == "issuetype" else field


class NotAValue(ValueError):
    """What was typed does not go into such a field."""


def open_projects(jira: Jira) -> list[Project]:
    """Where our account may create issues, by name. Raises what the client raises."""
    found: list[Project] = []
    while len(found) < MOST_PROJECTS:
        query = f"action=create&orderBy=name&startAt={len(found)}&maxResults={PROJECTS_A_PAGE}"
        page = object_of(jira.session.get(f"{jira.url}{API}/project/search?{query}"))
        rows = rows_of(page, "values")
        found += [Project(*texts_of(one, "id", "key", "name")) for one in rows]
        if not rows or page.get("isLast", True):
            break
    return found


def needed(jira: Jira, project: str, kind: str) -> list[Needed]:
    """What a new issue of this type must have there, besides what we fill. Raises what the client raises."""
    there = f"{quote(project, safe='')}/issuetypes/{quote(kind, safe='')}"
    answer = object_of(jira.session.get(f"{jira.url}{API}/issue/createmeta/{there}?maxResults={PAGE}"))
    rows = rows_of(answer if "fields" in answer else {"fields": answer.get("results")}, "fields")
    return [
        _needed(one)
        for one in rows
        if one.get("required") and not one.get("hasDefaultValue") and one.get("fieldId") not in FILLED
    ]


def value(field: Needed, typed: Sequence[str]) -> Any:
    """What Jira takes for what was typed or chosen; None for nothing. Raises NotAValue."""
    given = [one.strip() for one in typed if one.strip()]
    if not given:
        return None
    offered = {ident for ident, _ in field.options}
    match field.kind:
        case "one" | "many":
            if not offered.issuperset(given):
                raise NotAValue
            chosen = [{"id": one} for one in given]
            return chosen if field.kind == MANY else chosen[0]
        case "area":
            return document(given[0])
        case "number":
            return _number(given[0])
        case "date":
            return _date(given[0])
        case "words":
            return [word for one in given for word in one.split()]
    return given[0]


def _needed(row: dict[str, Any]) -> Needed:
    ident, name = texts_of(row, "fieldId", "name")
    schema = row.get("schema") if isinstance(row.get("schema"), dict) else {}
    assert schema is not None
    options = tuple(_option(one) for one in row.get("allowedValues") or [] if isinstance(one, dict))
    return Needed(ident, name, _kind(schema, offered=bool(options)), options[:MOST_OPTIONS])


def _kind(schema: dict[str, Any], *, offered: bool) -> str:
    of, items = schema.get("type"), schema.get("items")
    if offered:
        return MANY if of == "array" else ONE
    if of == "string":
        long = str(schema.get("custom", "")).endswith(":textarea") or schema.get("system") == "environment"
        return AREA if long else TEXT
    return {"number": NUMBER, "date": DATE}.get(
        str(of), WORDS if (of, items) == ("array", "string") else OTHER
    )


def _option(one: dict[str, Any]) -> tuple[str, str]:
    """Id and name of a thing to choose; Jira calls the name `value` where it is a custom field's."""
    name = one.get("name") or one.get("value") or one.get("key") or one.get("id")
    return str(one.get("id")), str(name)


def _number(typed: str) -> int | float:
    try:
        found = float(typed.replace(",", "."))
    except ValueError:
        raise NotAValue from None
    if not math.isfinite(found):
        raise NotAValue
    return int(found) if found.is_integer() else found


def _date(typed: str) -> str:
    try:
        return dt.date.fromisoformat(typed).isoformat()
    except ValueError:
        raise NotAValue from None
