"""Writes the folder that `forge deploy` takes: the manifest, filled in, and one page for all modules."""

import re
import shutil
from pathlib import Path

from flask import Flask, render_template
from jinja2 import Environment, StrictUndefined

from connectors.jira.forge_events import NAMES
from connectors.jira.forge_token import APP
from plugin.jira.descriptor import written

HERE = Path(__file__).parent
STATIC = Path(__file__).parents[2] / "static"
ASSET = re.compile(r'(href|src)="/static/([\w./-]+)"')
NOT_YET = f"{APP}00000000-0000-4000-8000-000000000000"
"""`forge register` writes the real one in its place."""


def write(app: Flask, folder: Path, *, public_url: str, app_id: str | None) -> None:
    """Raises ValueError for an address that Forge cannot call."""
    if not public_url.startswith("https://"):
        raise ValueError(
            f"Forge calls https:// addresses only, and {public_url} is none: set KITHSPARK_PUBLIC_URL."
        )
    lay_out(app, folder, public_url=public_url, app_id=app_id)


def lay_out(app: Flask, folder: Path, *, public_url: str, app_id: str | None) -> None:
    """The same for any address. What is in the folder besides stays; an app id that is there counts."""
    pages = folder / "pages"
    if pages.exists():
        shutil.rmtree(pages)
    pages.mkdir(parents=True)
    ident = APP + app_id.removeprefix(APP) if app_id else _registered(folder)
    (folder / "manifest.yml").write_text(manifest(public_url=public_url, app_id=ident), encoding="utf-8")
    page = _page(app)
    for _, name in ASSET.findall(page):
        target = pages / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(STATIC / name, target)
    shutil.copyfile(HERE / "bridge.js", pages / "bridge.js")
    (pages / "index.html").write_text(ASSET.sub(r'\1="./\2"', page), encoding="utf-8")


def manifest(*, public_url: str, app_id: str) -> str:
    """The manifest: our property indexed as in the Connect descriptor, and every event that we read."""
    (index,) = written()["modules"]["jiraEntityProperties"]
    (configuration,) = index["keyConfigurations"]
    template = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)  # noqa: S701 - no page
    return template.from_string((HERE / "manifest.yml").read_text(encoding="utf-8")).render(
        public_url=public_url, app_id=app_id, extractions=configuration["extractions"], events=list(NAMES)
    )


def _page(app: Flask) -> str:
    """The page around the screens. Which screen it shows, and to whom, each call of it says anew."""
    with app.test_request_context("/"):
        return render_template(
            "jira/forge/page.html", bearer="forge", base="", scripts=["./bridge.js"], content=""
        )


def _registered(folder: Path) -> str:
    """The id that `forge register` wrote there before."""
    there = folder / "manifest.yml"
    found = re.search(rf"{re.escape(APP)}[\w-]+", there.read_text("utf-8")) if there.exists() else None
    return found[0] if found else NOT_YET
