"""The durable acknowledgement of a webhook, beside the same server that keeps nothing, or each by itself."""

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from cryptography.fernet import Fernet

from bench.load import SECRET
from bench.measure import Line
from store import connections, migrate, workspaces
from store.database import open_database, transaction, utc_now
from store.secrets import Vault
from tests.postgres.server import started

CONNECTIONS = 16
FOR_S = 2.0
PATHS = {way: f"/{way}/jira/acme" for way in ("webhooks", "verified", "alone")}


def run(folder: Path, *, rounds: int) -> Iterator[Line]:
    """On SQLite in `folder`, then on a Postgres of its own where the machine has one."""
    yield from _on("SQLite", f"sqlite:///{folder / 'ingest.db'}", folder, rounds)
    with started() as server, server.database() as name:
        yield from _on("Postgres", server.url(name), folder, rounds)


def _on(dbms: str, url: str, folder: Path, rounds: int) -> Iterator[Line]:
    key = Fernet.generate_key().decode()
    _prepare(url, key)
    took: dict[str, list[list[float]]] = {way: [] for way in PATHS}
    with _served(url, key, folder) as port:
        for way in PATHS:  # whatever is made at the first call
            _load(port, way, 0.5)
        for number in range(rounds):
            order = list(PATHS)[number % 3 :] + list(PATHS)[: number % 3]
            for way in order:
                took[way].append(_load(port, way, FOR_S))
    each = {way: [FOR_S / len(times) for times in of_way] for way, of_way in took.items()}
    slow = {way: [_p99(times) for times in of_way] for way, of_way in took.items()}
    rate = statistics.median(1 / one for one in each["webhooks"])
    rates = [without / kept for without, kept in zip(each["verified"], each["webhooks"], strict=True)]
    yield Line(
        f"{dbms}: durable answers / answers that keep nothing",
        statistics.median(each["webhooks"]), statistics.median(each["verified"]), rates, 0.65, lower=False,
        note=f"{rate:,.0f} a second kept, {CONNECTIONS} connections",
    )  # fmt: skip
    yield _tail(f"{dbms}: p99 durable / p99 that keeps nothing", slow["webhooks"], slow["verified"], 3.0)
    if dbms == "SQLite":  # on Postgres each is a commit of its own anyway
        yield _tail(
            f"{dbms}: p99 a commit each / p99 together", slow["alone"], slow["webhooks"], 5.0, lower=False
        )


def _tail(what: str, subject: list[float], anchor: list[float], goal: float, *, lower: bool = True) -> Line:
    ratios = [mine / theirs for mine, theirs in zip(subject, anchor, strict=True)]
    return Line(what, statistics.median(subject), statistics.median(anchor), ratios, goal, lower)


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def _prepare(url: str, key: str) -> None:
    engine, now = open_database(url), utc_now()
    migrate.upgrade(engine)
    with transaction(engine) as conn:
        acme = workspaces.add(conn, slug="acme", name="Acme", now=now)
        connections.save(
            conn, Vault([key]), workspace_id=acme.id, system="jira", url="https://acme.example", config={},
            secrets={"webhook_secret": SECRET}, now=now,
        )  # fmt: skip
    engine.dispose()


@contextlib.contextmanager
def _served(url: str, key: str, folder: Path) -> Iterator[int]:
    """The port of a server in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "KITHSPARK_DATABASE_URL": url, "KITHSPARK_DATA_DIR": str(folder), "KITHSPARK_SECRET_KEYS": key,
        "KITHSPARK_LISTEN": f"127.0.0.1:{port}", "KITHSPARK_LOG": "json",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.ingest_server"], env=os.environ | settings, start_new_session=True
    )
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2)
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def _load(port: int, way: str, for_s: float) -> list[float]:
    command = [sys.executable, "-m", "bench.load", str(port), PATHS[way], str(CONNECTIONS), str(for_s)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    times: list[float] = json.loads(done.stdout)
    return times
