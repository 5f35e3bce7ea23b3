"""Every kind of token at every door, right and in every wrong way: only the right one opens.

The doors are all of `/connect/…`, `/forge/…` and `/jira/…` that the app has, so that none can be forgotten.
"""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.jira.connect_jwt import qsh
from tests.plugin.house import House
from tests.plugin.jira.token_desk import (
    BEARERS,
    A,
    B,
    C,
    D,
    Desk,
    Door,
    F,
    G,
    doors,
    handmade,
    hosted,
    let_in,
    opened,
)
from tests.plugin.jira.wrong_tokens import NEEDED, lacking, ways


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    house.jira.add_issue("KS-1", "PDF export of reports")
    return hosted(house, tmp_path)


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
                if (let_in(door, status) if right else opened(status)) != right:
                    wrong.append(f"{door} by {kind} ({scheme}): {status}")
        if desk.knock(door, None) not in (401, 400, 404):
            wrong.append(f"{door} without any token")
    assert not wrong, "\n".join(wrong)
    assert tried > 150


def test_a_token_that_is_made_by_hand_with_nothing_wrong_opens_each_door(desk: Desk) -> None:
    """So what is wrong below is the one thing that is named there."""
    last = "/connect/uninstalled"
    for door in sorted(doors(desk.house, desk.issue), key=lambda one: one.path == last):
        desk.fresh()
        status = desk.knock(door, desk.signed(door.kind, desk.claims(door.kind, door)))
        assert let_in(door, status), (door, status)


def test_a_token_that_is_wrong_in_one_way_is_not_believed(desk: Desk) -> None:
    every = doors(desk.house, desk.issue)
    wrong = [
        f"{door}, {way}: {status}"
        for door in every
        for way, made in ways(door).items()
        if (status := desk.knock(door, made(desk, door))) != not_believed(door, way)
    ]
    assert not wrong, "\n".join(wrong)


def test_a_token_that_lacks_what_its_kind_says_is_not_believed(desk: Desk) -> None:
    wrong = [
        f"{door}, without {claim}: {status}"
        for door in doors(desk.house, desk.issue)
        for claim in NEEDED[door.kind]
        if (status := desk.knock(door, lacking(desk, door, claim))) != 401
    ]
    assert not wrong, "\n".join(wrong)


def not_believed(door: Door, way: str) -> int:
    """Nobody learns which workspaces there are: another's is as good as none."""
    return 404 if door.kind in BEARERS and way == "another tenant" else 401


KIDS = [
    "../../etc/passwd", "/etc/passwd", "https://evil.example/key", "a/../b", "..", "a\nb", "a b", "",
    "%2e%2e/x", "a" * 500, "a?x=1", "a#b", "\\evil", None, 7,
]  # fmt: skip


def test_a_key_id_with_tricks_in_it_opens_nothing(desk: Desk) -> None:
    for door in [one for one in doors(desk.house, desk.issue) if one.kind in (A, F)]:
        for kid in KIDS:
            header = {"alg": "RS256", **({"kid": kid} if kid is not None else {})}
            assert desk.knock(door, handmade(header, desk.claims(door.kind, door))) == 401, (door, kid)


HASHES = ["", "0" * 64, "context-qsh", None, 7, "of another address"]


def test_a_token_of_the_host_is_for_this_very_request(desk: Desk) -> None:
    bound = [one for one in doors(desk.house, desk.issue) if one.kind in (A, B)]
    for door, hash_ in itertools.product(bound, HASHES):
        claims = desk.claims(door.kind, door)
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
