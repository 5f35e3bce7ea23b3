import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from structlog.testing import capture_logs

from store import doorbell
from tests.redis_server import started


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    with started(tmp_path) as redis:
        yield redis.url


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The shelves for which the bell rang in this process."""
    shelves: list[str] = []
    monkeypatch.setattr(doorbell, "_answers", [])
    doorbell.answer(shelves.append)
    return shelves


def test_a_ring_reaches_the_worker_and_carries_only_the_shelf(redis_url: str, heard: list[str]) -> None:
    doorbell.ring(redis_url, "looks")
    redis = Redis.from_url(redis_url)
    queue = Queue(doorbell.QUEUE, connection=redis, serializer=JSONSerializer)
    [job] = queue.jobs
    assert json.loads(job.serializer.dumps([job.func_name, list(job.args), job.kwargs])) == [
        "store.doorbell.drain",
        ["looks"],
        {},
    ]
    SimpleWorker([queue], connection=redis, serializer=JSONSerializer).work(burst=True)
    assert heard == ["looks"]
    assert queue.count == 0


def test_rings_that_nobody_has_answered_yet_are_one_ring(redis_url: str, heard: list[str]) -> None:
    queue = Queue(doorbell.QUEUE, connection=Redis.from_url(redis_url), serializer=JSONSerializer)
    for _ in range(3):
        doorbell.ring(redis_url, "looks")
    assert queue.count == 1
    SimpleWorker([queue], connection=queue.connection, serializer=JSONSerializer).work(burst=True)
    doorbell.ring(redis_url, "looks")
    assert queue.count == 1, "what comes after the answer rings again"
    assert heard == ["looks"]


def test_without_redis_nothing_rings_and_nothing_fails() -> None:
    with capture_logs() as said:
        doorbell.ring(None, "looks")
    assert said == []


def test_a_redis_that_is_gone_costs_a_line_in_the_log_and_no_more() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        with capture_logs() as said:
            doorbell.ring(f"redis://127.0.0.1:{taken.getsockname()[1]}/0", "looks")
    assert [(one["event"], one["shelf"]) for one in said] == [("doorbell_failed", "looks")]


def test_a_process_that_is_no_worker_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorbell, "_answers", [])
    with pytest.raises(RuntimeError, match="kithspark work"):
        doorbell.drain("looks")
