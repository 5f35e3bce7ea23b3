"""The Connect descriptor: the file at the top of the project, with the address of this installation."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify

from plugin import app_state, identity

routes = Blueprint("descriptor", __name__)

FILE = Path(__file__).parents[2] / "atlassian-connect.json"


@routes.get("/atlassian-connect.json")
@identity.proves("anyone")
def descriptor() -> Response:
    ours = app_state.current().settings.public_url.rstrip("/")
    self = {"self": f"{ours}/atlassian-connect.json"}
    return jsonify({**written(), "baseUrl": ours, "links": {**written()["links"], **self}})


def app_key() -> str:
    return str(written()["key"])


@cache
def written() -> dict[str, Any]:
    """As the file says. Raises OSError where it was not installed."""
    described: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return described
