"""The shape of the house, kept by machine. Each failure says what to do about it."""

import ast
import re
import statistics
from pathlib import Path

import pytest

from tests.our_files import FOLDERS, ROOMS, ROOT, functions, our_files, project, text_of, tree_of, with_suffix

FILE_LINES = 300
FUNCTION_LINES = 50
MEDIAN_LINES = 75
"""Lines with something on them; see docs/decisions/0010-count-lines-that-say-something.md."""

TOP_LEVEL = {
    *FOLDERS,
    ".ci",
    ".dockerignore",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Dockerfile",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "atlassian-connect.json",
    "compose.yaml",
    "pyproject.toml",
    "requirements-dev.lock",
    "requirements-test.lock",
    "requirements.lock",
}

MACHINE_PATHS = re.compile(r"(?<![\w.:/}*])/(?:work|root|tmp|home|farm)/\w")
REGISTRIES = re.compile(r"pypi\.org|pythonhosted|npmjs\.(org|com)|/simple/")
BINARY = {".png", ".mo", ".ico", ".woff2", ".zip"}


def _lines(path: Path) -> int:
    return len(text_of(path).splitlines())


def test_no_file_is_too_long() -> None:
    long = [
        f"{path} is {_lines(path)} lines; the limit is {FILE_LINES}. Split it by idea or by screen."
        for path in with_suffix(".py", ".html", ".css", ".js", ".yaml")
        if _lines(path) > FILE_LINES
    ]
    assert not long, "\n".join(long)


def test_no_function_is_too_long() -> None:
    long = [
        f"{path}:{node.lineno}: {node.name} is {size} lines; at most {FUNCTION_LINES}. Name a part of it."
        for path in with_suffix(".py")
        for node in functions(path)
        if (size := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert not long, "\n".join(long)


def test_files_are_small_on_the_whole() -> None:
    sizes = [
        sum(bool(line.strip()) for line in path.read_text().splitlines())
        for path in with_suffix(".py")
        if path.parts[0] in ROOMS and _lines(path) > 1
    ]
    median = statistics.median(sizes)
    print(f"{len(sizes)} source files, median {median:g} lines, {sum(sizes)} in all")
    assert median <= MEDIAN_LINES, f"The median file has {median:g} lines; the goal is {MEDIAN_LINES}."


def test_every_function_is_typed() -> None:
    untyped = [
        f"{path}:{node.lineno}: {node.name} leaves a type out. Say what it takes and what it gives."
        for path in with_suffix(".py")
        for node in functions(path)
        if not _is_typed(node)
    ]
    assert not untyped, "\n".join(untyped)


def _is_typed(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    spec = node.args
    named = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, spec.vararg, spec.kwarg]
    taken = [argument for argument in named if argument and argument.arg not in {"self", "cls", "mcs"}]
    return node.returns is not None and all(argument.annotation for argument in taken)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_top_folder_says_what_lives_there(folder: str) -> None:
    assert (ROOT / folder / "README.md").is_file(), (
        f"Write {folder}/README.md: in a few lines, what lives there and what must not."
    )


def test_nothing_else_is_at_the_top() -> None:
    strangers = sorted({path.parts[0] for path in our_files()} - TOP_LEVEL)
    assert not strangers, f"Move {strangers} into a folder, or write a decision and name it in TOP_LEVEL."


def test_the_packages_are_those_of_the_folders() -> None:
    listed = project()["tool"]["setuptools"]["packages"]
    found = sorted(".".join(p.parent.parts) for p in with_suffix(".py") if p.name == "__init__.py")
    found = [name for name in found if name.split(".")[0] in ROOMS]
    missing, surplus = sorted(set(found) - set(listed)), sorted(set(listed) - set(found))
    assert not missing, f"Add to packages in pyproject.toml: {missing}"
    assert not surplus, f"Take out of packages in pyproject.toml (no such folder): {surplus}"
    assert listed == sorted(listed), "Sort packages in pyproject.toml."


def test_every_folder_with_code_is_a_package() -> None:
    folders = {path.parent for path in with_suffix(".py") if path.parts[0] in ROOMS}
    bare = sorted(str(folder) for folder in folders if not (ROOT / folder / "__init__.py").exists())
    assert not bare, f"Add an __init__.py (one sentence says what the folder is): {bare}"


def test_every_file_that_is_no_code_is_installed_too() -> None:
    patterns = project()["tool"]["setuptools"]["package-data"]["*"]
    left_out = [
        str(path)
        for path in our_files()
        if path.parts[0] in ROOMS and path.suffix not in {".py", ".md"}
        if not any(path.match(pattern.removeprefix("**/")) for pattern in patterns)
    ]
    assert not left_out, f"Add to package-data in pyproject.toml what covers: {left_out}"


def test_no_template_is_an_orphan() -> None:
    users = {path: text_of(path) for path in with_suffix(".py", ".html", ".txt", ".js")}
    orphans = []
    for path in with_suffix(".html", ".txt"):
        if path.parts[0] not in ROOMS or (ROOT / path.with_suffix(".py")).exists():
            continue
        if not any(
            path.name in text or f"{path.parent.name}/" in text for p, text in users.items() if p != path
        ):
            orphans.append(
                f"{path}: nobody refers to it. Delete it, or put it beside the code that shows it."
            )
    assert not orphans, "\n".join(orphans)


def test_no_path_of_one_machine_and_no_registry_is_named() -> None:
    here = Path("tests/test_shape.py")
    found = [
        f"{path}:{number}: {match.group()} belongs to one machine or network. Take it out."
        for path in our_files()
        if path != here and path.suffix not in BINARY and "vendor" not in path.parts
        for number, line in enumerate(text_of(path).splitlines(), 1)
        for match in (MACHINE_PATHS.search(line), REGISTRIES.search(line))
        if match
    ]
    assert not found, "\n".join(found)


def test_rules_that_do_no_io_are_held_to_it() -> None:
    contract = next(
        c for c in project()["tool"]["importlinter"]["contracts"] if c["name"] == "The rules are pure"
    )
    forbidden = set(contract["forbidden_modules"])
    modules = {
        ".".join(path.with_suffix("").parts): _imports(path)
        for path in with_suffix(".py")
        if path.parts[0] == "lineage" and path.name != "__init__.py"
    }
    tainted = {
        name for name, seen in modules.items() if {module.split(".")[0] for module in seen} & forbidden
    }
    while more := {name for name, seen in modules.items() if seen & tainted} - tainted:
        tainted |= more
    missing = sorted(set(modules) - tainted - set(contract["source_modules"]))
    assert not missing, f"Name in pyproject.toml, contract 'The rules are pure': {missing}"


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_the_locks_agree_and_pin_every_file_by_its_hash() -> None:
    pins = {
        name: _pins(name) for name in ("requirements.lock", "requirements-test.lock", "requirements-dev.lock")
    }
    run, test, dev = pins.values()
    assert run.items() <= test.items() <= dev.items(), "The lock files disagree. Run `make lock`."
    for name, pinned in pins.items():
        assert "://" not in text_of(Path(name)), f"{name} names a host. Run `make lock`."
        assert all(hashes for _, hashes in pinned.values()), (
            f"{name} has a pin without a hash. Run `make lock`."
        )


def _pins(name: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    blocks = re.split(r"\n(?=\S)", text_of(Path(name)))
    found = (re.match(r"([\w.-]+)==(\S+)", block) for block in blocks)
    return {
        match[1]: (match[2], tuple(sorted(re.findall(r"--hash=(\S+)", block))))
        for match, block in zip(found, blocks, strict=True)
        if match
    }


def test_the_head_file_names_the_last_migration() -> None:
    head = ROOT / "store/migrations/HEAD"
    assert head.is_file(), (
        "Write store/migrations/HEAD: the revision of the last migration, alone on one line."
    )
    text = [text_of(p) for p in with_suffix(".py") if p.parts[:3] == ("store", "migrations", "versions")]
    revisions = {
        r for t in text for r in re.findall(r'^revision(?::\s*str)?\s*=\s*"([^"]+)"', t, re.MULTILINE)
    }
    parents = {r for t in text for r in re.findall(r'^down_revision.*=\s*"([^"]+)"', t, re.MULTILINE)}
    last = revisions - parents
    assert last == {head.read_text().strip()}, (
        f"Two branches, or HEAD is stale: the last migrations are {last}."
    )
