"""The language of a page, and its words in it.

Staff read the first language of their browser that we write for them: inside Jira it is the host's own page
that asks, with the same browser. An agent in Zendesk reads that of their profile there, where we write it.
A requester's page is in the language of the letters that led to it; the forum is in the visitor's.
"""

from collections.abc import Collection
from gettext import NullTranslations

from babel.numbers import format_decimal
from flask import Flask, Response, g, has_request_context, request

from lineage.wording.catalogue import catalogue
from lineage.wording.languages import LANGUAGES, STAFF_LANGUAGES, language_of

IN_ALL = frozenset({"forum", "follow", "zendesk"})
"""Blueprints whose pages are in every language: customers read them, or agents beside a ticket. What is asked
for below a path of this name, and is not there, is refused in them as well."""


def use(app: Flask) -> None:
    """Give the templates of this app `_`, `ngettext`, `pgettext` and `counted`."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _here().gettext(text),
        lambda one, many, number: _here().ngettext(one, many, number),
        newstyle=True,
        pgettext=lambda context, text: _here().pgettext(context, text),
    )
    app.jinja_env.globals.update(counted=counted, language=language)
    app.after_request(_say_which)


def speak(tag: str) -> None:
    """From now on this page is in the language of whoever has this tag."""
    g.language, g.tag = language_of(tag), tag


def speak_if_written(tag: str) -> None:
    """The same, where we write that language; else the page stays in the browser's."""
    if tag.replace("_", "-").partition("-")[0].lower() in LANGUAGES:
        speak(tag)


def language() -> str:
    """The language of the page that is being made; English where there is none."""
    if not has_request_context():
        return LANGUAGES[0]
    if "language" not in g:
        g.language = language_of(accepted(_offered()))
    spoken: str = g.language
    return spoken


def accepted(among: Collection[str] = LANGUAGES) -> str:
    """The tag of the first language that the browser asks for and that is among these."""
    tags = request.accept_languages.values() if has_request_context() else ()
    return next((tag for tag in tags if tag.split("-")[0].lower() in among), LANGUAGES[0])


def tags() -> tuple[str, ...]:
    """What the reader's own region may be taken from: the browser's tags, then the one that was spoken to."""
    if not has_request_context():
        return ()
    return (*request.accept_languages.values(), *filter(None, [g.get("tag")]))


def gettext(text: str, **values: object) -> str:
    """The sentence in the language of the page, with these values in it."""
    said = _here().gettext(text)
    return said % values if values else said


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """The same where the number decides: `one` and `many` are the English forms."""
    return _here().ngettext(one, many, number) % {"num": number, **values}


def counted(one: str, many: str, number: int) -> str:
    """`%(num)s tickets`, with the number as the reader's language writes it."""
    written = format_decimal(number, locale=language())
    return _here().ngettext(one, many, number) % {"num": written}


def _offered() -> Collection[str]:
    room = (request.blueprint or request.path.strip("/").replace("/", ".")).split(".")[0]
    return LANGUAGES if room in IN_ALL else STAFF_LANGUAGES


def _here() -> NullTranslations:
    return catalogue(language())


def _say_which(response: Response) -> Response:
    """A cache must not hand a page to somebody who reads another language."""
    if "language" in g:
        response.headers.setdefault("Content-Language", language())
        response.vary.add("Accept-Language")
    return response
