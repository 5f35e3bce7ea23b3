"""Every word goes through gettext: what code and templates say is in every catalogue, whole and in shape."""

import ast
import html.parser
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural

from lineage.wording.catalogue import DOMAINS, FOLDER, catalogue
from lineage.wording.languages import LANGUAGES, STAFF_LANGUAGES
from tests.catalogues import SPOKEN, marked, missing, translated
from tests.our_files import text_of, tree_of, with_suffix

EVERY = [(language, domain) for domain in DOMAINS for language in SPOKEN[domain]]
PLACE = re.compile(r"%\((\w+)\)s|\{\}")
MEND = "Run `make words`, then translate what it leaves empty."
NAMES = {"Kithspark", "UTC", "Jira", "Zendesk", "KS"}


def forms(message: Message) -> list[str]:
    return (
        [message.string] if isinstance(message.string, str) else [one or "" for one in message.string or ()]
    )


def named(message: Message) -> tuple[str | None, str]:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


@cache
def wanted_of(domain: str) -> frozenset[tuple[str | None, str]]:
    return frozenset(said(marked(domain)))


def said(found: Catalog) -> set[tuple[str | None, str]]:
    return {named(message) for message in found if message.id}


def test_a_folder_of_catalogues_is_a_language_we_write_in() -> None:
    there = {(path.parent.name, path.stem) for path in FOLDER.glob("*/*.po")}
    assert there == set(EVERY)
    assert set(STAFF_LANGUAGES) <= set(LANGUAGES)


@pytest.mark.parametrize(("language", "domain"), EVERY)
def test_everything_that_is_said_is_translated_and_nothing_else(language: str, domain: str) -> None:
    wanted, there = wanted_of(domain), said(translated(language, domain))
    assert not wanted - there, f"Not in {language}/{domain}.po: {sorted(map(str, wanted - there))}. {MEND}"
    assert not there - wanted, f"Nobody says any more: {sorted(map(str, there - wanted))}. {MEND}"
    assert not missing(translated(language, domain)), MEND


@pytest.mark.parametrize(("language", "domain"), EVERY)
def test_translations_are_sure_and_have_the_forms_of_their_language(language: str, domain: str) -> None:
    kept = translated(language, domain)
    assert kept.plural_expr == get_plural(language).plural_expr
    for message in kept:
        assert not message.fuzzy, f"{language}: {message.id!r} is marked as unsure: settle it."
        if message.pluralizable:
            assert len(forms(message)) == get_plural(language).num_plurals, message.id


@pytest.mark.parametrize(("language", "domain"), EVERY)
def test_translations_fill_the_same_places_and_hold_the_same_tags(language: str, domain: str) -> None:
    for message in translated(language, domain):
        if not message.id:
            continue
        english = [message.id] if isinstance(message.id, str) else list(message.id)
        for form in forms(message):
            assert set(PLACE.findall(form)) <= set(PLACE.findall(english[-1])), (language, form)
            assert tags(form) in [tags(one) for one in english], (language, form)
            assert tags(form) or '"' not in form, (
                "It may stand in an attribute: use the language's own marks."
            )
            if not message.pluralizable:
                assert sorted(PLACE.findall(form)) == sorted(PLACE.findall(english[0])), (language, form)


def tags(text: str) -> list[str]:
    return sorted(re.findall(r"<[^>]*>", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_program_says_is_what_the_catalogue_says(language: str) -> None:
    """There is no compiled file that could be older: the catalogue is compiled when it is asked for."""
    spoken, before = catalogue(language), set[tuple[str | None, str]]()
    for domain in DOMAINS:
        kept = translated(language, domain)
        for message in kept:
            if isinstance(message.id, str) and message.id and message.context is None:
                said_before = named(message) in before
                assert said_before or spoken.gettext(message.id) == message.string
        before |= said(kept)
    assert spoken.gettext("Nobody says this.") == "Nobody says this."


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [
        ("en", "1 of 2 parts is ready.", "2 of 3 parts are ready."),
        ("de", "1 von 2 Teilen ist fertig.", "2 von 3 Teilen sind fertig."),
        ("fr", "1 partie sur 2 est prête.", "2 parties sur 3 sont prêtes."),
        ("es", "1 de 2 partes está lista.", "2 de 3 partes están listas."),
        ("pt", "1 de 2 partes está pronta.", "2 de 3 partes estão prontas."),
        ("ja", "全2項目のうち1項目が完了しています。", "全3項目のうち2項目が完了しています。"),
    ],
)
def test_parts_are_counted_in_the_grammar_of_each_language(language: str, one: str, two: str) -> None:
    both = "%(delivered)s of %(parts)s parts is ready.", "%(delivered)s of %(parts)s parts are ready."
    spoken = catalogue(language)
    assert spoken.ngettext(*both, 1) % {"delivered": 1, "parts": 2} == one
    assert spoken.ngettext(*both, 2) % {"delivered": 2, "parts": 3} == two


def test_nothing_is_translated_inside_an_f_string() -> None:
    """What collects the sentences cannot see into one, so such a sentence would stay English."""
    hidden = [
        f"{path}:{call.lineno}"
        for path in with_suffix(".py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in {"_", "later"}
        if call.args and isinstance(call.args[0], ast.Constant)
    ]
    assert not hidden, f"Take the sentence out of the f-string: {hidden}"


class Words(html.parser.HTMLParser):
    """The words of a template that stand in it as they are."""

    def __init__(self) -> None:
        super().__init__()
        self.bare: list[str] = []
        self.in_code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_code += tag in {"code", "style", "script"}
        self.bare += [
            value or "" for name, value in attrs if name in {"aria-label", "placeholder", "title", "alt"}
        ]

    def handle_endtag(self, tag: str) -> None:
        self.in_code -= tag in {"code", "style", "script"}

    def handle_data(self, data: str) -> None:
        if not self.in_code:
            self.bare.append(data)


@pytest.mark.parametrize("path", [str(path) for path in with_suffix(".html") if path.parts[0] == "plugin"])
def test_no_screen_says_a_word_that_is_not_translated(path: str) -> None:
    without = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text_of(Path(path)), flags=re.DOTALL)
    found = Words()
    found.feed(without)
    bare = [one for text in found.bare for one in re.findall(r"[^\W\d_]{2,}", text)]
    bare = [one for one in bare if one not in NAMES]
    assert not bare, f"Put it through gettext, as its neighbours are: {bare}"
