"""From the facts to the words. Only processes data: the same message always gives the same words."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, Template, select_autoescape
from jinja2.sandbox import SandboxedEnvironment

from lineage.terms import State
from lineage.wording.catalogue import catalogue
from lineage.wording.languages import day, joint, language_of
from lineage.wording.markup import as_html, as_text, blocks, one_line
from lineage.wording.message import Message, Retraction, Section, Written
from lineage.wording.own import own_words
from lineage.wording.own_rules import Unusable
from lineage.wording.telling import everything, mark, promise, remark, section_kind

LONGEST_NAME = 80

PIECES = ("greeting", "earlier", "news", "page", "signature")
"""The blocks of `letter.txt`, for whoever puts them together in their own way."""


def write(message: Message) -> Written:
    """The message in the person's language, else in English; in the operator's own words, if there are any
    and they can be used, else in ours.
    """
    language, values = language_of(message.language), facts_of(message)
    letter, trouble = "", ""
    if message.own:
        try:
            letter = own_words(message.own, values, pieces_of(language, values))
        except Unusable as no:
            trouble = str(no)
    if not letter:
        letter = _template(language, "letter.txt").render(values)
    parts = blocks(letter, joint(language))
    links = {values["follow_url"], *(section["follow_url"] for section in values["sections"])}
    return Written(as_text(parts), as_html(parts, links=links - {""}), language, trouble)


def facts_of(message: Message) -> dict[str, Any]:
    """What a template is given: text of one line each, numbers, and words of ours such as `delivered`.

    Titles are public ones, names and subjects are the customer's own.
    """
    return {
        "public": message.public,
        "name": "" if message.public else _greetable(message.name),
        "followup_subject": "" if message.public else one_line(message.followup_subject or ""),
        "retractions": [_retraction(one, message) for one in dict.fromkeys(message.retractions)],
        "sorry": any(one.said is not State.DECLINED for one in message.retractions),
        "sections": [_section(section, message) for section in message.sections],
        "everything": everything(message),
        "follow_url": _follow_url(message, message),
        "sender": one_line(message.sender),
    }


def pieces_of(language: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Our own letter in its pieces, each as its template gives it."""
    letter = _template(language, "letter.txt")
    return {name: "".join(letter.blocks[name](letter.new_context(dict(values)))).strip() for name in PIECES}


def _template(language: str, name: str) -> Template:
    return _templates(language).get_template(name)


@cache
def _templates(language: str) -> SandboxedEnvironment:
    templates = SandboxedEnvironment(
        loader=FileSystemLoader(Path(__file__).parent),
        extensions=["jinja2.ext.i18n"],
        autoescape=select_autoescape(),  # for .txt that is off: markup.py escapes the finished words
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    return templates


def _follow_url(of: Section | Message, message: Message) -> str:
    return one_line(of.follow_url) if of.follow_url and not message.public else ""


def _greetable(name: str) -> str:
    """The name as the person gave it; nothing where it is an address or a link rather than a name."""
    known = one_line(name)
    return "" if len(known) > LONGEST_NAME or "@" in known or "/" in known else known


def _retraction(retraction: Retraction, message: Message) -> dict[str, Any]:
    return {
        "title": one_line(retraction.title),
        "said": retraction.said.value,
        "told_on": day(retraction.told_at, message.language),
    }


def _section(section: Section, message: Message) -> dict[str, Any]:
    return {
        "kind": section_kind(section, message.kind).value,
        "about": one_line(section.about),
        "asked_on": day(section.asked_at, message.language),
        "asked_how": section.asked_how,
        "standing": section.standing.value,
        "delivered": section.delivered,
        "parts": section.parts,
        "final": section.final,
        "promise": promise(section),
        "follow_url": _follow_url(section, message),
        "fresh": sum(line.fresh for line in section.lines),
        "lines": [
            {
                "mark": mark(line),
                "title": one_line(line.title),
                "remark": remark(line, section),
                "state": line.state.value,
                "fresh": line.fresh,
            }
            for line in section.lines
        ],
    }
