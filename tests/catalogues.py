"""The sentences that code and templates mark for translation, and the catalogues brought in line with them.

`python -m tests.catalogues` (or `make words`) writes every `.po` anew: what is new stands there untranslated,
what nobody says any more is gone. The tests fail until each language has all of it.
"""

import io

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from lineage.wording.catalogue import DOMAINS, FOLDER
from lineage.wording.languages import LANGUAGES, STAFF_LANGUAGES
from tests.our_files import ROOT, our_files

SPOKEN = {"customers": LANGUAGES[1:], "staff": STAFF_LANGUAGES[1:]}
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
"""Files whose words customers read. What the others mark is read by staff."""

STAFF = ("plugin/", "lineage/")
KEYWORDS = {
    "_": None, "gettext": None, "later": None, "ngettext": (1, 2), "counted": (1, 2),
    "pgettext": ((1, "c"), 2),
}  # fmt: skip
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract", ".txt": "jinja2.ext:babel_extract"}
OPTIONS = {"silent": "false", "newstyle_gettext": "true", "trim_blocks": "true"}


def marked(domain: str) -> Catalog:
    """Every sentence of a domain, with the files that say it."""
    found = Catalog(domain=domain, fuzzy=False)
    for path in our_files():
        name = path.as_posix()
        if path.suffix not in METHODS or not name.startswith(STAFF) or "/static/" in name:
            continue
        if name.startswith(CUSTOMERS) != (domain == "customers"):
            continue
        with (ROOT / path).open("rb") as text:
            for _line, said, _comments, context in extract(
                METHODS[path.suffix], text, keywords=KEYWORDS, options=OPTIONS
            ):
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
    found = []
    for message in catalogue:
        forms = [message.string] if isinstance(message.string, str) else message.string or [""]
        if message.id and not all(forms):
            found.append(message.id if isinstance(message.id, str) else message.id[0])
    return found


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
    for domain in DOMAINS:
        wanted = marked(domain)
        for language in SPOKEN[domain]:
            kept = translated(language, domain)
            kept.update(wanted, no_fuzzy_matching=True, update_header_comment=False)
            kept.obsolete.clear()
            keep(kept, language, domain)
            print(f"{language}/{domain}.po: {len(kept)} sentences, {len(missing(kept))} untranslated")


if __name__ == "__main__":
    main()
