"""Who gets the sidebar: whoever Zendesk signs for, once, in their own workspace, and nobody else."""

from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from plugin import bearer
from plugin.bearer import Bearer
from sandbox.zendesk.records import Ticket, User
from store import workspaces
from store.database import transaction
from tests.plugin.house import House, bearer_of, carrying
from tests.plugin.zendesk.conftest import Sidebar, first_load


def test_the_signed_form_opens_the_sidebar_for_the_agent_that_it_names(house: House, agnes: User) -> None:
    page = first_load(house, house.zendesk.sidebar.token(house.zendesk.url, agnes))
    assert page.status_code == 200
    claims = jwt.decode(bearer_of(page), options={"verify_signature": False})
    assert (claims["sub"], claims["name"]) == (str(agnes.id), "Agnes")
    assert claims["exp"] - claims["iat"] == 20 * 60


def test_the_page_may_be_framed_by_that_zendesk_only_and_keeps_nothing(house: House, agnes: User) -> None:
    page = first_load(house, house.zendesk.sidebar.token(house.zendesk.url, agnes))
    policy = page.headers["Content-Security-Policy"]
    assert f"frame-ancestors {house.zendesk.url}" in policy
    assert "'unsafe-inline'" not in policy
    assert "default-src 'none'" in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "X-Frame-Options" not in page.headers
    assert "Set-Cookie" not in page.headers


def test_a_form_is_good_once(house: House, agnes: User) -> None:
    token = house.zendesk.sidebar.token(house.zendesk.url, agnes)
    assert first_load(house, token).status_code == 200
    assert first_load(house, token).status_code == 401


def test_a_used_form_is_known_again_when_the_last_letter_of_its_signature_is_changed(
    house: House, agnes: User
) -> None:
    token = house.zendesk.sidebar.token(house.zendesk.url, agnes)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    same = token[:-1] + letters[letters.index(token[-1]) ^ 1]
    assert first_load(house, token).status_code == 200
    assert first_load(house, same).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "https://other.zendesk.com/api/v2/apps/installations/1.json"},
        {"exp": 1_600_000_000},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"sub": "https://other.zendesk.com/me"},
        {"context": {"product": "support", "location": "nav_bar"}},
        {"context": {"product": "chat", "location": "ticket_sidebar"}},
    ],
)
def test_a_form_that_says_something_else_is_refused(house: House, agnes: User, wrong: dict[str, Any]) -> None:
    token = house.zendesk.sidebar.token(house.zendesk.url, agnes, **wrong)
    refused = first_load(house, token)
    assert refused.status_code == 401
    assert "kithspark-bearer" not in refused.text


def test_a_form_signed_in_any_other_way_is_refused(house: House, agnes: User) -> None:
    claims = house.zendesk.sidebar.claims(house.zendesk.url, agnes)
    public = house.zendesk.sidebar.public_key_pem()
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    signed_with_our_public_key = ".".join(_hmac_with(public, claims))
    for token in (
        jwt.encode(claims, other, algorithm="RS256"),
        jwt.encode(claims, "x" * 32, algorithm="HS256"),
        jwt.encode(claims, "", algorithm="none"),
        signed_with_our_public_key,
        "no.token.atall",
        "",
    ):
        assert first_load(house, token).status_code == 401, token


def _hmac_with(key: str, claims: dict[str, object]) -> list[str]:
    """The classic mix-up: HS256 with the public key as the secret."""
    import base64
    import hashlib
    import hmac
    import json

    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    head = part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    body = part(json.dumps(claims).encode())
    return [head, body, part(hmac.digest(key.encode(), f"{head}.{body}".encode(), hashlib.sha256))]


def test_another_workspace_and_one_that_is_not_there_answer_alike(house: House, agnes: User) -> None:
    with transaction(house.state.engine) as conn:
        workspaces.add(conn, slug="other", name="Other", now=house.clock.now())
    token = house.zendesk.sidebar.token(house.zendesk.url, agnes)
    other, nowhere = first_load(house, token, "other"), first_load(house, token, "nowhere")
    assert other.status_code == nowhere.status_code == 401
    assert other.text == nowhere.text


def test_an_end_user_gets_no_sidebar_even_with_a_genuine_form(house: House) -> None:
    customer = house.zendesk.add_user("Ana", "ana@acme.example")
    refused = first_load(house, house.zendesk.sidebar.token(house.zendesk.url, customer))
    assert refused.status_code == 403
    assert "agents" in refused.text


def test_the_sidebar_opens_while_zendesk_does_not_say_who_the_agent_is(house: House, agnes: User) -> None:
    from sandbox.faults import Fault

    house.zendesk.faults.order(Fault("status", path=r"/api/v2/users/", status=503, times=9))
    page = first_load(house, house.zendesk.sidebar.token(house.zendesk.url, agnes))
    assert page.status_code == 200
    claims = jwt.decode(bearer_of(page), options={"verify_signature": False})
    assert claims["name"] == f"agent {agnes.id}"


def test_a_fragment_asks_for_the_bearer_of_its_own_face_and_workspace(
    house: House, sidebar: Sidebar, ticket: Ticket
) -> None:
    path, now = f"/zendesk/acme/tickets/{ticket.id}", house.clock.now()
    keys = ["not the app's key"]
    with house.within():
        from plugin.identity import signing_keys

        keys = signing_keys()

    def minted(**changed: object) -> str:
        given = {
            "face": "zendesk",
            "workspace_id": house.workspace.id,
            "user": "1",
            "name": "X",
            "began_at": now,
            "sees_every_ticket": True,
        }
        return bearer.mint(Bearer(**{**given, **changed}), keys=keys, now=now)  # type: ignore[arg-type]

    assert house.get(path, headers=carrying(minted())).status_code == 200
    assert house.get(path).status_code == 401
    assert house.get(path, headers={"Authorization": f"JWT {minted()}"}).status_code == 401
    assert house.get(path, headers=carrying(minted(face="jira", issue="1"))).status_code == 401
    assert house.get(path, headers=carrying(jwt.encode({"sub": "1"}, "k" * 32))).status_code == 401
    none = jwt.encode(jwt.decode(minted(), options={"verify_signature": False}), "", algorithm="none")
    assert house.get(path, headers=carrying(none)).status_code == 401


def test_a_workspace_that_is_not_the_agents_and_one_that_is_not_there_look_alike(
    house: House, sidebar: Sidebar, ticket: Ticket
) -> None:
    with transaction(house.state.engine) as conn:
        workspaces.add(conn, slug="other", name="Other", now=house.clock.now())
    foreign = house.get(f"/zendesk/other/tickets/{ticket.id}", headers=carrying(sidebar.bearer))
    missing = house.get(f"/zendesk/nowhere/tickets/{ticket.id}", headers=carrying(sidebar.bearer))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.text == missing.text


def test_a_view_that_rested_too_long_says_how_to_go_on(
    house: House, sidebar: Sidebar, ticket: Ticket
) -> None:
    house.clock.advance(21 * 60)
    late = sidebar.get(f"/tickets/{ticket.id}")
    assert late.status_code == 401
    assert "Reload" in late.text


def test_an_open_view_renews_its_bearer_but_not_for_ever(house: House, sidebar: Sidebar) -> None:
    began = house.clock.now()
    while house.clock.now() < began + timedelta(hours=9):
        house.clock.advance(15 * 60)
        answer = sidebar.post("/renew")
        if answer.status_code == 401:
            break
        sidebar.bearer = answer.json()["bearer"]
    lasted = house.clock.now() - began
    assert timedelta(hours=7.5) < lasted <= timedelta(hours=8, minutes=15)
