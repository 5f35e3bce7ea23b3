"""What is served: every route names its identity; the Connect descriptor is the file but for the address."""

import json
from pathlib import Path

import pytest
from flask import Flask

from plugin import create_app
from plugin.identity import KINDS
from plugin.settings import Settings
from tests.our_files import ROOT

DESCRIPTOR = ROOT / "atlassian-connect.json"
PUBLIC_URL = "https://kithspark.example"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    made = create_app(Settings(data_dir=tmp_path, public_url=PUBLIC_URL))
    assert isinstance(made, Flask)
    return made


def test_every_route_names_its_identity(app: Flask) -> None:
    views = {name: view for name, view in app.view_functions.items() if not name.endswith("static")}
    nameless = sorted(name for name, view in views.items() if getattr(view, "identity", None) not in KINDS)
    assert not nameless, f"Say who may call, with a kind of plugin/identity.py: {nameless}"


def test_every_kind_of_identity_is_asked_for_somewhere(app: Flask) -> None:
    asked = {getattr(view, "identity", None) for view in app.view_functions.values()}
    assert not set(KINDS) - asked, f"No route asks for it; take it out of KINDS: {sorted(set(KINDS) - asked)}"


def test_the_served_descriptor_is_the_file_but_for_the_address(app: Flask) -> None:
    here = {"baseUrl": PUBLIC_URL, "links": {"self": f"{PUBLIC_URL}/atlassian-connect.json"}}
    served = app.test_client().get("/atlassian-connect.json").json
    assert served == json.loads(DESCRIPTOR.read_text()) | here
