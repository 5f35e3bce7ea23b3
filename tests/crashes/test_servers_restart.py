"""Redis forgets everything, Postgres restarts, there are several servers and workers: all are told once."""

import contextlib
import os
import random
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis as client

from tests.crashes.at_random import round_of_kills, wrong_in
from tests.crashes.conftest import Towns
from tests.crashes.kill import killed_at
from tests.crashes.processes import Warm
from tests.crashes.story import begun
from tests.crashes.town import Town, opened
from tests.plugin.house import free_port
from tests.postgres.keeper import USER
from tests.postgres.programs import whom
from tests.postgres.server import Server, started

STORIES = 2


@contextmanager
def _meanwhile(do: Callable[[], object], every_s: float) -> Iterator[None]:
    """This is done again and again, on a thread of its own, until the block ends."""
    ended = threading.Event()

    def go_on() -> None:
        while not ended.wait(every_s):
            do()

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def test_a_redis_that_forgets_everything_all_the_time_loses_nothing(towns: Towns) -> None:
    with towns.of("sqlite", "rq") as town:
        assert town.redis is not None
        redis = client.Redis.from_url(town.redis.url)
        stories = [begun(town) for _ in range(STORIES)]
        with _meanwhile(redis.flushall, 0.02):
            for story in stories:
                story.done()
            town.quiet()
        assert not wrong_in(stories)


def test_a_redis_that_is_killed_and_comes_back_empty_loses_nothing(towns: Towns) -> None:
    with towns.of("sqlite", "rq") as town:
        assert town.redis is not None
        stories = [begun(town) for _ in range(STORIES)]
        stories[0].done()
        town.redis.kill()
        town.quiet()
        town.redis.start()
        stories[1].done()
        town.quiet()
        assert not wrong_in(stories)
        assert not town.processes.ended(), "nobody minds that Redis is gone"


def test_a_postgres_that_restarts_at_once_loses_nothing(warm: Warm, tmp_path: Path) -> None:
    with (
        started() as server,
        _restartable(server) as restart,
        opened(tmp_path, warm, database="postgres", queue="embedded", postgres=server) as town,
    ):
        stories = [begun(town) for _ in range(STORIES)]
        for story in stories:
            story.done()
        for _ in range(2):
            time.sleep(0.15)
            restart()
        town.quiet()
        assert not wrong_in(stories)
        assert not town.processes.ended(), "the app goes on without being started again"


@contextmanager
def _restartable(server: Server) -> Iterator[Callable[[], None]]:
    """Ends the server as `pg_ctl stop -m immediate` does, without a word to anybody, and starts it again."""
    data, running = server.folder / "data", list[subprocess.Popen[bytes]]()

    def restart() -> None:
        words = shlex.split((data / "postmaster.opts").read_text())
        process = int((data / "postmaster.pid").read_text().split()[0])
        os.kill(process, signal.SIGQUIT)
        until = time.monotonic() + 30
        while (data / "postmaster.pid").exists():
            assert time.monotonic() < until, "it does not end"
            time.sleep(0.01)
        for one in running:
            one.wait()
        running.append(subprocess.Popen(words, stderr=subprocess.DEVNULL, cwd=server.folder, **whom()))
        while not _answers(server):
            assert time.monotonic() < until, "it does not come back"
            time.sleep(0.02)

    try:
        yield restart
    finally:
        for one in running:
            one.send_signal(signal.SIGQUIT)
            one.wait()


def _answers(server: Server) -> bool:
    with contextlib.suppress(psycopg.OperationalError):
        psycopg.connect(host=str(server.folder), dbname="postgres", user=USER).close()
        return True
    return False


@pytest.mark.long
def test_of_several_servers_and_workers_on_one_postgres_any_will_do(several: Town) -> None:
    for worker in (1, 3):
        _alone(several, worker)


@pytest.mark.long
def test_of_several_servers_and_workers_any_may_be_killed(several: Town) -> None:
    rng = random.Random(5)
    for _ in range(10):
        assert round_of_kills(several, rng, victims=[0, 1, 2, 3]) > 0


@pytest.fixture
def several(warm: Warm, tmp_path: Path, postgres: Server) -> Iterator[Town]:
    """Two servers and two workers."""
    other = f"--listen=127.0.0.1:{free_port()}"
    serve = ["serve", "--no-worker"]
    ran = [serve, ["work"], [*serve, other], ["work"]]
    with opened(tmp_path, warm, database="postgres", queue="rq", postgres=postgres, commands=ran) as town:
        _both_servers_hear(town, other)
        yield town


def _both_servers_hear(town: Town, other: str) -> None:
    """Jira tells the second server, Zendesk the first."""
    [told] = town.jira.sender.subscriptions
    town.jira.sender.subscriptions.clear()
    elsewhere = f"http://{other.partition('=')[2]}"
    town.jira.webhook(told.url.replace(town.processes.url, elsewhere), told.secret)


def _alone(town: Town, worker: int) -> None:
    """While the other one is dead, this one does everything."""
    town.processes.kill(4 - worker)
    story = begun(town)
    story.done()
    while town.busy():
        time.sleep(0.05)
    assert not story.wrong()
    town.processes.start()


@pytest.mark.long
@pytest.mark.parametrize("point", ["inbox.claimed", "reply.kept", "reply.applied"])
def test_with_the_settings_as_they_come_it_is_tried_again_within_thirty_seconds(
    warm: Warm, tmp_path: Path, point: str
) -> None:
    with opened(tmp_path, warm, database="sqlite", queue="embedded", settings={}) as town:
        result = killed_at(town, point, patience_s=200)
        assert result.good
        assert 0 < result.again_s < 30
