"""What is listed in one place is there in the others: connectors and kinds of change."""

import ast
from pathlib import Path

import pytest

from tests.our_files import ROOT, project, tree_of, with_suffix

CONNECTORS = sorted(path.parent.name for path in (ROOT / "connectors").glob("*/__init__.py"))
CHANGES = Path("lineage/changes.py")


@pytest.mark.parametrize("name", CONNECTORS)
def test_a_connector_has_everything_that_belongs_to_one(name: str) -> None:
    pages = {
        f"connectors/{name}/README.md": "what it needs from that vendor, its limits",
        f"docs/connect/{name}.md": "how an operator connects the real one",
        f"docs/conformance/{name}.md": "what its stand-in was compared with, call by call",
        f"sandbox/{name}/__init__.py": "the stand-in itself",
    }
    missing = [f"Write {page}: {what}." for page, what in pages.items() if not (ROOT / page).is_file()]
    assert not missing, "\n".join(missing)


def test_no_connector_is_left_out_of_the_import_contract() -> None:
    contracts = project()["tool"]["importlinter"]["contracts"]
    (modules,) = [contract["modules"] for contract in contracts if contract["type"] == "independence"]
    assert sorted(modules) == [f"connectors.{name}" for name in CONNECTORS], "Name it in pyproject.toml."


def _kinds_of_change() -> list[str]:
    for node in tree_of(CHANGES).body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "Change" and node.value:
            return [name.id for name in ast.walk(node.value) if isinstance(name, ast.Name)]
    raise AssertionError(f"{CHANGES} lost its list of all kinds of change: Change")


@pytest.mark.parametrize("kind", _kinds_of_change())
def test_a_kind_of_change_is_acted_on_in_lineage(kind: str) -> None:
    readers = [path for path in with_suffix(".py") if path.parts[0] == "lineage" and path != CHANGES]
    named = any(
        isinstance(node, ast.Name) and node.id == kind for path in readers for node in ast.walk(tree_of(path))
    )
    assert named, (
        f"Nothing in lineage/ acts on {kind}: the ledger would drop it. Give it a case, or delete it."
    )


def test_every_value_of_the_changes_belongs_to_one() -> None:
    classes = [node for node in tree_of(CHANGES).body if isinstance(node, ast.ClassDef)]
    inside = {name.id for node in classes for name in ast.walk(node) if isinstance(name, ast.Name)}
    adrift = [node.name for node in classes if node.name not in {*_kinds_of_change(), *inside}]
    assert not adrift, f"Add to Change in {CHANGES}, or delete: {adrift}"
