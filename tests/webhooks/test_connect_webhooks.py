"""Who is believed that calls in the name of a Jira site with the Connect app, and how each is answered."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt
import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from plugin.jira import installations
from sandbox.jira import tokens
from store import inbox
from store.database import reading, transaction
from store.secrets import Vault
from store.workspaces import Workspace
from tests.our_files import ROOT
from tests.webhooks.vendors import DEEP, PUBLIC_URL, jira_event
from webhooks import connect
from webhooks.receiving import LARGEST_BYTES, Receiver

Rows = Callable[[], int]

HERE = "/connect/webhooks/issue"
OURS, OTHERS, NOBODYS = "client-of-acme", "client-of-other", "client-of-nobody"


def secret(client_key: str) -> str:
    return f"the shared secret of {client_key}, long enough"


def token(client_key: str = OURS, *, target: str = HERE, method: str = "POST", key: str = "",
          lasts_s: int = 180, base: str = PUBLIC_URL, **claims: object) -> str:  # fmt: skip
    """As Jira signs it for this client and this very call; what is given differs."""
    qsh = tokens.query_hash(method, f"{base}{target}", base=base)
    made = tokens.lasting(lasts_s, iss=client_key, qsh=qsh) | claims
    return jwt.encode(made, key or secret(client_key), algorithm="HS256")


@dataclass
class Site:
    """Jira, as far as it calls the app."""

    client: FlaskClient
    body: bytes

    def call(self, proof: str | None, *, to: str = HERE, body: bytes | None = None, number: str = "1",
             content_type: str = "application/json", scheme: str = "JWT") -> TestResponse:  # fmt: skip
        headers = {"X-Atlassian-Webhook-Identifier": number}
        if proof is not None:
            headers["Authorization"] = f"{scheme} {proof}".strip()
        data = self.body if body is None else body
        return self.client.post(to, data=data, headers=headers, content_type=content_type)


def app_of(database: Engine, vault: Vault, now: datetime, public_url: str = PUBLIC_URL) -> FlaskClient:
    app = Flask("connect")
    receiver = Receiver(database, vault, public_url, lambda: None, lambda: now)
    app.register_blueprint(connect.routes(receiver, tenant_of=installations.tenant))
    return app.test_client()


@pytest.fixture
def site(database: Engine, vault: Vault, connected: Workspace, now: datetime) -> Site:
    """The app is installed at the sites of `acme` and `other`, and at one that is nobody's."""
    homes = {OURS: "https://acme.jira.example", OTHERS: "https://other.jira.example"}
    with transaction(database) as conn:
        for client_key, home in (homes | {NOBODYS: "https://nobody.atlassian.net"}).items():
            told = {"clientKey": client_key, "baseUrl": home, "sharedSecret": secret(client_key)}
            installations.install(conn, vault, told, now=now)
    body = jira_event("jira:issue_updated", now, issue={"id": "10001", "key": "KS-1"})
    return Site(app_of(database, vault, now), body)


def whose(database: Engine) -> list[tuple[int, str]]:
    with reading(database) as conn:
        query = select(inbox.inbox.c.workspace_id, inbox.inbox.c.system).order_by(inbox.inbox.c.id)
        return [(row.workspace_id, row.system) for row in conn.execute(query)]


def test_a_signed_call_is_kept_for_the_workspace_of_the_site_that_signed_it(
    site: Site, database: Engine, connected: Workspace
) -> None:
    answer = site.call(token())
    assert (answer.status_code, answer.data) == (202, b"")
    assert whose(database) == [(connected.id, "connect")]
    assert site.call(token(OTHERS)).status_code == 202
    assert [workspace != connected.id for workspace, _ in whose(database)] == [False, True]


def test_every_webhook_of_the_descriptor_is_served(site: Site, rows: Rows) -> None:
    described = json.loads((ROOT / "atlassian-connect.json").read_text())["modules"]["webhooks"]
    urls = sorted({hook["url"] for hook in described})
    assert [site.call(token(target=url), to=url, number=url).status_code for url in urls] == [202] * len(urls)
    assert rows() == len(urls)
    assert site.call(token(target="/connect/webhooks/user"), to="/connect/webhooks/user").status_code == 404
    assert site.client.get(HERE).status_code == 405


def wrong_proofs() -> dict[str, str | None]:
    install = tokens.lasting(
        180, iss=OURS, aud=[PUBLIC_URL], qsh=tokens.query_hash("POST", PUBLIC_URL + HERE)
    )
    claims = jwt.decode(token(), options={"verify_signature": False})
    return {
        "missing": None,
        "empty": "",
        "no token": "nonsense",
        "no ASCII": "é.é.é",
        "wrong secret": token(key="some other secret that is long enough"),
        "another tenant's secret": token(key=secret(OTHERS)),
        "unknown tenant": token("client-of-nowhere"),
        "a tenant with an odd name": token(iss="\ud800\x00"),
        "a site of no workspace": token(NOBODYS),
        "signed by nobody": jwt.encode(claims, "", algorithm="none"),
        "signed by Atlassian, as an installation is": tokens.install_key().sign(install),
        "signed for another page": token(target="/connect/webhooks/link"),
        "signed for a query": token(target=f"{HERE}?x=1"),
        "signed to read": token(method="GET"),
        "signed for a frame's script": token(qsh="context-qsh"),
        "signed for nothing": jwt.encode({**claims, "qsh": None}, secret(OURS), algorithm="HS256"),
        "without an end": jwt.encode(
            {name: said for name, said in claims.items() if name != "exp"}, secret(OURS), algorithm="HS256"
        ),
        "expired": token(lasts_s=-31),
    }


def test_whoever_proves_less_is_refused_and_all_in_the_same_words(site: Site, rows: Rows) -> None:
    answers = {why: site.call(proof) for why, proof in wrong_proofs().items()}
    assert {why: answer.status_code for why, answer in answers.items()} == dict.fromkeys(answers, 401)
    assert len({(answer.data, str(dict(answer.headers))) for answer in answers.values()}) == 1
    assert rows() == 0


def test_the_address_that_was_called_is_the_one_that_was_signed(site: Site, rows: Rows) -> None:
    assert site.call(token(), to="/connect/webhooks/version").status_code == 401
    assert site.call(token(), to=f"{HERE}?issue=2").status_code == 401
    assert site.call(token(target=f"{HERE}?issue=1"), to=f"{HERE}?issue=2").status_code == 401
    assert site.call(None, to=f"{HERE}?jwt={token()}").status_code == 401
    assert site.call(token(), scheme="Bearer").status_code == 401
    assert rows() == 0
    assert site.call(token(target=f"{HERE}?b=2&a=%C3%A9+1"), to=f"{HERE}?a=%C3%A9+1&b=2").status_code == 202


def test_an_installation_below_a_path_of_its_own_is_signed_without_that_path(
    site: Site, database: Engine, vault: Vault, now: datetime
) -> None:
    base = f"{PUBLIC_URL}/kithspark"
    below = Site(app_of(database, vault, now, base), site.body)
    assert below.call(token(base=base)).status_code == 202


def test_after_the_app_is_removed_or_switched_off_the_site_is_not_heard(
    site: Site, database: Engine, vault: Vault, rows: Rows, now: datetime
) -> None:
    for enabled, status in ((False, 401), (True, 202)):
        with transaction(database) as conn:
            installations.enable(conn, OURS, enabled=enabled, now=now)
        assert site.call(token()).status_code == status
    with transaction(database) as conn:
        installations.uninstall(conn, vault, OURS, now=now)
    assert site.call(token(), number="2").status_code == 401
    assert rows() == 1


def test_just_after_a_new_installation_the_former_secret_still_counts(
    site: Site, database: Engine, vault: Vault, rows: Rows, now: datetime
) -> None:
    told = {"clientKey": OURS, "baseUrl": "https://acme.jira.example", "sharedSecret": "n" * 40}
    with transaction(database) as conn:
        installations.install(conn, vault, told, now=now)
    assert site.call(token()).status_code == 202
    assert site.call(token(key="n" * 40), number="2").status_code == 202
    later = Site(app_of(database, vault, now + timedelta(minutes=16)), site.body)
    assert later.call(token(), number="3").status_code == 401
    assert rows() == 2


def test_a_repeated_delivery_is_one_row_and_no_forged_number_keeps_another_out(
    site: Site, rows: Rows, now: datetime
) -> None:
    """Neither the number nor the body is signed."""
    assert [site.call(token()).status_code for _ in range(3)] == [202] * 3
    assert rows() == 1
    other = jira_event("jira:issue_updated", now, issue={"id": "10002"})
    assert site.call(token(), body=other).status_code == 202
    assert site.call(token(), number="2").status_code == 202
    assert site.call(token(), number="ü" * 5000).status_code == 202
    assert rows() == 4


def test_a_body_that_is_too_large_or_not_said_to_be_json_is_refused(site: Site, rows: Rows) -> None:
    assert site.call(token(), body=b" " * (LARGEST_BYTES + 1)).status_code == 413
    assert site.call(token(), content_type="text/plain").status_code == 415
    assert rows() == 0
    assert site.call(token(), body=site.body.ljust(LARGEST_BYTES)).status_code == 202


def test_what_cannot_be_kept_now_is_to_come_back(
    site: Site, database: Engine, now: datetime, rows: Rows
) -> None:
    locked = Site(app_of(database, Vault([Fernet.generate_key().decode()]), now), site.body)
    answer = locked.call(token())
    assert (answer.status_code, answer.headers["Retry-After"], rows()) == (503, "30", 0)


@pytest.mark.parametrize("body", [b"", b"no json", b"\xff", DEEP, b"17", b"{}"])
def test_an_odd_body_is_judged_by_the_signature_and_never_breaks_us(
    site: Site, rows: Rows, body: bytes
) -> None:
    assert site.call(token(), body=body).status_code == 202
    assert site.call(token(key=secret(OTHERS)), body=body).status_code == 401
    assert rows() == 1
