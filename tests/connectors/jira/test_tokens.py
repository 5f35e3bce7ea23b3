"""Which token opens which door, and that none opens another's."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from connectors.jira.connect_jwt import Frame, Unproven, qsh, sign, verify_frame, verify_install
from sandbox.jira.tokens import InstallKey, proves_app

BASE = "https://kithspark.example.com"
CLIENT, APP, SECRET = "client-1", "io.kithspark.jira", "shared-secret-of-more-than-32-bytes!"
INSTALL = "/connect/installed"
PANEL = "/connect/issue-context?issueId=10001&issueKey=KS-1&xdm_e=https%3A%2F%2Fkites.example"
KEY, OTHER_KEY = InstallKey(), InstallKey()
Claims = dict[str, Any]


def install_claims(**changed: Any) -> Claims:
    now = int(time.time())
    made = {"iss": CLIENT, "aud": [BASE], "iat": now, "exp": now + 180}
    return made | {"qsh": qsh("POST", INSTALL)} | changed


def frame_claims(**changed: Any) -> Claims:
    now = int(time.time())
    context = {"jira": {"issue": {"id": "10001"}}}
    made = {"iss": CLIENT, "sub": "5b10", "iat": now, "exp": now + 180, "qsh": qsh("GET", PANEL)}
    return made | {"context": context} | changed


def kind_a(claims: Claims | None = None, *, key: InstallKey = KEY, **header: Any) -> str:
    headers = {"kid": KEY.kid} | header
    kept = {name: value for name, value in headers.items() if value is not None}
    return jwt.encode(claims or install_claims(), key.private, algorithm="RS256", headers=kept)


def kind_b(claims: Claims | None = None, *, secret: str = SECRET) -> str:
    return jwt.encode(claims or frame_claims(), secret, algorithm="HS256")


def without(claims: Claims, name: str) -> Claims:
    return {key: value for key, value in claims.items() if key != name}


def handmade(header: Claims, claims: Claims, signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def keyed(key: bytes, header: Claims, claims: Claims) -> str:
    """An HS256 token under keys that no library would sign with."""
    unsigned = handmade({"alg": "HS256"} | header, claims).rstrip(".")
    mac = hmac.new(key, unsigned.encode(), hashlib.sha256).digest()
    return f"{unsigned}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def fetch(kid: str) -> str:
    assert kid == KEY.kid, "no other key is ever fetched"
    return KEY.public_pem


def install(token: str, *, target: str = INSTALL, client: str = CLIENT) -> Any:
    return verify_install(
        token,
        method="POST",
        target=target,
        base_urls=[BASE, "https://former.example.com"],
        body_client_key=client,
        fetch_key=fetch,
    )


def frame(token: str, *, target: str = PANEL) -> Frame:
    secrets = {CLIENT: ["", "former-secret-of-more-than-32-bytes!!", SECRET]}
    return verify_frame(
        token, method="GET", target=target, base_url=BASE, secrets_of=lambda key: secrets.get(key, [])
    )


def test_an_install_by_the_host_is_proven() -> None:
    assert install(kind_a())["iss"] == CLIENT
    assert install(kind_a(install_claims(aud=BASE + "/")))["iss"] == CLIENT
    assert install(kind_a(install_claims(aud=["x", "https://former.example.com"])))["iss"] == CLIENT


def test_a_frame_by_the_host_is_proven_and_says_who_reads_what() -> None:
    assert frame(kind_b()) == Frame(CLIENT, "5b10", {"jira": {"issue": {"id": "10001"}}})
    assert frame(kind_b(), target=PANEL + "&jwt=" + kind_b()).account_id == "5b10"
    assert frame(kind_b(frame_claims(sub="", context=7))) == Frame(CLIENT, None, {})
    former = kind_b(secret="former-secret-of-more-than-32-bytes!!")
    assert frame(former).client_key == CLIENT


NOT_AN_INSTALL: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "no token": lambda: "a.b.c",
    "kind B": kind_b,
    "kind B with the install's claims": lambda: kind_b(install_claims()),
    "kind C": lambda: kind_b(install_claims(qsh="context-qsh")),
    "kind E": lambda: sign(
        secret=SECRET, app_key=APP, client_key=CLIENT, method="POST", url=BASE + INSTALL, host=BASE
    ),
    "alg none": lambda: handmade({"alg": "none", "kid": KEY.kid}, install_claims()),
    "alg None, spelt otherwise": lambda: handmade({"alg": "nOnE", "kid": KEY.kid}, install_claims()),
    "HS256 with the public key": lambda: keyed(KEY.public_pem.encode(), {"kid": KEY.kid}, install_claims()),
    "another key": lambda: kind_a(key=OTHER_KEY),
    "no key id": lambda: kind_a(kid=None),
    "a context qsh": lambda: kind_a(install_claims(qsh="context-qsh")),
    "no qsh": lambda: kind_a(without(install_claims(), "qsh")),
    "another request's qsh": lambda: kind_a(install_claims(qsh=qsh("POST", "/connect/uninstalled"))),
    "another method's qsh": lambda: kind_a(install_claims(qsh=qsh("GET", INSTALL))),
    "another app": lambda: kind_a(install_claims(aud=["https://evil.example"])),
    "our name inside another's": lambda: kind_a(install_claims(aud=[BASE + ".evil.example"])),
    "no audience": lambda: kind_a(without(install_claims(), "aud")),
    "an audience that is no text": lambda: kind_a(install_claims(aud=[])),
    "another tenant than the body": lambda: kind_a(install_claims(iss="client-2")),
    "no tenant": lambda: kind_a(without(install_claims(), "iss")),
    "too late": lambda: kind_a(install_claims(exp=int(time.time()) - 60)),
    "no end": lambda: kind_a(without(install_claims(), "exp")),
}
TRICKY_KEY_IDS = [
    "../keys",
    "a/../../b",
    "https://evil.example/k",
    "k?x=1",
    "k#",
    "/k",
    "a//b",
    "",
    "k" * 200,
    "ü",
]


@pytest.mark.parametrize("token", NOT_AN_INSTALL.values(), ids=NOT_AN_INSTALL)
def test_nothing_else_installs(token: Callable[[], str]) -> None:
    with pytest.raises(Unproven):
        install(token())


@pytest.mark.parametrize("kid", TRICKY_KEY_IDS)
def test_a_key_id_that_is_none_is_never_fetched(kid: str) -> None:
    with pytest.raises(Unproven, match="key id"):
        install(kind_a(kid=kid))


def test_an_install_of_nobody_is_no_install() -> None:
    with pytest.raises(Unproven):
        install(kind_a(install_claims(iss="")), client="")


NOT_A_FRAME: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "no token": lambda: "a.b.c",
    "kind A": kind_a,
    "kind A with the frame's claims": lambda: kind_a(frame_claims()),
    "kind C": lambda: kind_b(frame_claims(qsh="context-qsh")),
    "kind E": lambda: sign(
        secret=SECRET, app_key=APP, client_key=CLIENT, method="GET", url=BASE + PANEL, host=BASE
    ),
    "alg none": lambda: handmade({"alg": "none"}, frame_claims()),
    "HS512": lambda: jwt.encode(frame_claims(), SECRET * 2, algorithm="HS512"),
    "another secret": lambda: kind_b(secret="some-other-secret-of-32-bytes-or-more"),
    "the empty secret": lambda: keyed(b"", {}, frame_claims()),
    "no qsh": lambda: kind_b(without(frame_claims(), "qsh")),
    "another request's qsh": lambda: kind_b(frame_claims(qsh=qsh("GET", "/connect/board"))),
    "another issue's qsh": lambda: kind_b(frame_claims(qsh=qsh("GET", PANEL.replace("10001", "2")))),
    "a tenant that is not installed": lambda: kind_b(frame_claims(iss="client-2")),
    "a tenant that is no text": lambda: handmade({"alg": "HS256"}, frame_claims(iss={"a": 1})),
    "no tenant": lambda: kind_b(without(frame_claims(), "iss")),
    "too late": lambda: kind_b(frame_claims(exp=int(time.time()) - 60)),
    "no end": lambda: kind_b(without(frame_claims(), "exp")),
    "not yet": lambda: kind_b(frame_claims(nbf=int(time.time()) + 600)),
}


@pytest.mark.parametrize("token", NOT_A_FRAME.values(), ids=NOT_A_FRAME)
def test_nothing_else_opens_a_frame(token: Callable[[], str]) -> None:
    with pytest.raises(Unproven):
        frame(token())


def test_what_we_sign_is_taken_by_the_host_for_that_request_only() -> None:
    url = "https://kites.example/rest/api/3/issue/1?fields=a&fields=b%20c"
    token = sign(
        secret=SECRET, app_key=APP, client_key=CLIENT, method="GET", url=url, host="https://kites.example"
    )
    assert proves_app(token, secret=SECRET, app_key=APP, method="GET", url=url)
    assert not proves_app(token, secret=SECRET, app_key=APP, method="PUT", url=url)
    assert not proves_app(token, secret=SECRET, app_key=APP, method="GET", url=url + "&x=1")
    assert jwt.decode(token, options={"verify_signature": False})["aud"] == [CLIENT]
