"""What the documents promise is there: links, settings, commands, recipes and decisions."""

import importlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from plugin.settings import Settings
from tests.our_files import FOLDERS, ROOT, text_of, with_suffix

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
VARIABLE = re.compile(r"KITHSPARK_[A-Z_]+[A-Z]")
RECIPE_LINES = 6
PAGES = [path for path in with_suffix(".md") if path.name == "README.md" or path.parts[0] == "docs"]


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{page}: {target} is not there. Write it, or mend the link."
        for page in with_suffix(".md")
        for target in LINK.findall(text_of(page))
        if not re.match(r"[a-z]+:|#", target) and not (ROOT / page.parent / target.partition("#")[0]).exists()
    ]
    assert not broken, "\n".join(broken)


def test_every_file_of_ours_that_a_document_names_is_there() -> None:
    named = re.compile(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]*)`")
    missing = [
        f"{page}: {name} is not there."
        for page in with_suffix(".md")
        for name in named.findall(text_of(page))
        if "NAME" not in name and not (ROOT / name).exists()
    ]
    assert not missing, "\n".join(missing)


def test_every_setting_is_documented() -> None:
    page = text_of(Path("docs/settings.md"))
    named = set(VARIABLE.findall(page))
    real = {f"KITHSPARK_{field.upper()}" for field in Settings.model_fields}
    assert not real - named, f"Describe in docs/settings.md: {sorted(real - named)}"
    assert not named - real, f"docs/settings.md describes what is no setting: {sorted(named - real)}"


def test_no_document_names_a_setting_that_does_not_exist() -> None:
    real = {f"KITHSPARK_{field.upper()}" for field in Settings.model_fields}
    files = [*with_suffix(".md"), Path("compose.yaml"), Path("Dockerfile"), Path("Makefile")]
    wrong = [f"{path}: {name}" for path in files for name in set(VARIABLE.findall(text_of(path))) - real]
    assert not wrong, "No such setting: " + ", ".join(sorted(wrong))


def _shown_commands() -> Iterator[tuple[Path, list[str]]]:
    for page in PAGES:
        for block in FENCE.findall(text_of(page)):
            for line in block.replace("\\\n", " ").splitlines():
                text = re.sub(r"^(\$ )?(\.venv/bin/)?(docker compose exec app )?", "", line.strip())
                if text.startswith("kithspark "):
                    yield page, shlex.split(text, comments=True)[1:]


def _command_line() -> click.Group:
    try:
        commands = importlib.import_module("plugin.commands")
    except ModuleNotFoundError as missing:
        pytest.skip(f"no command line yet: {missing}")
    groups = [value for value in vars(commands).values() if isinstance(value, click.Group)]
    if not groups:
        pytest.skip("plugin.commands has no click group yet")
    return max(groups, key=lambda group: len(group.commands))


def test_every_command_that_a_document_shows_exists() -> None:
    top = _command_line()
    wrong = [
        f"{page}: kithspark {' '.join(words)}: {why}"
        for page, words in _shown_commands()
        if (why := _problem(top, words))
    ]
    assert not wrong, "\n".join(wrong)


def _problem(top: click.Command, words: list[str]) -> str:
    """What is wrong with a command line that a document shows, as far as names go; empty if nothing is."""
    command, rest = top, list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        name = rest.pop(0)
        found = command.commands.get(name)
        if found is None:
            return f"there is no command {name!r}"
        command = found
    options = {opt for param in command.params for opt in (*param.opts, *param.secondary_opts)} | {"--help"}
    unknown = [word for word in rest if word.startswith("--") and word.partition("=")[0] not in options]
    return f"there is no option {', '.join(unknown)}" if unknown else ""


def test_every_recipe_is_short_and_names_the_test_that_fails_until_it_is_done() -> None:
    _, _, recipes = text_of(Path("CONTRIBUTING.md")).partition("## Recipes")
    sections = re.split(r"^### ", recipes.partition("\n## ")[0], flags=re.MULTILINE)[1:]
    assert len(sections) >= 5, (
        "CONTRIBUTING.md needs recipes: a connector, a kind of change, a screen, a job, a setting."
    )
    for section in sections:
        title, *lines = [line for line in section.splitlines() if line.strip()]
        assert len(lines) <= RECIPE_LINES, (
            f"Recipe {title!r} has {len(lines)} lines; {RECIPE_LINES} is the limit."
        )
        tests = re.findall(r"`(tests/[\w/.]+\.py)`", section)
        assert tests, f"Recipe {title!r} names no test that fails until it is done."
        missing = [test for test in tests if not (ROOT / test).exists()]
        assert not missing, f"Recipe {title!r} names tests that do not exist: {missing}"


def test_every_decision_says_why_and_what_would_change_our_mind() -> None:
    pages = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert [page.name[:4] for page in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)], (
        "Number them in a row."
    )
    for page in pages:
        headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == ["Context", "Choice", "What would change our mind"], f"{page.name} has {headings}"


def test_assumptions_are_numbered_in_a_row_so_that_a_number_names_one() -> None:
    rows = re.findall(r"^\| ([A-Z])(\d+) \|", text_of(Path("docs/verified.md")), re.MULTILINE)
    for kind in {letter for letter, _ in rows}:
        numbers = [int(number) for letter, number in rows if letter == kind]
        assert numbers == list(range(1, len(numbers) + 1)), f"{kind}: {numbers}"


def test_the_readme_names_the_two_commands() -> None:
    readme = text_of(Path("README.md"))
    assert "make demo" in readme
    assert "make test" in readme
