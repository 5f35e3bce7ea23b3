"""Zendesk's tokens at Jira's doors, Jira's at Zendesk's, and both at the webhooks': they open none.

The matrices of `jira/` and `zendesk/` try each side's own tokens at its own doors. Here the two meet.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import MetaData, select

from store import connections
from store.connections import Connection as Account
from store.database import reading, transaction
from tests.plugin.house import House, house
from tests.plugin.jira import token_desk as jira
from tests.plugin.jira.token_desk import A, B, C, D, F, G
from tests.plugin.zendesk import token_desk as zendesk
from tests.plugin.zendesk.conftest import agnes, sidebar, ticket
from tests.plugin.zendesk.test_token_matrix import desk as zendesk_desk
from tests.plugin.zendesk.token_desk import AGAIN, LOAD, QUEUE_AGAIN, QUEUE_LOAD

__all__ = ["agnes", "house", "sidebar", "ticket", "zendesk_desk"]

JIRAS, ZENDESKS = (A, B, C, F, D, G), (LOAD, AGAIN, QUEUE_LOAD, QUEUE_AGAIN)
SCHEMES = ("Bearer", "JWT")
SIGNATURES: Mapping[str, str] = {
    "jira": "X-Hub-Signature",
    "zendesk": "X-Zendesk-Webhook-Signature",
    "hubspot": "X-HubSpot-Signature-v3",
}
"""In which header each vendor proves its webhooks."""


@pytest.fixture
def both(zendesk_desk: zendesk.Desk, tmp_path: Path) -> tuple[zendesk.Desk, jira.Desk]:
    """One workspace with a right token of each kind, and webhooks of all three vendors."""
    house = zendesk_desk.house
    engineers = jira.hosted(house, tmp_path)
    with transaction(house.state.engine) as conn:
        for system in SIGNATURES:
            listens(conn, house, system)
    zendesk_desk.fresh()
    return zendesk_desk, engineers


def listens(conn: Any, house: House, system: str) -> None:
    """The vendor's webhook has a secret, beside whatever else is connected."""
    vault, workspace_id = house.state.vault, house.workspace.id
    try:
        account = connections.load(conn, vault, workspace_id, system)
    except connections.NotConnected:
        account = Account(workspace_id, system, "https://api.hubapi.com", {}, {})
    connections.save(
        conn, vault, workspace_id=workspace_id, system=system, url=account.url, config=dict(account.config),
        secrets={**account.secrets, "webhook_secret": f"what {system} signs with"}, now=house.clock.now(),
    )  # fmt: skip


def test_what_opens_zendesks_doors_opens_none_of_jiras(both: tuple[zendesk.Desk, jira.Desk]) -> None:
    agents, engineers = both
    tokens = {kind: agents.right(kind) for kind in ZENDESKS} | {
        f"{face} bearer that names the issue": agents.bearer(face=face, issue=engineers.issue, edits=True)
        for face in zendesk.FACES.values()
    }
    doors, before = jira.doors(agents.house, engineers.issue), everything(agents.house)
    wrong = [
        f"{door} by {kind} ({scheme}): {status}"
        for door in doors
        for kind, token in tokens.items()
        for scheme in SCHEMES
        if (status := engineers.knock(door, token, scheme=scheme)) != 401
    ]
    assert not wrong, "\n".join(wrong)
    assert len(doors) > 20 and everything(agents.house) == before
    for kind in ZENDESKS:
        own = next(door for door in agents.doors() if door.kind == kind)
        assert zendesk.opened(agents.knock(own, tokens[kind])), (kind, "was a right token all the while")


def test_what_opens_jiras_doors_opens_none_of_zendesks(both: tuple[zendesk.Desk, jira.Desk]) -> None:
    agents, engineers = both
    doors, before = agents.doors(), everything(agents.house)
    wrong = [
        f"{door} by {kind} ({scheme}): {status}"
        for door in doors
        for kind in JIRAS
        for scheme in SCHEMES
        if (status := agents.knock(door, made(engineers, kind, door), scheme=scheme).status_code) != 401
    ]
    assert not wrong, "\n".join(wrong)
    assert len(doors) > 20 and everything(agents.house) == before
    for kind in JIRAS:
        own = own_door(engineers, kind)
        assert jira.let_in(own, engineers.knock(own, engineers.right(kind, own))), kind


def test_what_opens_a_frame_is_no_vendors_webhook(both: tuple[zendesk.Desk, jira.Desk]) -> None:
    """Neither as a token, nor in the place of the vendor's signature."""
    agents, engineers = both
    house, before, wrong = agents.house, everything(agents.house), []
    for system in hears(house):
        path = f"/webhooks/{system}/acme"
        there = zendesk.Door("POST", path, system, "")
        tokens = {kind: agents.right(kind) for kind in ZENDESKS}
        tokens |= {kind: made(engineers, kind, there) for kind in JIRAS}
        for kind, token in tokens.items():
            ways = [{"Authorization": f"{scheme} {token}"} for scheme in SCHEMES]
            for headers in (*ways, {SIGNATURES[system]: token}, {SIGNATURES[system]: f"sha256={token}"}):
                answer = called(house, path, headers)
                if answer.status_code != 401:
                    wrong.append(f"{path} by {kind} ({list(headers)}): {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert everything(house) == before


def made(engineers: jira.Desk, kind: str, door: zendesk.Door) -> str:
    """For this very door of Zendesk's, with every claim that its own kind wants."""
    return engineers.right(kind, jira.Door(door.method, door.path, kind))


def own_door(engineers: jira.Desk, kind: str) -> jira.Door:
    """One that its kind opens, and that switches nothing off."""
    off = ("/connect/disabled", "/connect/uninstalled")
    every = jira.doors(engineers.house, engineers.issue)
    return next(door for door in every if door.kind == kind and door.path not in off)


def hears(house: House) -> list[str]:
    """The vendors of `/webhooks/…`, from the app's own map. Fails for one that nobody sorted in here."""
    rules = [one.rule for one in house.app.url_map.iter_rules() if one.rule.startswith("/webhooks/")]
    assert sorted(rules) == sorted(f"/webhooks/{system}/<slug>" for system in SIGNATURES)
    return list(SIGNATURES)


def called(house: House, path: str, headers: Mapping[str, str]) -> requests.Response:
    stamp = str(int(house.clock.now().timestamp() * 1000))
    stamps = {"X-Zendesk-Webhook-Signature-Timestamp": house.clock.now().isoformat(),
              "X-HubSpot-Request-Timestamp": stamp}  # fmt: skip
    return house.post(path, headers={**stamps, **headers}, json={"timestamp": int(stamp)})


def everything(house: House) -> dict[str, list[Any]]:
    """Every row that is kept: no refused token is even spent."""
    tables = MetaData()
    with reading(house.state.engine) as conn:
        tables.reflect(conn)
        return {name: sorted(map(repr, conn.execute(select(table)))) for name, table in tables.tables.items()}
