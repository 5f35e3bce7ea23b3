"""With Redis, a ring wakes the worker at once; without it the next sweep finds the same rows."""

import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NoRedis
from sqlalchemy import Engine

from plugin.ringing import work_when_it_rings
from store import doorbell, inbox
from store.attempt import Work
from store.database import transaction, utc_now
from store.waiting import Claimed
from store.worker import Worker
from store.workspaces import Workspace
from tests.plugin.house import free_port

SERVER = shutil.which("redis-server")

pytestmark = pytest.mark.skipif(SERVER is None, reason="there is no redis-server on this machine")


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    assert SERVER is not None
    words = [SERVER, "--port", str(port), "--save", "", "--dir", str(tmp_path), "--loglevel", "warning"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    url = f"redis://127.0.0.1:{port}/0"
    for _ in range(100):
        try:
            Redis.from_url(url).ping()
            break
        except NoRedis:
            time.sleep(0.05)
    yield url
    process.kill()
    process.wait()


def test_a_ring_wakes_a_worker_that_would_sleep_for_long(
    redis_url: str, database: Engine, workspace: Workspace
) -> None:
    done, stop, began = Event(), Event(), Event()

    def do(claimed: Claimed) -> None:
        with transaction(database) as conn:
            inbox.SHELF.done(conn, claimed)
        done.set()

    worker = Worker(database, {"inbox": Work(inbox.SHELF, do)}, sweep_s=60)
    working = threading.Thread(target=work_when_it_rings, args=(redis_url, worker, stop))
    working.start()
    began.wait(0.3)  # it sleeps by now
    with transaction(database) as conn:
        inbox.keep(conn, workspace_id=workspace.id, system="jira", delivery_id="1", headers={}, body=b"",
                   now=utc_now())  # fmt: skip
    doorbell.ring(redis_url, "inbox")
    assert done.wait(10)
    stop.set()
    worker.wake()
    working.join(5)
    assert not working.is_alive()


def test_a_worker_works_and_ends_where_redis_is_gone(database: Engine) -> None:
    stop = Event()
    worker = Worker(database, {}, sweep_s=0.1)
    gone = f"redis://127.0.0.1:{free_port()}/0"
    working = threading.Thread(target=work_when_it_rings, args=(gone, worker, stop))
    working.start()
    stop.set()
    worker.wake()
    working.join(5)
    assert not working.is_alive()
