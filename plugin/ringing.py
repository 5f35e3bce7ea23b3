"""With Redis: an RQ worker beside ours, which does nothing but wake it whenever somebody rings.

Ours goes on sweeping whatever becomes of Redis; only then it finds out up to five seconds later.
"""

import threading

import structlog

from store import doorbell
from store.worker import Worker

AGAIN_S = 5.0

log = structlog.get_logger()


def work_when_it_rings(redis_url: str, worker: Worker, stop: threading.Event) -> None:
    """Works until `stop` is set. To be called on the main thread; the signals are the caller's."""
    doorbell.answer(lambda _shelf: worker.wake())
    ringing = threading.Thread(target=_listen, args=(redis_url, stop), name="doorbell", daemon=True)
    ringing.start()
    worker.run_forever(stop)


def _listen(redis_url: str, stop: threading.Event) -> None:
    from redis.exceptions import RedisError

    while not stop.is_set():
        try:
            _jobs(redis_url)
        except (RedisError, OSError) as trouble:
            log.warning("doorbell_unheard", error=type(trouble).__name__)
        stop.wait(AGAIN_S)


def _jobs(redis_url: str) -> None:
    """Does RQ's jobs for as long as Redis is there."""
    from redis import Redis
    from rq import SimpleWorker
    from rq.serializers import JSONSerializer
    from rq.timeouts import TimerDeathPenalty

    class Listener(SimpleWorker):
        """In this process, on a thread of its own, where no signal can be handled."""

        death_penalty_class = TimerDeathPenalty

        def _install_signal_handlers(self) -> None:
            """The process's own are the caller's."""

    redis = Redis.from_url(redis_url, socket_connect_timeout=1.0)
    Listener([doorbell.QUEUE], connection=redis, serializer=JSONSerializer).work(logging_level="WARNING")
