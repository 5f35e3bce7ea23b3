"""What was typed into the form of a new issue, what is wrong with it, and the plan that it comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from connectors.jira.documents import quoted
from connectors.jira.needed import OTHER, Needed, NotAValue, our_name, value
from lineage.wording.catalogue import later
from plugin.translating import gettext as _
from plugin.zendesk.asked import Asked

SUMMARY_CHARS = 255
WORDS_CHARS = 20_000
QUOTED_CHARS = 4_000
FIELD = "field-"


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it came. `values`: by the id of a field, what was typed or chosen."""

    project: str = ""
    kind: str = ""
    summary: str = ""
    description: str = ""
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "project": self.project, "kind": self.kind, "summary": self.summary,
            "description": self.description, "values": {k: list(v) for k, v in self.values.items()},
        }  # fmt: skip


def prefilled(asked: Asked, *, with_words: bool) -> Typed:
    """From the ticket: its subject, and the customer's own words as a quotation where Jira may read them."""
    said = asked.words.strip()[:QUOTED_CHARS]
    words = quoted(said) if said and with_words else ""
    return Typed(summary=_line(asked.subject), description=words)


def without(typed: Typed, ours: Typed) -> Typed:
    """For a place that anybody can read: neither the customer's words nor the subject, which is theirs too,
    as `ours` filled them in. What the agent wrote stays.
    """
    summary, words = typed.summary, typed.description
    if ours.description and ours.description in words:
        words = words.replace(ours.description, "").strip()
    return replace(typed, summary="" if summary == ours.summary else summary, description=words)


def read(form: MultiDict[str, str]) -> Typed:
    """What was typed, cut to what Jira keeps."""
    values = {
        name.removeprefix(FIELD)[:100]: [one[:WORDS_CHARS] for one in form.getlist(name)[:200]]
        for name in form
        if name.startswith(FIELD)
    }
    return Typed(
        form.get("project", "")[:100], form.get("kind", "")[:100], _line(form.get("summary", "")),
        form.get("description", "").replace("\r\n", "\n")[:WORDS_CHARS], values,
    )  # fmt: skip


def mistakes(typed: Typed, fields: Sequence[Needed]) -> dict[str, str]:
    """What has to be mended first, by the field that it concerns."""
    found = {} if typed.summary else {"summary": _("Say in one line what it is about.")}
    for one in fields:
        if one.kind == OTHER:
            continue
        try:
            if value(one, typed.values.get(one.id, ())) is None:
                found[one.id] = _("Jira wants this filled in here.")
        except NotAValue:
            found[one.id] = _(NOT_A_VALUE.get(one.kind, NOT_OFFERED))
    return found


NOT_OFFERED = later("Jira does not offer this here. Choose another.")
NOT_A_VALUE = {"number": later("This is no number."), "date": later("This is no date, like 2026-03-14.")}


def beyond(fields: Sequence[Needed]) -> list[str]:
    """The fields that only Jira's own form can ask for, as people call them."""
    return [one.name for one in fields if one.kind == OTHER]


def plan(typed: Typed, fields: Sequence[Needed], *, mark: str, trailer: str) -> dict[str, Any]:
    """What the worker does, as `plugin/jira/from_ticket.py` reads it."""
    return {
        "project": typed.project,
        "kind": typed.kind,
        "fields": {one.id: value(one, typed.values.get(one.id, ())) for one in fields},
        "description": f"{typed.description}\n\n{trailer}".strip(),
        "parts": [{"n": "1", "summary": typed.summary, "mark": mark}],
        "typed": typed.as_json(),
    }


def refused(said: Mapping[str, str], fields: Sequence[Needed]) -> tuple[dict[str, str], list[str]]:
    """What Jira said: beside the field that it concerns, and what concerns none that is shown."""
    shown = {"summary", "description", "project", "kind", *(one.id for one in fields)}
    beside, rest = {}, []
    for name, words in said.items():
        known = our_name(name)
        if known in shown:
            beside[known] = words
        else:
            rest.append(f"{name}: {words}")
    return beside, rest


def _line(text: str) -> str:
    return " ".join(text.split())[:SUMMARY_CHARS].strip()
