"""Forge's keys: fetched when they are needed, and at the pace of nobody who makes key ids up."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from jwt.algorithms import RSAAlgorithm

from connectors.errors import Refused, Unavailable
from connectors.jira.forge_keys import REST_S, ForgeKeys
from sandbox.faults import Fault, Faults
from sandbox.server import Server


class Keys:
    """The server that holds them."""

    def __init__(self) -> None:
        self.asked = 0
        app = Flask("keys")
        public = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
        key = {**json.loads(RSAAlgorithm.to_jwk(public)), "kid": "right", "use": "sig"}

        @app.get("/keys")
        def keys() -> dict[str, object]:
            return {"keys": [key]}

        self.faults = Faults()
        inner = self.faults.wrap(app.wsgi_app)

        def counted(environ: Any, start: Any) -> Any:
            self.asked += 1
            return inner(environ, start)

        app.wsgi_app = counted  # type: ignore[method-assign, assignment]
        self.app = app


def test_made_up_ids_are_asked_for_once_a_minute_and_a_key_that_is_known_always_opens() -> None:
    held, now = Keys(), [0.0]
    with Server(held.app) as server:
        keys = ForgeKeys(f"{server.url}/keys", clock=lambda: now[0])
        assert keys.fetch("right") is keys.fetch("right")
        for number in range(20):
            with pytest.raises(Refused, match="no such key"):
                keys.fetch(f"made up {number}")
        assert held.asked == 1
        now[0] += REST_S
        with pytest.raises(Refused):
            keys.fetch("made up")
        assert held.asked == 2


def test_while_they_do_not_answer_they_are_not_asked_for_by_each_call() -> None:
    held, now = Keys(), [0.0]
    with Server(held.app) as server:
        keys = ForgeKeys(f"{server.url}/keys", clock=lambda: now[0])
        held.faults.order(Fault("status", status=503, times=9))
        for _ in range(5):
            with pytest.raises(Unavailable):
                keys.fetch("right")
        assert held.asked == 1
        held.faults.clear()
        now[0] += REST_S
        assert keys.fetch("right").key_size == 2048
