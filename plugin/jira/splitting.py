"""What was typed into the form of a split or a partial close, what is wrong with it, and what it comes to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from lineage.questions import NewPart, Supposed, Waiter, Waiting
from lineage.questions.views import ItemView
from lineage.terms import ItemId, PersonId
from plugin.jira.acts import OWN
from plugin.translating import gettext as _

MOST_PARTS = 8
SUMMARY_CHARS = 255
TITLE_CHARS = 120
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]+-\d+")
ALL, AS_IS = "all", "as-is"
"""What somebody may want besides one of the parts and `OWN`."""


@dataclass(frozen=True, slots=True)
class TypedPart:
    """`text`: the summary of a new issue, or the key of one that is there; `title`: what customers read."""

    text: str
    title: str = ""

    @property
    def key(self) -> str:
        """The issue that it names; empty for a new one."""
        return self.text.upper() if KEY.fullmatch(self.text) else ""


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it came, so that it can be shown again. `wants`: by person, one of `ALL`, `OWN`, `AS_IS`,
    the number of a new part (`1`), or an existing one (`item:ID`).
    """

    close: bool
    parts: tuple[TypedPart, ...]
    keeps: str = ""
    own_title: str = ""
    wants: Mapping[PersonId, str] = field(default_factory=dict)
    find: str = ""

    @property
    def filled(self) -> list[tuple[str, TypedPart]]:
        """The parts in which something was typed, by number."""
        return [(str(n), part) for n, part in enumerate(self.parts, 1) if part.text]


@dataclass(frozen=True, slots=True)
class Picked:
    """An issue that is there, by the key that was typed. `edits`: whether whoever typed it may edit it."""

    typed: str
    item: ItemId
    key: str
    edits: bool = False


def read(form: MultiDict[str, str]) -> Typed:
    """What was typed, cut to what can be kept."""
    texts, titles = form.getlist("part")[:MOST_PARTS], form.getlist("title")[:MOST_PARTS]
    parts = [
        TypedPart(_line(text, SUMMARY_CHARS), _line(title, TITLE_CHARS))
        for text, title in zip(texts, [*titles, *[""] * len(texts)], strict=False)
    ]
    wants = {
        PersonId(int(name[5:])): value
        for name, value in form.items()
        if name.startswith("want-") and name[5:].isascii() and name[5:].isdigit() and len(name) < 20
    }
    return Typed(
        form.get("close") == "yes", tuple(parts), form.get("keeps", ""),
        _line(form.get("own_title", ""), TITLE_CHARS), wants, _line(form.get("find", ""), 200),
    )  # fmt: skip


def mistakes(typed: Typed, whole: ItemView, picked: Sequence[Picked]) -> list[str]:
    """What has to be mended first, in words."""
    found = []
    if not typed.filled:
        found.append(
            _("Say where the rest goes: a new issue, or the key of one.")
            if typed.close
            else _("Name at least one part: a new issue, or the key of one.")
        )
    if typed.close and not typed.own_title:
        found.append(_("Say in your customers' words what is delivered."))
    if not typed.close and typed.keeps not in ("yes", "no"):
        found.append(_("Say whether %(key)s keeps a part of its own.", key=whole.key))
    items = [one.item for one in picked]
    if whole.id in items:
        found.append(_("%(key)s cannot be a part of itself.", key=whole.key))
    if len(set(items)) < len(items):
        found.append(_("The same issue is named twice."))
    titled = {part.key for _n, part in typed.filled if part.title}
    found += [
        _("Jira does not let you edit %(key)s: leave out what customers read of it.", key=one.key)
        for one in picked
        if one.typed in titled and not one.edits
    ]
    return found


def supposed(typed: Typed, whole: ItemView, picked: Mapping[str, Picked]) -> Supposed:
    """What it comes to, for the rules. New issues are called `new:1`."""
    named = {n: picked[part.key].item if part.key else ItemId(f"new:{n}") for n, part in typed.filled}
    parts = [
        NewPart(named[n], picked[part.key].key if part.key else part.text, part.title or None)
        for n, part in typed.filled
    ]
    wants = {person: _parts(chosen, whole, named) for person, chosen in _decided(typed, named)}
    return Supposed(
        whole.id, parts, keeps=True if typed.close else typed.keeps == "yes",
        own_title=typed.own_title or None, wants=wants, delivered=typed.close,
    )  # fmt: skip


def plan(
    typed: Typed,
    whole: ItemView,
    picked: Mapping[str, Picked],
    marks: Iterable[str],
    *,
    by: str,
    extra: Mapping[str, Any],
) -> dict[str, Any]:
    """What the worker does, as `act_work.py` reads it. `extra`: project, type and parent of new issues."""
    parts = [
        {
            "n": n, "summary": part.text, "title": part.title, "mark": mark,
            "item": picked[part.key].item if part.key else "",
            "key": picked[part.key].key if part.key else "",
        }
        for (n, part), mark in zip(typed.filled, marks, strict=False)
    ]  # fmt: skip
    named = {n: ItemId(n) for n, _part in typed.filled}
    decided = {str(person): chosen for person, chosen in _decided(typed, named)}
    return {
        "parts": parts, "keeps": True if typed.close else typed.keeps == "yes", "close": typed.close,
        "own_title": typed.own_title,
        "wants": {who: None if one == ALL else [one] for who, one in decided.items()},
        "description": f"Split from {whole.key} by {by}, with Kithspark.", **extra,
    }  # fmt: skip


def default_of(waiter: Waiter) -> str:
    """What stands chosen while nobody has said anything: as it is for those who chose before, else all."""
    return AS_IS if waiter.wanted else ALL


def options(typed: Typed, waiting: Waiting) -> list[tuple[str, str]]:
    """What can be chosen for each: value and name, the own part first, all last."""
    whole = waiting.item
    found = []
    if typed.close or typed.keeps != "no":
        found.append((OWN, typed.own_title or whole.own_title or _("what %(key)s keeps", key=whole.key)))
    found += [
        (f"item:{part.id}", f"{part.key} {part.public_title or ''}".rstrip())
        for part in waiting.parts
        if part.id != whole.id
    ]
    return [*found, *((n, part.text) for n, part in typed.filled)]


def _decided(typed: Typed, named: Mapping[str, ItemId]) -> Iterable[tuple[PersonId, str]]:
    for person, chosen in typed.wants.items():
        if chosen in (ALL, OWN) or chosen in named or chosen.startswith("item:"):
            yield person, chosen


def _parts(chosen: str, whole: ItemView, named: Mapping[str, ItemId]) -> tuple[ItemId, ...] | None:
    if chosen == ALL:
        return None
    if chosen == OWN:
        return (whole.id,)
    return (named[chosen] if chosen in named else ItemId(chosen.removeprefix("item:")),)


def _line(text: str, longest: int) -> str:
    return " ".join(text.split())[:longest].strip()
