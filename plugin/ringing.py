"""With Redis: an RQ worker beside ours, which does nothing but wake it whenever somebody rings.

Ours goes on sweeping whatever becomes of Redis; only then it finds out up to five seconds later.
"""

import threading
from typing import TYPE_CHECKING

import structlog

from store import doorbell
from store.crash_points import reached
from store.worker import Worker

if TYPE_CHECKING:
    from redis.client import Pipeline
    from rq import Queue
    from rq.job import Job

AGAIN_S = 5.0
WORKER_TTL_S = 35
"""An RQ worker waits for a job 15 s less than this, and looks after RQ's own registers only in between."""

log = structlog.get_logger()


def work_when_it_rings(redis_url: str, worker: Worker, stop: threading.Event) -> None:
    """Works until `stop` is set. To be called on the main thread; the signals are the caller's."""
    doorbell.answer(lambda _shelf: worker.wake())
    ringing = threading.Thread(target=_listen, args=(redis_url, stop), name="doorbell", daemon=True)
    ringing.start()
    worker.run_forever(stop)


def _listen(redis_url: str, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            _jobs(redis_url, stop)
        except Exception as trouble:  # noqa: BLE001 - a Redis that restarts comes back
            log.warning("doorbell_unheard", error=type(trouble).__name__)
        stop.wait(AGAIN_S)


def _jobs(redis_url: str, stop: threading.Event) -> None:
    """Does RQ's jobs until `stop` is set; a wait for the next job is not cut short."""
    from redis import Redis
    from rq import SimpleWorker
    from rq.exceptions import StopRequested
    from rq.serializers import JSONSerializer
    from rq.timeouts import TimerDeathPenalty

    class Listener(SimpleWorker):
        """In this process, on a thread of its own, where no signal can be handled."""

        death_penalty_class = TimerDeathPenalty
        max_connection_wait_time = int(AGAIN_S)

        def _install_signal_handlers(self) -> None:
            """The process's own are the caller's."""

        def heartbeat(self, timeout: int | None = None, pipeline: "Pipeline | None" = None) -> None:
            """It comes by here before each wait."""
            if stop.is_set() and pipeline is None:
                raise StopRequested
            super().heartbeat(timeout, pipeline)

        def execute_job(self, job: "Job", queue: "Queue") -> None:
            """Only ours: RQ would call any function that a job names."""
            if job.func_name != doorbell.DRAIN:
                log.warning("strange_job_refused", job=job.id)
                job.delete()
                return
            super().execute_job(job, queue)
            reached("doorbell.done")

    redis = Redis.from_url(redis_url, socket_connect_timeout=1.0)
    Listener(
        [doorbell.QUEUE],
        connection=redis,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL_S,
        log_job_description=False,
    ).work(logging_level="WARNING")
