"""From the facts to the words. Only processes data: the same message always gives the same words."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.sandbox import SandboxedEnvironment

from lineage.terms import State
from lineage.wording.languages import day, language_of
from lineage.wording.markup import as_html, as_text, blocks, one_line
from lineage.wording.message import Message, Retraction, Section, Written
from lineage.wording.telling import everything, mark, promise, remark, section_kind

LONGEST_NAME = 80


def write(message: Message) -> Written:
    """The message in the person's language, else in English."""
    language = language_of(message.language)
    follow_url = _follow_url(message, message)
    rendered = render(
        f"{language}/letter.txt",
        public=message.public,
        name=_greetable(message.name),
        followup_subject=one_line(message.followup_subject or ""),
        retractions=[_retraction(one, message) for one in dict.fromkeys(message.retractions)],
        sorry=any(one.said is not State.DECLINED for one in message.retractions),
        sections=[_section(section, message) for section in message.sections],
        everything=everything(message),
        follow_url=follow_url,
        sender=one_line(message.sender),
    )
    parts = blocks(rendered)
    links = {follow_url, *(_follow_url(section, message) for section in message.sections)}
    return Written(as_text(parts), as_html(parts, links=links - {""}), language)


def render(template: str, **values: object) -> str:
    """One template of ours. Values are text to it: what looks like a template in them stays as it is."""
    return _templates().get_template(template).render(values)


@cache
def _templates() -> SandboxedEnvironment:
    return SandboxedEnvironment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(),  # for .txt that is off: markup.py escapes the finished words
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


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
        "promise": promise(section),
        "follow_url": _follow_url(section, message),
        "fresh": sum(line.fresh for line in section.lines),
        "lines": [
            {"mark": mark(line), "title": one_line(line.title), "remark": remark(line, section)}
            for line in section.lines
        ],
    }
