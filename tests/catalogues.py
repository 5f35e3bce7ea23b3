"""The sentences that code and templates mark for translation, and the catalogues brought in line with them.

`python -m tests.catalogues` (or `make words`) writes every `.po` anew: what is new stands there untranslated,
unless the same language says it in another domain already; what nobody says any more is gone. The tests fail
until each language has all of it.
"""

import io

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from lineage.wording.catalogue import DOMAINS, FOLDER
from lineage.wording.languages import LANGUAGES, STAFF_LANGUAGES
from tests.our_files import ROOT, our_files

SPOKEN = {"customers": LANGUAGES[1:], "agents": LANGUAGES[1:], "staff": STAFF_LANGUAGES[1:]}
"""The languages that a domain is translated into."""

CUSTOMERS = (
    "lineage/wording/letter.txt",
    "lineage/wording/become.txt",
    "plugin/follow/",
    "plugin/forum/",
    "plugin/layout.html",
    "plugin/picture.html",
    "plugin/picture.py",
    "plugin/reasons.py",
)
"""Files whose words customers read."""

AGENTS = (
    "lineage/wording/note.py",
    "plugin/error.html",
    "plugin/errors.py",
    "plugin/formats.py",
    "plugin/frame.html",
    "plugin/freshness.html",
    "plugin/phrases.py",
    "plugin/progress.py",
    "plugin/queue.html",
    "plugin/queue.py",
    "plugin/said.py",
    "plugin/said_patterns.py",
    "plugin/zendesk/",
)
"""Files whose words agents read in Zendesk, whoever else does. What others mark is for other staff."""

SETTING_UP = ("plugin/zendesk/hearing.py", "plugin/zendesk/setting_up.py", "plugin/zendesk/trying.py")
"""What connects Zendesk lives there too, and is read on the operators' pages alone."""

OURS = ("plugin/", "lineage/")
KEYWORDS = {
    "_": None, "gettext": None, "later": None, "ngettext": (1, 2), "counted": (1, 2),
    "pgettext": ((1, "c"), 2),
}  # fmt: skip
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract", ".txt": "jinja2.ext:babel_extract"}
OPTIONS = {"silent": "false", "newstyle_gettext": "true", "trim_blocks": "true"}


def domain_of(name: str) -> str:
    """The domain of what this file says."""
    if name.startswith(CUSTOMERS):
        return "customers"
    return "agents" if name.startswith(AGENTS) and name not in SETTING_UP else "staff"


def says(name: str) -> list[tuple[str | tuple[str, ...], str | None]]:
    """The sentences that this file marks, with the context of each."""
    path = ROOT / name
    if path.suffix not in METHODS:
        return []
    with path.open("rb") as text:
        found = extract(METHODS[path.suffix], text, keywords=KEYWORDS, options=OPTIONS)
        return [(said, context) for _line, said, _comments, context in found]


def marked(domain: str) -> Catalog:
    """Every sentence of a domain, with the files that say it."""
    found = Catalog(domain=domain, fuzzy=False)
    for path in our_files():
        name = path.as_posix()
        if not name.startswith(OURS) or "/static/" in name or domain_of(name) != domain:
            continue
        for said, context in says(name):
            found.add(said, locations=[(name, 0)], context=context)
    return found


def translated(language: str, domain: str) -> Catalog:
    """The catalogue as it is kept; an empty one where there is none yet."""
    path = FOLDER / language / f"{domain}.po"
    if not path.is_file():
        return Catalog(locale=language, domain=domain, fuzzy=False)
    with path.open("rb") as text:
        return read_po(text, locale=language, domain=domain)


def missing(catalogue: Catalog) -> list[str]:
    """What is not translated, by the English sentence."""
    return [one.id if isinstance(one.id, str) else one.id[0] for one in catalogue if is_missing(one)]


def is_missing(message: Message) -> bool:
    """Whether it lacks a translation, or one of its forms."""
    forms = [message.string] if isinstance(message.string, str) else message.string or [""]
    return bool(message.id) and not all(forms)


def brought_in_line(language: str) -> dict[str, Catalog]:
    """Its catalogues by domain, with all that is said and nothing else. A sentence that moved from one domain
    to another takes its translation along.
    """
    kept = {domain: translated(language, domain) for domain in DOMAINS if language in SPOKEN[domain]}
    known = {
        (message.context, message.id): message
        for catalogue in reversed(kept.values())
        for message in catalogue
        if message.id and message.string
    }
    for domain, catalogue in kept.items():
        catalogue.update(marked(domain), no_fuzzy_matching=True, update_header_comment=False)
        catalogue.obsolete.clear()
        for message in catalogue:
            if is_missing(message) and (there := known.get((message.context, message.id))):
                message.string = there.string
    return kept


def keep(catalogue: Catalog, language: str, domain: str) -> None:
    """Write it, always in the same order, with no header but what a reader needs."""
    path, text = FOLDER / language / f"{domain}.po", io.BytesIO()
    write_po(text, catalogue, sort_output=True, include_lineno=False, width=110)
    _header, _, messages = text.getvalue().decode().partition("\n\n")
    lines = [
        'msgid ""',
        'msgstr ""',
        f'"Language: {language}\\n"',
        f'"Plural-Forms: {catalogue.plural_forms}\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n\n" + messages, encoding="utf-8")


def main() -> None:
    for language in LANGUAGES[1:]:
        for domain, kept in brought_in_line(language).items():
            keep(kept, language, domain)
            print(f"{language}/{domain}.po: {len(kept)} sentences, {len(missing(kept))} untranslated")


if __name__ == "__main__":
    main()
