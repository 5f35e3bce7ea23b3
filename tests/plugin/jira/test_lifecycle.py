"""Installing and uninstalling: believed only of Atlassian's own signature, over this call, once."""

import json
from typing import Any

import jwt
import pytest
import requests
from sqlalchemy import delete, select

from plugin.identity_tables import connect_events, connect_installations, seen_tokens
from plugin.jira import installations
from sandbox.faults import Fault
from sandbox.jira.connect import InstallFailed
from store.database import reading, transaction
from tests.plugin.house import House
from tests.plugin.jira.conftest import open_panel


def rows(house: House) -> list[Any]:
    with reading(house.state.engine) as conn:
        return list(conn.execute(select(connect_installations)).all())


def a_second_passes(house: House) -> None:
    """Tokens of one second are alike, and each is good once."""
    with transaction(house.state.engine) as conn:
        conn.execute(delete(seen_tokens))


def kept_secrets(house: House) -> list[str]:
    made = house.jira.connect.installation
    assert made is not None
    with reading(house.state.engine) as conn:
        return installations.secrets_of(conn, house.state.vault, made.client_key, now=house.clock.now())


def call(house: House, event: str, token: str | None, body: dict[str, Any]) -> requests.Response:
    headers = {"Content-Type": "application/json"}
    if token is not None:
        headers["Authorization"] = f"JWT {token}"
    return house.post(f"/connect/{event}", data=json.dumps(body), headers=headers)


def test_the_descriptor_is_the_file_but_for_our_address(house: House) -> None:
    served = house.get("/atlassian-connect.json").json()
    assert served["baseUrl"] == house.url
    assert served["links"]["self"] == f"{house.url}/atlassian-connect.json"
    from plugin.jira.descriptor import written

    told = written()
    assert {**served, "baseUrl": told["baseUrl"], "links": told["links"]} == told


def test_a_genuine_installation_is_kept_sealed_and_bound_to_the_workspace_of_that_site(
    installed: House,
) -> None:
    [row] = rows(installed)
    assert row.base_url == installed.jira.url
    assert row.workspace_id == installed.workspace.id
    made = installed.jira.connect.installation
    assert made is not None
    assert made.secret not in row.secret
    assert kept_secrets(installed) == [made.secret]
    with reading(installed.state.engine) as conn:
        assert [event.event for event in conn.execute(select(connect_events))] == ["installed"]


def test_installing_again_keeps_the_former_secret_for_a_quarter_of_an_hour(installed: House) -> None:
    first = installed.jira.connect.installation
    a_second_passes(installed)
    second = installed.jira.install(installed.url)
    assert first is not None
    assert kept_secrets(installed) == [second.secret, first.secret]
    installed.clock.advance(16 * 60)
    assert kept_secrets(installed) == [second.secret]


def test_an_uninstalled_tenant_is_believed_nothing_and_can_be_installed_again(installed: House) -> None:
    before, panel = installed.jira.frame_url("KS-1"), open_panel(installed, "KS-1")
    made, context = panel.renew(), panel.house.jira.connect.context_token
    old = context(installed.jira.issue("KS-1"), installed.jira.user)
    assert made.status_code == 200
    installed.jira.uninstall()
    where = f"/jira/acme/issues/{panel.issue}/renew"
    assert installed.post(where, headers={"Authorization": f"JWT {old}"}).status_code == 401
    [row] = rows(installed)
    assert row.uninstalled_at is not None
    assert row.secret == ""
    assert requests.get(before, timeout=5).status_code == 401
    a_second_passes(installed)
    installed.jira.install(installed.url)
    assert requests.get(installed.jira.frame_url("KS-1"), timeout=5).status_code == 200


def test_a_disabled_app_shows_nothing_until_it_is_enabled(installed: House) -> None:
    made = installed.jira.connect.installation
    assert made is not None
    for event, status in (("disabled", 401), ("enabled", 200)):
        token = installed.jira.connect.host_token(made, "POST", f"{installed.url}/connect/{event}")
        body = installed.jira.connect.lifecycle_body(made, event)
        assert call(installed, event, token, body).status_code == 204
        assert requests.get(installed.jira.frame_url("KS-1"), timeout=5).status_code == status


@pytest.mark.parametrize("event", ["installed", "uninstalled"])
def test_no_other_kind_of_token_installs_or_uninstalls(installed: House, event: str) -> None:
    made, url = installed.jira.connect.installation, f"{installed.url}/connect/{event}"
    assert made is not None
    connect = installed.jira.connect
    body = connect.lifecycle_body(made, event) | {"sharedSecret": "stolen" * 8}
    claims = jwt.decode(connect.install_token(made, url), options={"verify_signature": False})
    public = connect.install_key.public_pem
    for token in (
        None,
        "",
        connect.host_token(made, "POST", url),
        connect.context_token(installed.jira.issue("KS-1"), installed.jira.user),
        jwt.encode(claims, "", algorithm="none"),
        jwt.encode(claims, "k" * 40, algorithm="HS256", headers={"kid": connect.install_key.kid}),
        _mixed_up(claims, public, connect.install_key.kid),
    ):
        assert call(installed, event, token, body).status_code == 401, token
    [row] = rows(installed)
    assert row.uninstalled_at is None
    assert kept_secrets(installed) == [made.secret]


def _mixed_up(claims: dict[str, Any], public_key: str, kid: str) -> str:
    """HS256 with the public key as the secret."""
    import base64
    import hashlib
    import hmac

    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    head = part(json.dumps({"alg": "HS256", "typ": "JWT", "kid": kid}).encode())
    payload = part(json.dumps(claims).encode())
    signed = f"{head}.{payload}"
    return f"{signed}.{part(hmac.digest(public_key.encode(), signed.encode(), hashlib.sha256))}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": ["https://other.example"]},
        {"aud": None},
        {"exp": 1_600_000_000},
        {"iss": "another-tenant"},
        {"qsh": "context-qsh"},
        {"qsh": "0" * 64},
    ],
)
def test_an_install_token_that_says_something_else_is_refused(
    installed: House, wrong: dict[str, Any]
) -> None:
    made = installed.jira.connect.installation
    assert made is not None
    token = installed.jira.connect.install_token(made, f"{installed.url}/connect/installed", **wrong)
    body = installed.jira.connect.lifecycle_body(made, "installed")
    assert call(installed, "installed", token, body).status_code == 401


def test_an_install_token_is_good_once_and_for_its_own_tenant_and_app(installed: House) -> None:
    made = installed.jira.connect.installation
    assert made is not None
    connect = installed.jira.connect
    url, body = f"{installed.url}/connect/installed", connect.lifecycle_body(made, "installed")
    other = connect.install_token(made, url, jti="b")
    assert call(installed, "installed", other, body | {"clientKey": "another"}).status_code == 401
    assert call(installed, "installed", other, body | {"key": "another.app"}).status_code == 401
    token = connect.install_token(made, url, jti="a")
    assert call(installed, "installed", token, body).status_code == 204
    assert call(installed, "installed", token, body | {"sharedSecret": "x" * 40}).status_code == 401


@pytest.mark.parametrize(
    "site",
    [
        "http://169.254.169.254", "https://evil.example", "https://atlassian.net.evil.example", "file:///x",
        "https://*.atlassian.net", "https://evil.example\\.atlassian.net", "https://a;b.atlassian.net",
        "https://u@x.atlassian.net", "https://x.atlassian.net:port", "https://[::1]x.atlassian.net",
    ],
)  # fmt: skip
def test_a_site_that_we_may_not_talk_to_is_refused(installed: House, site: str) -> None:
    made = installed.jira.connect.installation
    assert made is not None
    token = installed.jira.connect.install_token(made, f"{installed.url}/connect/installed", jti="b")
    body = installed.jira.connect.lifecycle_body(made, "installed") | {"baseUrl": site}
    assert call(installed, "installed", token, body).status_code == 403
    shown = installed.jira.connect.lifecycle_body(made, "installed") | {"displayUrl": f"{site} *;"}
    assert call(installed, "installed", token, shown).status_code == 403
    assert [row.base_url for row in rows(installed)] == [installed.jira.url]


def test_a_tenant_moves_to_another_address_only_with_the_operators_word(installed: House) -> None:
    made = installed.jira.connect.installation
    assert made is not None
    url = f"{installed.url}/connect/installed"
    body = installed.jira.connect.lifecycle_body(made, "installed") | {
        "baseUrl": "https://acme.atlassian.net"
    }
    first = installed.jira.connect.install_token(made, url, jti="first")
    refused = call(installed, "installed", first, body)
    assert refused.status_code == 403
    with transaction(installed.state.engine) as conn:
        installations.attach(conn, "acme", "https://ACME.atlassian.net/", now=installed.clock.now())
    again = installed.jira.connect.install_token(made, url, jti="again")
    assert call(installed, "installed", again, body).status_code == 204
    [row] = rows(installed)
    assert (row.base_url, row.workspace_id) == ("https://acme.atlassian.net", installed.workspace.id)


def test_a_second_tenant_at_the_same_address_waits_for_the_operator(installed: House) -> None:
    installed.jira.connect.client_key = "another-tenant-of-the-same-address"
    installed.jira.install(installed.url)
    refused = requests.get(installed.jira.frame_url("KS-1"), timeout=5)
    assert refused.status_code == 403
    assert "kithspark attach" in refused.text


def test_jira_is_asked_to_try_again_while_atlassians_keys_cannot_be_had(house: House) -> None:
    house.jira.faults.order(Fault("status", path=r"^/connect-keys/", status=503, times=9))
    from plugin.jira.lifecycle import _keys

    _keys.cache_clear()
    with pytest.raises(InstallFailed, match="503"):
        house.jira.install(house.url)
    assert rows(house) == []


def test_bodies_that_are_none_of_ours_are_refused(house: House) -> None:
    assert call(house, "installed", "x", {"key": "x" * 70_000}).status_code == 413
    assert house.post("/connect/installed", data="no json").status_code == 400
    assert house.post("/connect/installed", data="[" * 5000).status_code == 400
