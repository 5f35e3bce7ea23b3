"""The files of this project, as the tests of its shape see them: no caches, no virtual environment."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("plugin", "webhooks", "connectors", "lineage", "store", "sandbox")
FOLDERS = (*ROOMS, "tests", "bench", "docs")
VENDORED = "vendor"
"""A folder of this name holds other people's files, kept as they came."""


@cache
def our_files() -> tuple[Path, ...]:
    """Every file that belongs to the project, sorted, relative to its root."""
    return tuple(sorted(path.relative_to(ROOT) for path in _walk(ROOT)))


def with_suffix(*suffixes: str) -> list[Path]:
    return [path for path in our_files() if path.suffix in suffixes and VENDORED not in path.parts]


@cache
def text_of(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path), filename=str(path))


@cache
def project() -> dict[str, Any]:
    return tomllib.loads(text_of(Path("pyproject.toml")))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_symlink() or any(path.match(pattern) for pattern in _not_ours()):
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


@cache
def _not_ours() -> tuple[str, ...]:
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    return (".git", *(line.rstrip("/") for line in lines))
