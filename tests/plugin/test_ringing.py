"""With Redis, a ring wakes the worker at once; without it the next sweep finds the same rows."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
import redis as client
import rq
from flask import Flask
from rq.serializers import JSONSerializer
from sqlalchemy import Engine

from plugin import pages
from plugin.ringing import work_when_it_rings
from store import doorbell, inbox
from store.attempt import Work
from store.database import transaction, utc_now
from store.waiting import Claimed
from store.worker import Worker
from store.workspaces import Workspace
from tests.plugin.house import free_port
from tests.redis_server import Redis, started

PASSWORD = "canary-of-the-redis"


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    with started(tmp_path) as found:
        yield found


@pytest.fixture
def put(database: Engine, workspace: Workspace) -> Callable[[str], None]:
    def put(delivery: str) -> None:
        with transaction(database) as conn:
            inbox.keep(
                conn, workspace_id=workspace.id, system="jira", delivery_id=delivery, headers={}, body=b"",
                now=utc_now(),
            )  # fmt: skip

    return put


@contextmanager
def working(engine: Engine, redis_url: str, *, sweep_s: float = 60) -> Iterator[threading.Semaphore]:
    """A worker that would sleep for long. What is yielded is raised by each row that it did."""
    done, stop = threading.Semaphore(0), Event()

    def do(claimed: Claimed) -> None:
        with transaction(engine) as conn:
            inbox.SHELF.done(conn, claimed)
        done.release()

    worker = Worker(engine, {"inbox": Work(inbox.SHELF, do)}, sweep_s=sweep_s)
    thread = threading.Thread(target=work_when_it_rings, args=(redis_url, worker, stop))
    thread.start()
    stop.wait(0.3)  # it sleeps by now
    yield done
    stop.set()
    worker.wake()
    thread.join(5)
    assert not thread.is_alive()


def test_a_ring_wakes_a_worker_that_would_sleep_for_long(
    redis: Redis, database: Engine, put: Callable[[str], None]
) -> None:
    with working(database, redis.url) as done:
        put("1")
        doorbell.ring(redis.url, "inbox")
        assert done.acquire(timeout=10)


def test_a_ring_is_heard_again_once_redis_is_back(
    redis: Redis, database: Engine, put: Callable[[str], None]
) -> None:
    redis.kill()
    with working(database, redis.url) as done:
        redis.start()
        until = time.monotonic() + 20
        put("1")
        while not done.acquire(timeout=0.5):
            assert time.monotonic() < until, "nobody hears the bell"
            doorbell.ring(redis.url, "inbox")


def test_whoever_can_write_to_redis_makes_us_run_nothing_but_the_bell(
    redis: Redis, database: Engine, put: Callable[[str], None], tmp_path: Path
) -> None:
    conn = client.Redis.from_url(redis.url)
    queue = rq.Queue(doorbell.QUEUE, connection=conn, serializer=JSONSerializer)
    with working(database, redis.url) as done:
        queue.enqueue_call("os.mkdir", (str(tmp_path / "made"),))
        until = time.monotonic() + 10
        while queue.count:
            assert time.monotonic() < until, "nobody took the job"
            time.sleep(0.02)
        put("1")
        doorbell.ring(redis.url, "inbox")
        assert done.acquire(timeout=10)
    assert not (tmp_path / "made").exists()


def test_a_worker_works_and_ends_where_redis_is_gone(database: Engine, put: Callable[[str], None]) -> None:
    put("1")
    with working(database, f"redis://127.0.0.1:{free_port()}/0", sweep_s=0.1) as done:
        assert done.acquire(timeout=10)


def test_the_app_counts_calls_in_a_redis_at_a_socket_and_without_one_lets_everybody_in(redis: Redis) -> None:
    app = Flask("plugin")
    pages.prepare(app, keys=["k"], public_url="http://127.0.0.1:1", redis_url=redis.url)

    @app.get("/")
    @pages.limits.limit("1/minute")
    def home() -> str:
        return "ok"

    codes = [app.test_client().get("/").status_code for _ in range(2)]
    assert codes == [200, 429]
    redis.kill()
    assert app.test_client().get("/").status_code == 200


def test_the_password_of_redis_is_in_no_log_while_it_is_there(tmp_path: Path, database_url: str) -> None:
    with started(tmp_path, password=PASSWORD) as redis, client.Redis.from_url(redis.url) as conn:
        said = _log_of_work(tmp_path, database_url, redis.url, until=lambda _: rq.Worker.count(conn) > 0)
        assert rq.Worker.count(conn) == 1
    assert PASSWORD not in said


def test_the_password_of_redis_is_in_no_log_when_it_is_gone(tmp_path: Path, database_url: str) -> None:
    nobody = f"redis://user:{PASSWORD}@127.0.0.1:{free_port()}/0"
    said = _log_of_work(tmp_path, database_url, nobody, until=lambda said: "doorbell_unheard" in said)
    assert PASSWORD not in said


def _log_of_work(folder: Path, database_url: str, redis_url: str, *, until: Callable[[str], bool]) -> str:
    """What a real `kithspark work` says until then, and until it has ended in order."""
    ours = {
        "KITHSPARK_DATA_DIR": str(folder), "KITHSPARK_DATABASE_URL": database_url, "KITHSPARK_LOG": "json",
        "KITHSPARK_REDIS_URL": redis_url,
    }  # fmt: skip
    log = folder / "log"
    with log.open("wb") as out:
        words = [sys.executable, "-c", "from plugin.commands import main; main()", "work"]
        process = subprocess.Popen(words, env={**os.environ, **ours}, stdout=out, stderr=out)
    end = time.monotonic() + 30
    while not until(log.read_text()):
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    return log.read_text()
