"""Every kind of token at every door, right and in every wrong way: only the right one opens.

The doors are all of `/connect/…`, `/forge/…` and `/jira/…` that the app has, so that none can be forgotten.
"""

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
import pytest

from connectors.jira.connect_jwt import qsh
from connectors.jira.forge_token import APP
from sandbox.jira.tokens import InstallKey
from tests.plugin.house import House
from tests.plugin.jira.conftest import deploy
from tests.plugin.jira.token_desk import (
    BEARERS,
    A,
    B,
    C,
    Claims,
    D,
    Desk,
    Door,
    F,
    G,
    doors,
    handmade,
    opened,
)  # fmt: skip

STRANGER = InstallKey()


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    house.jira.add_issue("KS-1", "PDF export of reports")
    house.jira.install(house.url)
    deploy(house, tmp_path / "forge-app")
    house.jira.forge.invoke(
        house.jira.issue("KS-1"), house.jira.user, "kithspark-demand",
        {"path": "/forge/ui", "method": "POST", "body": {"method": "GET", "path": ""}},
    )  # fmt: skip
    house.reads("KS-1")
    return Desk(house, house.jira.issue("KS-1").id)


def test_the_right_token_opens_each_door_and_no_other_kind_does(desk: Desk) -> None:
    """Kind × door: made for this very door, with every claim that its own kind wants."""
    wrong, tried = [], 0
    for door in doors(desk.house, desk.issue):
        for kind in (A, B, C, F, D, G):
            for scheme in ("JWT", "Bearer"):
                desk.fresh()
                token, right = desk.right(kind, door), kind == door.kind
                if right and scheme != {D: "Bearer", F: "Bearer", G: "Bearer"}.get(kind, "JWT"):
                    continue
                if (door.kind, door.path) == (A, "/connect/uninstalled") and right:
                    continue  # below: it would end the rest
                tried += 1
                status = desk.knock(door, token, scheme=scheme)
                seen = (
                    right
                    and status == 404
                    and door.kind == D
                    and (door.method == "POST" or "/acts/" in door.path)
                )
                if opened(status) != right and not seen:
                    wrong.append(f"{door} by {kind} ({scheme}): {status}")
        if desk.knock(door, None) not in (401, 400, 404):
            wrong.append(f"{door} without any token")
    assert not wrong, "\n".join(wrong)
    assert tried > 150


WRONG: dict[str, Callable[[Desk, Door], str]] = {
    "expired": lambda desk, door: _changed(desk, door, exp=1_600_000_000, iat=1_599_999_000),
    "signed by nobody": lambda desk, door: handmade({"alg": "none"}, _claims(desk, door)),
    "signed by nobody, spelt otherwise": lambda desk, door: handmade({"alg": "nOnE"}, _claims(desk, door)),
    "HS256 with the public key": lambda desk, door: handmade(
        {"alg": "HS256", "kid": _key(desk, door).kid}, _claims(desk, door),
        _key(desk, door).public_pem.encode(),
    ),
    "HS256 with no key": lambda desk, door: handmade({"alg": "HS256"}, _claims(desk, door)),
    "another key under a known id": lambda desk, door: jwt.encode(
        _claims(desk, door), STRANGER.private, algorithm="RS256", headers={"kid": _key(desk, door).kid}
    ),
    "an unknown key": lambda desk, door: STRANGER.sign(_claims(desk, door)),
    "RS512": lambda desk, door: jwt.encode(
        _claims(desk, door), _key(desk, door).private, algorithm="RS512",
        headers={"kid": _key(desk, door).kid},
    ),
    "HS512": lambda desk, door: jwt.encode(
        _claims(desk, door), desk.house.jira.connect.installation.secret, algorithm="HS512"  # type: ignore[union-attr]
    ),
    "another tenant": lambda desk, door: _changed(desk, door, iss="another-tenant"),
    "another app": lambda desk, door: _changed(desk, door, aud=f"{APP}another", iss="x"),
    "garbage": lambda _desk, _door: "a.b.c",
    "empty": lambda _desk, _door: "",
}  # fmt: skip


def _claims(desk: Desk, door: Door) -> Claims:
    return desk.claims(C if door.kind in BEARERS else door.kind, door)


def _changed(desk: Desk, door: Door, **changed: Any) -> str:
    if door.kind in BEARERS:
        late = "exp" in changed
        return desk.bearer(door.kind, ago_s=3600) if late else desk.bearer(door.kind, workspace_id=4711)
    return desk.signed(door.kind, _claims(desk, door) | changed)


def _key(desk: Desk, door: Door) -> InstallKey:
    return desk.house.jira.forge.key if door.kind == F else desk.house.jira.connect.install_key


def test_a_token_that_is_wrong_in_one_way_opens_nothing(desk: Desk) -> None:
    every = doors(desk.house, desk.issue)
    wrong = [
        f"{door}, {way}: {status}"
        for way, made in WRONG.items()
        for door in every
        if opened(status := desk.knock(door, made(desk, door)))
    ]
    assert not wrong, "\n".join(wrong)


KIDS = [
    "../../etc/passwd", "/etc/passwd", "https://evil.example/key", "a/../b", "..", "a\nb", "a b", "",
    "%2e%2e/x", "a" * 500, "a?x=1", "a#b", "\\evil", None, 7,
]  # fmt: skip


def test_a_key_id_with_tricks_in_it_opens_nothing(desk: Desk) -> None:
    for door in [one for one in doors(desk.house, desk.issue) if one.kind in (A, F)]:
        for kid in KIDS:
            header = {"alg": "RS256", **({"kid": kid} if kid is not None else {})}
            assert desk.knock(door, handmade(header, _claims(desk, door))) == 401, (door, kid)


HASHES = ["", "0" * 64, "context-qsh", None, 7, "of another address"]


def test_a_token_of_the_host_is_for_this_very_request(desk: Desk) -> None:
    bound = [one for one in doors(desk.house, desk.issue) if one.kind in (A, B)]
    for door, hash_ in itertools.product(bound, HASHES):
        claims = _claims(desk, door)
        if hash_ is None:
            del claims["qsh"]
        else:
            claims["qsh"] = qsh("GET", "/other") if hash_ == "of another address" else hash_
        desk.fresh()
        assert not opened(desk.knock(door, desk.signed(door.kind, claims))), door


def test_a_token_that_is_good_once_opens_nothing_a_second_time(desk: Desk) -> None:
    once = [one for one in doors(desk.house, desk.issue) if one.kind in (A, F)]
    for door in sorted(once, key=lambda one: one.path == "/connect/uninstalled"):
        desk.fresh()
        token = desk.right(door.kind, door)
        assert opened(desk.knock(door, token)), door
        assert desk.knock(door, token) == 401, door
        trick = f"{token.rpartition('.')[0]}.{token.rpartition('.')[2]}="
        assert desk.knock(door, trick) == 401, door


def test_a_token_of_one_tenant_installs_no_other(desk: Desk) -> None:
    for door in [one for one in doors(desk.house, desk.issue) if one.kind == A]:
        assert desk.knock(door, desk.right(A, door), client_key="another") == 401


DECIDE = (
    "/title",
    *(f"{before}/{what}" for before in ("", "/preview") for what in ("keeps-part", "children", "parts")),
)


def test_a_token_of_a_reader_who_may_not_edit_decides_nothing(desk: Desk) -> None:
    for path in DECIDE:
        door = Door("POST", f"/jira/acme/issues/{desk.issue}{path}", D)
        assert desk.knock(door, desk.bearer(D, edits=False)) == 403, door
        assert desk.knock(door, desk.bearer(D)) in (200, 404), door


def test_a_token_of_one_issue_shows_no_other(desk: Desk) -> None:
    other = desk.house.jira.add_issue("KS-2", "Another")
    for door in doors(desk.house, desk.issue):
        there = replace(door, path=door.path.replace(desk.issue, other.id))
        if there != door:
            assert desk.knock(there, desk.right(door.kind, door)) in (401, 404), there
    page = Door("GET", "/connect/issue-context", B)
    claims = desk.claims(B, page) | {"context": {"jira": {"issue": {"id": other.id}}}}
    assert desk.knock(page, desk.signed(B, claims)) == 401
