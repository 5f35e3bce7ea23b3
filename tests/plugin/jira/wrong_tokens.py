"""Tokens that are wrong in one way and right in all others: of each kind, what that very kind says."""

from collections.abc import Callable
from typing import Any

import jwt

from connectors.jira.forge_token import APP
from sandbox.jira.tokens import InstallKey
from tests.plugin.jira.token_desk import BEARERS, A, B, C, D, Desk, Door, F, G, handmade

STRANGER = InstallKey()
LONG_AGO = 1_600_000_000

Way = Callable[[Desk, Door], str]

NEEDED = {
    A: ("iss", "iat", "exp", "qsh", "aud"),
    B: ("iss", "iat", "exp", "qsh"),
    C: ("iss", "iat", "exp", "qsh"),
    F: ("aud", "iss", "iat", "exp", "jti", "app"),
    D: ("aud", "sub", "ws", "began", "iat", "exp"),
    G: ("aud", "sub", "ws", "began", "iat", "exp"),
}
"""What a token of each kind may not lack."""


def changed(desk: Desk, door: Door, **claims: Any) -> str:
    """Signed as it should be, and saying this instead."""
    return desk.signed(door.kind, desk.claims(door.kind, door) | claims)


def lacking(desk: Desk, door: Door, claim: str) -> str:
    said = desk.claims(door.kind, door)
    del said[claim]
    return desk.signed(door.kind, said)


def by_hand(desk: Desk, door: Door, alg: str, key: bytes = b"") -> str:
    header = {"alg": alg, **({"kid": key_of(desk, door).kid} if door.kind in (A, F) else {})}
    return handmade(header, desk.claims(door.kind, door), key)


def by(desk: Desk, door: Door, key: Any, algorithm: str, **header: str) -> str:
    return jwt.encode(desk.claims(door.kind, door), key, algorithm=algorithm, headers=header or None)


def key_of(desk: Desk, door: Door) -> InstallKey:
    """The host's own: with it nothing but installs and Forge's calls are signed."""
    return desk.house.jira.forge.key if door.kind == F else desk.house.jira.connect.install_key


def by_another(desk: Desk, door: Door) -> str:
    """The right algorithm, and another's key under the id of the right one."""
    if door.kind in (A, F):
        return by(desk, door, STRANGER.private, "RS256", kid=key_of(desk, door).kid)
    return by(desk, door, "the key of somebody else entirely", "HS256")


def with_512(desk: Desk, door: Door) -> str:
    """The right key and the longer hash."""
    if door.kind in (A, F):
        return by(desk, door, key_of(desk, door).private, "RS512", kid=key_of(desk, door).kid)
    return by(desk, door, desk.secret(door.kind), "HS512")


def of_another_tenant(desk: Desk, door: Door) -> str:
    if door.kind in BEARERS:
        return changed(desk, door, ws=4711)
    if door.kind != F:
        return changed(desk, door, iss="another-tenant")
    return changed(desk, door, context={**desk.claims(F, door)["context"], "cloudId": "another"})


def of_another_app(desk: Desk, door: Door) -> str:
    """Apps of one tenant have a secret each; where all are signed alike, the audience tells them apart."""
    if door.kind in (B, C):
        return by(desk, door, "what the tenant shares with another app", "HS256")
    other = {A: ["https://another.example"], F: f"{APP}another"}
    return changed(desk, door, aud=other.get(door.kind, "another:app"))


def of_another_face(desk: Desk, door: Door) -> str:
    """A bearer says by its audience for which page it is, a host's token by its hash for which call; Forge's
    names the app a second time.
    """
    if door.kind in BEARERS:
        return changed(desk, door, aud="kithspark:zendesk")
    if door.kind == F:
        return changed(desk, door, app={**desk.claims(F, door)["app"], "id": f"{APP}another"})
    return changed(desk, door, qsh="0" * 64)


WRONG: dict[str, Way] = {
    "expired": lambda desk, door: changed(desk, door, exp=LONG_AGO, iat=LONG_AGO - 600),
    "signed by nobody": lambda desk, door: by_hand(desk, door, "none"),
    "signed by nobody, spelt otherwise": lambda desk, door: by_hand(desk, door, "nOnE"),
    "the right algorithm without a signature": lambda desk, door: by_hand(
        desk, door, "RS256" if door.kind in (A, F) else "HS256"
    ),
    "HS256 with the public key": lambda desk, door: by_hand(
        desk, door, "HS256", key_of(desk, door).public_pem.encode()
    ),
    "HS256 with no key": lambda desk, door: by_hand(desk, door, "HS256"),
    "another key": by_another,
    "an unknown key": lambda desk, door: STRANGER.sign(desk.claims(door.kind, door)),
    "RS512": lambda desk, door: by(
        desk, door, key_of(desk, door).private, "RS512", kid=key_of(desk, door).kid
    ),
    "the longer hash": with_512,
    "HS512": lambda desk, door: by(desk, door, desk.secret(C), "HS512"),
    "another tenant": of_another_tenant,
    "another app": of_another_app,
    "another face, app or address": of_another_face,
    "garbage": lambda _desk, _door: "a.b.c",
    "empty": lambda _desk, _door: "",
}
OF_FORGE: dict[str, Way] = {"another issuer": lambda desk, door: changed(desk, door, iss="x")}


def ways(door: Door) -> dict[str, Way]:
    return WRONG | OF_FORGE if door.kind == F else WRONG
