"""The Forge app's folder: what Atlassian's own validator says of it, and its likeness to the Connect app."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from connectors.jira import demand_index, events
from connectors.jira.forge_events import NAMES
from plugin import create_app
from plugin.commands import main
from plugin.jira.forge import folder
from plugin.settings import Settings
from tests.our_files import ROOT

NPM = ROOT / "tests/npm"
INSTALLED = ROOT / "var/npm"
"""`npm ci` puts what package-lock.json pins here; git ignores it."""
DESCRIPTOR = ROOT / "atlassian-connect.json"
PUBLIC = "https://kithspark.example.com"


@pytest.fixture
def app_folder(tmp_path: Path) -> Path:
    app = create_app(Settings(data_dir=tmp_path / "data"))
    folder.write(app, tmp_path / "app", public_url=PUBLIC, app_id=None)
    return tmp_path / "app"


@pytest.fixture(scope="session")
def validator() -> Path:
    """The folder of Atlassian's package, from npm. Skipped, and said so, where there is no node."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs node and npm to validate the Forge manifest: .ci/run installs them.")
        pytest.skip("there is no node: the Forge manifest was not validated")
    lock = (NPM / "package-lock.json").read_bytes()
    stamp = INSTALLED / "package-lock.json"
    if not stamp.exists() or stamp.read_bytes() != lock or not (INSTALLED / "node_modules/ajv").exists():
        INSTALLED.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(NPM / "package.json", INSTALLED / "package.json")
        stamp.write_bytes(lock)
        install = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        done = subprocess.run(
            install, cwd=INSTALLED, capture_output=True, text=True, timeout=300, check=False
        )
        if done.returncode:
            stamp.unlink()
            if os.environ.get("CI") == "true":
                pytest.fail(f"npm ci failed: {done.stderr[-500:]}")
            pytest.skip(f"npm ci failed, so the Forge manifest was not validated: {done.stderr[-200:]}")
    return INSTALLED / "node_modules"


def problems(validator: Path, app_folder: Path, descriptor: Path = DESCRIPTOR) -> dict[str, Any]:
    node = shutil.which("node")
    assert node is not None
    done = subprocess.run(
        [node, str(NPM / "validate.cjs"), str(app_folder), str(descriptor)],
        env={**os.environ, "NODE_PATH": str(validator)}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_manifest_and_descriptor_hold_before_atlassians_own_validator(
    validator: Path, app_folder: Path, tmp_path: Path
) -> None:
    assert problems(validator, app_folder) == {"ok": True, "manifest": [], "descriptor": []}
    broken = app_folder / "manifest.yml"
    broken.write_text(broken.read_text().replace("resource: pages", "resource: nowhere"))
    told = json.loads(DESCRIPTOR.read_text())
    del told["modules"]["jiraIssueContexts"][0]["target"]
    (tmp_path / "d.json").write_text(json.dumps(told))
    found = problems(validator, app_folder, tmp_path / "d.json")
    assert not found["ok"]
    assert "nowhere" in str(found["manifest"])
    assert found["descriptor"] == ["jiraIssueContexts/0: must have required property 'target'"]


def test_it_indexes_what_the_connect_app_indexes_under_the_same_names(app_folder: Path) -> None:
    manifest = (app_folder / "manifest.yml").read_text()
    told = json.loads(DESCRIPTOR.read_text())["modules"]["jiraEntityProperties"][0]["keyConfigurations"][0]
    found = re.findall(r"path: ([\w.]+), type: (\w+), searchAlias: (\w+)", manifest)
    assert found == [(one["objectName"], one["type"], one["alias"]) for one in told["extractions"]]
    assert f"propertyKey: {demand_index.KEY}\n" in manifest


def test_it_asks_to_be_told_what_is_understood(app_folder: Path) -> None:
    manifest = (app_folder / "manifest.yml").read_text()
    assert re.findall(r"avi:jira:[\w:]+", manifest) == list(NAMES)
    assert set(NAMES.values()) <= set(events.READERS)


def test_each_of_its_addresses_is_one_of_ours(app_folder: Path, tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path / "data"))
    ours = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/forge/")}
    paths = re.findall(r"route: \{path: ([\w/]+)\}", (app_folder / "manifest.yml").read_text())
    assert set(paths) == ours


def test_its_page_brings_along_every_file_that_it_names(app_folder: Path) -> None:
    page = (app_folder / "pages/index.html").read_text()
    named = re.findall(r'(?:href|src)="([^"]+)"', page)
    assert "./bridge.js" in named
    assert "./vendor/htmx-2.0.11.min.js" in named
    assert all(name.startswith("./") for name in named)
    assert not [name for name in named if not (app_folder / "pages" / name).is_file()]
    assert "<script>" not in page
    assert " style=" not in page


def test_the_command_keeps_the_id_that_was_registered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KITHSPARK_DATA_DIR", str(tmp_path / "data"))
    there = tmp_path / "app"
    refused = CliRunner().invoke(main, ["forge", str(there)])
    assert "set KITHSPARK_PUBLIC_URL" in refused.output
    monkeypatch.setenv("KITHSPARK_PUBLIC_URL", PUBLIC)
    said = CliRunner().invoke(main, ["forge", str(there)])
    assert "forge register" in said.output
    manifest = there / "manifest.yml"
    registered = "ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555"
    manifest.write_text(manifest.read_text().replace(folder.NOT_YET, registered))
    monkeypatch.setenv("KITHSPARK_PUBLIC_URL", "https://moved.example.com")
    assert CliRunner().invoke(main, ["forge", str(there)]).exit_code == 0
    assert registered in manifest.read_text()
    assert "baseUrl: https://moved.example.com" in manifest.read_text()
