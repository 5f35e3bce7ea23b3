"""What is listed in one place is there in the others: connectors, kinds of change, shelves of work."""

import ast
from pathlib import Path

import pytest

from connectors import accounts
from lineage.ledger import APPLY
from plugin.commands.connect import connect
from plugin.opening import open_installation
from plugin.settings import Settings
from plugin.work import shelves
from tests.our_files import ROOT, project, text_of, tree_of

CONNECTORS = sorted(path.parent.name for path in (ROOT / "connectors").glob("*/__init__.py"))
CHANGES = Path("lineage/changes.py")


@pytest.mark.parametrize("name", CONNECTORS)
def test_a_connector_has_everything_that_belongs_to_one(name: str) -> None:
    pages = {
        f"connectors/{name}/README.md": "what it needs from that vendor, its limits",
        f"connectors/{name}/check.py": "what `kithspark doctor` asks of it",
        f"docs/connect/{name}.md": "how an operator connects the real one",
        f"docs/conformance/{name}.md": "what its stand-in was compared with, call by call",
        f"sandbox/{name}/__init__.py": "the stand-in itself",
    }
    missing = [f"Write {page}: {what}." for page, what in pages.items() if not (ROOT / page).is_file()]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("name", CONNECTORS)
def test_a_connector_can_be_connected_and_asked_how_it_is(name: str) -> None:
    assert name in connect.commands, f"Write `kithspark connect {name}` in plugin/commands/connect.py."
    assert hasattr(accounts, name), f"Write {name}() in connectors/accounts.py: this thread's client."
    doctor = text_of(Path("plugin/commands/doctor.py"))
    assert f"connectors.{name}.check" in doctor, "Name its check in plugin/commands/doctor.py."


@pytest.mark.parametrize("folder", ["store", *(f"connectors/{name}" for name in CONNECTORS)])
def test_a_readme_that_lists_its_files_lists_them_all(folder: str) -> None:
    page = text_of(Path(folder) / "README.md")
    files = sorted(path.name for path in (ROOT / folder).glob("*.py") if path.name != "__init__.py")
    missing = [name for name in files if f"`{name}`" not in page]
    assert not missing, f"Say in {folder}/README.md what is in: {missing}"


def test_no_connector_is_left_out_of_the_import_contract() -> None:
    contracts = project()["tool"]["importlinter"]["contracts"]
    (modules,) = [contract["modules"] for contract in contracts if contract["type"] == "independence"]
    assert sorted(modules) == [f"connectors.{name}" for name in CONNECTORS], "Name it in pyproject.toml."


def _kinds_of_change() -> list[str]:
    for node in tree_of(CHANGES).body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "Change" and node.value:
            return [name.id for name in ast.walk(node.value) if isinstance(name, ast.Name)]
    raise AssertionError(f"{CHANGES} lost its list of all kinds of change: Change")


def test_the_ledger_acts_on_every_kind_of_change() -> None:
    wanted, there = set(_kinds_of_change()), {kind.__name__ for kind in APPLY}
    assert not wanted - there, f"Say in APPLY of lineage/ledger.py what it does: {sorted(wanted - there)}"
    assert not there - wanted, f"Add to Change in {CHANGES}: {sorted(there - wanted)}"


def test_every_value_of_the_changes_belongs_to_one() -> None:
    classes = [node for node in tree_of(CHANGES).body if isinstance(node, ast.ClassDef)]
    inside = {name.id for node in classes for name in ast.walk(node) if isinstance(name, ast.Name)}
    adrift = [node.name for node in classes if node.name not in {*_kinds_of_change(), *inside}]
    assert not adrift, f"Add to Change in {CHANGES}, or delete: {adrift}"


def test_every_shelf_of_work_is_described(tmp_path: Path) -> None:
    app = open_installation(Settings(data_dir=tmp_path))
    for page in ("docs/architecture.md", "docs/metrics.md"):
        missing = [name for name in shelves(app) if f"`{name}`" not in text_of(Path(page))]
        assert not missing, f"Say in {page} what waits there, and who does it: {missing}"
    app.engine.dispose()
