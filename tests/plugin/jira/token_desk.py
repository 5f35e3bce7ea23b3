"""Where the token matrix makes its tokens, finds its doors, and knocks."""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import requests
from sqlalchemy import delete

from plugin.bearer import Bearer, Face, mint
from plugin.identity import declared, signing_keys
from plugin.identity_tables import seen_tokens
from sandbox.jira.tokens import query_hash
from store.database import transaction
from tests.plugin.house import House
from tests.plugin.jira.conftest import deploy

A, B, C, D, F, G = "A install", "B host", "C context", "D bearer", "F forge", "G bearer of the board"
BEARERS = (D, G)
FACES: Mapping[str, Face] = {D: "jira", G: "board"}
OPENS = {
    "jira lifecycle": A,
    "jira host": B,
    "engineer load": B,
    "webhook": B,
    "engineer again": C,
    "engineer": D,
    "board reader": G,
    "forge": F,
}
"""Which kind of token each kind of identity asks for."""
OPEN = ("/atlassian-connect.json",)

Claims = dict[str, Any]


@dataclass(frozen=True)
class Door:
    """One method at one address; `kind`: the token that opens it; `module`: of Forge's, which page calls."""

    method: str
    path: str
    kind: str
    module: str = "kithspark-demand"

    def __str__(self) -> str:
        return f"{self.method} {self.path}" + (f" of {self.module}" if self.kind == F else "")


@dataclass
class Desk:
    """Makes tokens of every kind for any door, and knocks with them."""

    house: House
    issue: str

    def knock(self, door: Door, token: str | None, *, scheme: str = "", client_key: str = "") -> int:
        """The status. Pages of a frame take their token from the address, everything else from the header."""
        url, headers = self.url(door), {"Content-Type": "application/json"}
        framed = door.method == "GET" and door.path.startswith("/connect/")
        if token is not None and framed:
            url += f"&jwt={token}"
        elif token is not None:
            named = scheme or {D: "Bearer", F: "Bearer", G: "Bearer"}.get(door.kind, "JWT")
            headers["Authorization"] = f"{named} {token}"
        if door.kind in BEARERS:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = "" if door.kind in BEARERS else json.dumps(self.body(door, client_key))
        answer = requests.request(
            door.method, url, data=body, headers=headers, timeout=5, allow_redirects=False
        )
        return answer.status_code

    def url(self, door: Door) -> str:
        query = f"?issueId={self.issue}" if door.method == "GET" and door.path.startswith("/connect/") else ""
        return f"{self.house.url}{door.path}{query}"

    def body(self, door: Door, client_key: str = "") -> Claims:
        connect = self.house.jira.connect
        assert connect.installation is not None
        if door.path.startswith("/connect/webhooks"):
            return {"webhookEvent": "jira:issue_updated", "issue": {"id": self.issue}}
        if door.kind == F:
            return {"method": "GET", "path": "", "eventType": "avi:forge:upgraded:app"}
        body = connect.lifecycle_body(connect.installation, door.path.rpartition("/")[2])
        return body | ({"clientKey": client_key} if client_key else {})

    def claims(self, kind: str, door: Door) -> Claims:
        """What a right token of this kind says at this door."""
        connect, forge = self.house.jira.connect, self.house.jira.forge
        assert connect.installation is not None
        now, key = int(time.time()), connect.installation.client_key
        if kind in BEARERS:
            return dict(jwt.decode(self.bearer(kind), options={"verify_signature": False}))
        if kind == F:
            beside = self.house.jira.issue("KS-1") if door.module == "kithspark-demand" else None
            return forge.claims(issue=beside, user=self.house.jira.user, module=door.module)
        made: Claims = {"iss": key, "iat": now, "exp": now + 180, "sub": self.house.jira.user.account_id}
        made["context"] = {"jira": {"issue": {"id": self.issue}}}
        if kind == A:
            return made | {"aud": [connect.installation.base], "qsh": self.hash(door)}
        return made | {"qsh": "context-qsh" if kind == C else self.hash(door)}

    def hash(self, door: Door) -> str:
        return query_hash(door.method, self.url(door))

    def signed(self, kind: str, claims: Claims) -> str:
        connect, forge = self.house.jira.connect, self.house.jira.forge
        assert connect.installation is not None
        if kind in (A, F):
            return (connect.install_key if kind == A else forge.key).sign(claims)
        return jwt.encode(claims, self.secret(kind), algorithm="HS256")

    def secret(self, kind: str) -> str | bytes:
        """With which tokens of this kind are signed, where both sides know it."""
        if kind in BEARERS:
            with self.house.within():
                newest = signing_keys()[0].encode()
            return hmac.digest(newest, f"kithspark bearer {FACES[kind]}".encode(), hashlib.sha256)
        assert self.house.jira.connect.installation is not None
        return self.house.jira.connect.installation.secret

    def right(self, kind: str, door: Door) -> str:
        if kind in BEARERS:
            return self.bearer(kind)
        return self.signed(kind, self.claims(kind, door))

    def bearer(self, kind: str = D, *, ago_s: int = 0, **changed: Any) -> str:
        now = self.house.clock.now()
        said: Claims = {
            "face": FACES[kind],
            "workspace_id": self.house.workspace.id,
            "issue": self.issue if kind == D else "",
            "edits": kind == D,
        } | changed
        holder = Bearer(user="u", name="n", began_at=now, **said)
        with self.house.within():
            keys = signing_keys()
        return mint(holder, keys=keys, now=now - timedelta(seconds=ago_s))

    def fresh(self) -> None:
        """Tokens of one second are alike, and some are good once."""
        with transaction(self.house.state.engine) as conn:
            conn.execute(delete(seen_tokens))


def hosted(house: House, into: Path) -> Desk:
    """Beside KS-1, on a site that has the app in both ways, and whose Forge app has called before."""
    house.jira.install(house.url)
    deploy(house, into / "forge-app")
    house.jira.forge.invoke(
        house.jira.issue("KS-1"), house.jira.user, "kithspark-demand",
        {"path": "/forge/ui", "method": "POST", "body": {"method": "GET", "path": ""}},
    )  # fmt: skip
    house.reads("KS-1")
    return Desk(house, house.jira.issue("KS-1").id)


def doors(house: House, issue: str) -> list[Door]:
    """All of them, from the app's own map of addresses. Fails for one that nobody sorted in here."""
    kinds, found = declared(house.app), []
    for rule in house.app.url_map.iter_rules():
        if not rule.rule.startswith(("/connect/", "/forge/", "/jira/")) or rule.rule in OPEN:
            continue
        kind = kinds[rule.endpoint]
        assert kind in OPENS, f"{rule.rule}: say in OPENS which token opens it"
        path = rule.rule.replace("<slug>", "acme").replace("<issue>", issue)
        path = re.sub(r"<any\('?([\w-]+).*?>", r"\1", path)
        path = re.sub(r"<[^>]*>", "1", path)
        found += [
            Door(one, path, OPENS[kind]) for one in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ]
    ui = Door("POST", "/forge/ui", F)
    assert ui in found
    found += [replace(ui, module=module) for module in ("kithspark-board", "kithspark-admin")]
    first = ("/connect/disabled", "/connect/enabled")  # what the one switches off, the other switches on
    return sorted(found, key=lambda door: first.index(door.path) if door.path in first else len(first))


def opened(status: int) -> bool:
    """Anything but "we cannot tell who you are", "not for you" and "there is nothing here"."""
    return status not in (400, 401, 403, 404, 503)


def let_in(door: Door, status: int) -> bool:
    """As `opened`. What a bearer may see and does not name rightly is not there: its token was believed."""
    sought = door.kind == D and (door.method == "POST" or "/acts/" in door.path)
    return opened(status) or (sought and status == 404)


def part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def handmade(header: Claims, claims: Claims, key: bytes = b"") -> str:
    unsigned = f"{part(json.dumps(header).encode())}.{part(json.dumps(claims).encode())}"
    mac = hmac.digest(key, unsigned.encode(), hashlib.sha256) if key else b""
    return f"{unsigned}.{part(mac)}"
