"""What was answered 202 is kept, however the server ends, and whoever still waits is not kept waiting."""

import hashlib
import hmac
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from store import connections, inbox, workspaces
from store.database import open_database, reading, transaction, utc_now
from store.secrets import Vault, load_or_create_keys
from tests.plugin.test_serving import Served
from tests.plugin.test_serving import serve as serve  # noqa: PLC0414 - its fixture

SECRET = "of the webhook"
EVENT = {"webhookEvent": "jira:issue_updated", "timestamp": int(time.time() * 1000), "issue": {"id": "1"}}
BODY = json.dumps(EVENT).encode()
SENDERS = 12


def connected(folder: Path) -> None:
    engine, now = open_database(f"sqlite:///{folder / 'kithspark.db'}"), utc_now()
    with transaction(engine) as conn:
        acme = workspaces.add(conn, slug="acme", name="Acme", now=now)
        connections.save(
            conn, Vault(load_or_create_keys(folder)), workspace_id=acme.id, system="jira",
            url="https://acme.example", config={}, secrets={"webhook_secret": SECRET}, now=now,
        )  # fmt: skip
    engine.dispose()


def send_until_nobody_answers(url: str, name: int, acknowledged: list[str]) -> None:
    sign = f"sha256={hmac.digest(SECRET.encode(), BODY, hashlib.sha256).hex()}"
    head = {"X-Hub-Signature": sign, "Content-Type": "application/json"}
    with requests.Session() as session:
        for number in range(100_000):
            ident = f"{name}-{number}"
            head["X-Atlassian-Webhook-Identifier"] = ident
            try:
                answer = session.post(f"{url}/webhooks/jira/acme", BODY, headers=head, timeout=40)
            except requests.RequestException:
                return
            if answer.status_code == 202:
                acknowledged.append(ident)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_every_acknowledged_delivery_is_there_after_the_end(
    serve: Callable[..., Served], tmp_path: Path, end: signal.Signals
) -> None:
    server = serve("--no-worker").ready()
    connected(tmp_path)
    acknowledged: list[str] = []
    senders = [
        threading.Thread(target=send_until_nobody_answers, args=(server.url, name, acknowledged))
        for name in range(SENDERS)
    ]
    for sender in senders:
        sender.start()
    until = time.monotonic() + 30
    while len(acknowledged) < 150 and time.monotonic() < until:
        time.sleep(0.01)
    os.killpg(server.process.pid, end)
    for sender in senders:
        sender.join(45)
    assert not any(sender.is_alive() for sender in senders)
    server.process.wait(30)
    engine = open_database(f"sqlite:///{tmp_path / 'kithspark.db'}")
    with reading(engine) as conn:
        kept = set(conn.scalars(select(inbox.inbox.c.delivery_id)))
    engine.dispose()
    assert acknowledged
    assert set(acknowledged) <= kept
