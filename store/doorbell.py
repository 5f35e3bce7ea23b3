"""The doorbell: tells the workers of other processes that a shelf has something new.

It carries nothing but the shelf's name, and nothing depends on it: without Redis, or when Redis loses
everything, the next sweep of any worker finds the same rows a few seconds later.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import structlog

from store.crash_points import reached

if TYPE_CHECKING:
    from rq import Queue

QUEUE = "kithspark"
DRAIN = "store.doorbell.drain"
UNHEARD_S = 60
"""A ring that nobody answers ends after this."""

log = structlog.get_logger()
_answers: list[Callable[[str], None]] = []


def ring(redis_url: str | None, shelf: str) -> None:
    """To be called after a commit. Never raises; does nothing without Redis.

    A ring that nobody has answered yet is answered after this commit as well: there need be only one.
    """
    if redis_url is None:
        return
    from redis.exceptions import RedisError

    try:
        queue = _queue(redis_url)
        if queue.count == 0:
            queue.enqueue_call(
                DRAIN, (shelf,), timeout=120, ttl=UNHEARD_S, result_ttl=0, failure_ttl=UNHEARD_S
            )
            reached("doorbell.rung")
    except (RedisError, OSError) as trouble:
        log.warning("doorbell_failed", shelf=shelf, error=type(trouble).__name__)


def answer(wake: Callable[[str], None]) -> None:
    """Says what this process does when the bell rings for a shelf. A worker calls it once, at its start."""
    _answers.append(wake)


def drain(shelf: str) -> None:
    """The one job that RQ runs. Raises RuntimeError in a process that is no worker of ours."""
    if not _answers:
        raise RuntimeError("Nobody works in this process: run `kithspark work`, not `rq worker`.")
    reached("doorbell.taken")
    for wake in _answers:
        wake(shelf)


@lru_cache(maxsize=4)
def _queue(redis_url: str) -> "Queue":
    """With JSON, because RQ's default lets whoever can write to Redis run code in whoever reads it."""
    from redis import Redis
    from rq import Queue
    from rq.serializers import JSONSerializer

    redis = Redis.from_url(redis_url, socket_connect_timeout=0.5, socket_timeout=0.5)
    return Queue(QUEUE, connection=redis, serializer=JSONSerializer)
