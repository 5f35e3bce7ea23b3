"""What the sidebar can say: the files that its modules import and its templates include, however far away."""

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, meta

from tests.our_files import ROOT, text_of, tree_of

HERE = Path("plugin/zendesk")
TEMPLATES = Path("plugin")


def modules() -> set[Path]:
    """The modules that answer in Zendesk, and all that these import by name. Of another package, what merely
    stands beside one of them is not reached: its `__init__` puts a whole face together.
    """
    return _all(iter([HERE / "__init__.py"]))


def templates() -> set[Path]:
    """The templates of the sidebar, those that its modules name, and all that these take in."""
    named = {TEMPLATES / name for path in modules() for name in _names_of_templates(path)}
    found, waiting = set[Path](), [path.relative_to(ROOT) for path in (ROOT / HERE).glob("*.html")]
    waiting += [path for path in named if (ROOT / path).is_file()]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            parsed = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(text_of(path))
            waiting += [TEMPLATES / name for name in meta.find_referenced_templates(parsed) if name]
    return found


def words(path: Path) -> Iterator[str]:
    """Every text that stands in this module, a piece of a longer one too."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def raised(path: Path, names: set[str]) -> Iterator[str]:
    """The plain words that this module raises with errors of these names."""
    constants = {
        target.id: node.value
        for node in tree_of(path).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            for said in node.args[:1]:
                words = constants.get(said.id) if isinstance(said, ast.Name) else said
                if isinstance(words, ast.Constant) and isinstance(words.value, str):
                    yield words.value


def _all(begun: Iterator[Path]) -> set[Path]:
    found, waiting = set[Path](), list(begun)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += [one for name in _imported(path) if (one := _file_of(name))]
    return found


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                inside = f"{node.module}.{name.name}"
                yield inside if _file_of(inside) else node.module


def _file_of(module: str) -> Path | None:
    path = Path(module.replace(".", "/"))
    return next(
        (one for one in (path.with_suffix(".py"), path / "__init__.py") if (ROOT / one).is_file()), None
    )


def _names_of_templates(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html"):
            yield node.value
