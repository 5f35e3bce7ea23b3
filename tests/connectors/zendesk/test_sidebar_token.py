"""Who may open the sidebar in an agent's name."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest

from connectors.zendesk.sidebar_token import SidebarUser, TokenRefusedError, verify
from sandbox.zendesk import Zendesk as Vendor
from sandbox.zendesk.records import User
from sandbox.zendesk.sidebar import app_key

NOW = int(datetime.now(UTC).timestamp())
PLACE = {"product": "support", "location": "ticket_sidebar"}


@pytest.fixture(scope="module")
def vendor() -> Iterator[Vendor]:
    with Vendor() as zendesk:
        yield zendesk


@pytest.fixture(scope="module")
def agent(vendor: Vendor) -> User:
    return vendor.add_agent("Sam", "sam@helpdesk.example")


def judged(vendor: Vendor, token: str, **changed: Any) -> SidebarUser:
    usual = {
        "public_keys": [vendor.public_key_pem],
        "audience": vendor.app_audience,
        "now": datetime.now(UTC),
    }
    return verify(token, **{**usual, **changed})


def test_a_genuine_token_names_the_agent(vendor: Vendor, agent: User) -> None:
    opened = judged(vendor, vendor.signed_token(agent))
    assert opened.user_id == str(agent.id)
    assert opened.user_url == f"{vendor.url}/api/v2/users/{agent.id}.json"
    assert opened.jti
    assert opened.exp > datetime.now(UTC)


def test_without_a_subject_nobody_is_proven_and_without_a_jti_the_token_itself_is_one(
    vendor: Vendor, agent: User
) -> None:
    token = vendor.signed_token(agent, sub=None, jti=None)
    opened = judged(vendor, token)
    assert opened.user_id is None
    assert opened.jti == judged(vendor, token).jti
    assert len(opened.jti) == 64


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        ({"aud": "https://other.zendesk.com/api/v2/apps/installations/1.json"}, "InvalidAudience"),
        ({"aud": None}, "MissingRequiredClaim"),
        ({"exp": None}, "MissingRequiredClaim"),
        ({"iat": None}, "MissingRequiredClaim"),
        ({"exp": NOW - 61}, "expired"),
        ({"exp": "soon"}, "not a time"),
        ({"exp": 1e300}, "not a time"),
        ({"exp": NOW + 90_000}, "plausible"),
        ({"iat": NOW + 3600, "exp": NOW + 3700}, "plausible"),
        ({"context": None}, "not for the ticket sidebar"),
        ({"context": {**PLACE, "location": "nav_bar"}}, "not for the ticket sidebar"),
        ({"context": {**PLACE, "product": "chat"}}, "not for the ticket sidebar"),
        ({"context": "support"}, "not for the ticket sidebar"),
        ({"sub": "https://other.zendesk.com/api/v2/users/7.json"}, "agent of another account"),
        ({"sub": "//other.zendesk.com/api/v2/users/7.json"}, "agent of another account"),
        ({"sub": "https://[/users/7"}, "agent of another account"),
        ({"iss": "other.zendesk.com"}, "issued by another account"),
    ],
)
def test_a_token_that_is_not_for_us_now_is_refused(
    vendor: Vendor, agent: User, overrides: dict[str, Any], reason: str
) -> None:
    with pytest.raises(TokenRefusedError, match=reason):
        judged(vendor, vendor.signed_token(agent, **overrides))


def test_a_tampered_token_and_another_apps_key_are_refused(vendor: Vendor, agent: User) -> None:
    head, claims, signature = vendor.signed_token(agent).split(".")
    said = json.loads(base64.urlsafe_b64decode(claims + "=="))
    said["sub"] = f"{vendor.url}/api/v2/users/1.json"
    forged = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    stranger = jwt.encode(vendor.sidebar.claims(vendor.url, agent), app_key(7), algorithm="RS256")
    for token in (f"{head}.{forged}.{signature}", stranger, "", "a.b.c", "ü", f"{head}.{claims}."):
        with pytest.raises(TokenRefusedError):
            judged(vendor, token)


def test_only_rs256_is_a_proof(vendor: Vendor, agent: User) -> None:
    claims = vendor.sidebar.claims(vendor.url, agent)
    shared = jwt.encode(claims, "x" * 64, algorithm="HS256")
    unsigned = jwt.encode(claims, "", algorithm="none")
    longer = jwt.encode(claims, app_key(vendor.sidebar.installation), algorithm="RS512")
    for token in (shared, unsigned, longer):
        with pytest.raises(TokenRefusedError):
            judged(vendor, token)


def test_either_of_two_keys_opens_while_one_replaces_the_other(vendor: Vendor, agent: User) -> None:
    with Vendor(seed=7) as other:
        keys = [other.public_key_pem, vendor.public_key_pem]
    assert judged(vendor, vendor.signed_token(agent), public_keys=keys).user_id == str(agent.id)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"public_keys": []}, "no public key"),
        ({"public_keys": ["no PEM"]}, "cannot be read"),
        ({"audience": ""}, "no audience"),
    ],
)
def test_what_is_not_configured_opens_nothing(
    vendor: Vendor, agent: User, changed: dict[str, Any], reason: str
) -> None:
    with pytest.raises(TokenRefusedError, match=reason):
        judged(vendor, vendor.signed_token(agent), **changed)
