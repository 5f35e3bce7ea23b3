"""Who is believed, vendor by vendor: only what was signed with this workspace's secret, and lately."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from store import connections
from store.database import transaction
from store.secrets import Vault
from store.workspaces import Workspace
from tests.webhooks.vendors import SECRET, Vendor

Call = Callable[..., TestResponse]
Rows = Callable[[], int]


def test_a_signed_call_is_kept_and_the_worker_is_woken(call: Call, rows: Rows, woken: list[str]) -> None:
    answer = call()
    assert (answer.status_code, answer.data, rows()) == (202, b"", 1)
    assert woken == ["woken"]


def test_the_same_call_again_is_answered_the_same_and_kept_once(call: Call, rows: Rows) -> None:
    assert [call().status_code for _ in range(3)] == [202, 202, 202]
    assert rows() == 1


def test_while_a_secret_is_replaced_the_one_before_still_counts(call: Call, rows: Rows) -> None:
    assert call(secret=f"{SECRET} before").status_code == 202
    assert rows() == 1


def test_the_secret_before_ends(call: Call, rows: Rows, database: Engine, vault: Vault, vendor: Vendor,
                                connected: Workspace, now: datetime) -> None:  # fmt: skip
    with transaction(database) as conn:
        connections.save(
            conn, vault, workspace_id=connected.id, system=vendor.name,
            url=f"https://acme.{vendor.name}.example",
            config={"webhook_secret_before_until": now.isoformat()},
            secrets={"webhook_secret": SECRET, "webhook_secret_before": f"{SECRET} before"}, now=now,
        )  # fmt: skip
    assert call(secret=f"{SECRET} before").status_code == 401
    assert call().status_code == 202


@pytest.mark.parametrize("secret", ["wrong", "", "the-other-secret"])
def test_another_secret_is_refused(call: Call, rows: Rows, secret: str) -> None:
    assert call(secret=secret).status_code == 401
    assert rows() == 0


def test_a_call_without_a_signature_is_refused(call: Call, rows: Rows, vendor: Vendor) -> None:
    assert call(**{vendor.proof: None}).status_code == 401
    assert call(**{vendor.proof: ""}).status_code == 401
    assert rows() == 0


def test_a_body_that_was_tampered_with_is_refused(
    call: Call, rows: Rows, vendor: Vendor, now: datetime
) -> None:
    signed = vendor.sign(vendor.body(now), SECRET, now, "acme")
    assert call(vendor.body(now) + b" ", **signed).status_code == 401
    assert rows() == 0


def test_a_call_for_another_workspace_is_refused(call: Call, rows: Rows) -> None:
    assert call(slug="other", signed_for="acme").status_code == 401
    assert rows() == 0


def test_an_old_call_is_refused_and_one_just_within_is_not(
    call: Call, rows: Rows, vendor: Vendor, now: datetime
) -> None:
    assert call(at=now - vendor.lasts - timedelta(seconds=1)).status_code == 401
    assert rows() == 0
    assert call(at=now - vendor.lasts + timedelta(seconds=1)).status_code == 202


def test_a_workspace_that_is_not_there_answers_as_one_that_is_not_connected_and_as_a_wrong_signature(
    call: Call, rows: Rows
) -> None:
    wrong, unknown, bare = call(secret="wrong"), call(slug="nobody"), call(slug="bare")
    assert {answer.status_code for answer in (wrong, unknown, bare)} == {401}
    assert wrong.data == unknown.data == bare.data
    assert dict(wrong.headers) == dict(unknown.headers) == dict(bare.headers)
    assert rows() == 0


def test_a_host_name_that_the_caller_claims_proves_nothing(call: Call, vendor: Vendor, now: datetime) -> None:
    assert call(Host="evil.example", X_Forwarded_Host="evil.example").status_code == 202


def test_only_post_is_heard(client: FlaskClient, vendor: Vendor) -> None:
    assert client.get(f"/webhooks/{vendor.name}/acme").status_code == 405
