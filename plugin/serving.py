"""Serves the app with granian, and beside it, in the same process, the worker.

Granian starts a process for the app and watches it; we let it start exactly one. The app, its threads and
the worker live in that one, because SQLite likes one writing process, and because whoever commits can wake
the worker directly. The process is forked before anything is opened or any thread runs.

    SIGTERM, Ctrl-C    both hear it: the worker gives back what it has not begun, open requests are
                       answered, all of it within 20 s; exit 0
    the app dies       granian ends with an error, for whoever started it to start it again
    granian is killed  a pipe that only it holds open ends, and the app ends itself as for SIGTERM
"""

import multiprocessing
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

import structlog

from plugin import logs
from plugin.settings import Settings

THREADS = 16
BACKLOG = 1024
STOP_S = 22
"""A little more than a worker may take."""

INSIST_S = 3.0
"""How long the end that was asked for may take to be heard."""

log = structlog.get_logger()


class CannotServe(Exception):
    """The server could not start, or its app ended by itself. The message says what to do."""


def serve(settings: Settings, *, with_worker: bool) -> None:
    """Serves until it is told to stop. Raises CannotServe."""
    from granian import Granian
    from granian.constants import Interfaces

    must_be_free(settings)
    lifeline, held_by_us = multiprocessing.Pipe(duplex=False)
    server = Granian(
        "kithspark",
        address=settings.listen_host,
        port=settings.listen_port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        websockets=False,
        log_enabled=False,
        workers_kill_timeout=STOP_S,
    )

    log.info("serving", at=f"http://{settings.listen}", public_url=settings.public_url, worker=with_worker)
    try:
        server.serve(
            target_loader=partial(_load, settings, with_worker, lifeline, held_by_us), wrap_loader=False
        )
    except SystemExit as ended:
        # Granian also calls it an error when the app, told to end as well, was quicker than granian itself.
        if ended.code and not server.interrupt_signal:
            raise CannotServe(
                "The app ended by itself: its last words are in the log. Start it again."
            ) from ended
    log.info("served")


def must_be_free(settings: Settings) -> socket.AddressFamily:
    """Of which family the address is. Raises CannotServe where somebody listens there.

    Granian would share the address with another server, and each get some of the calls.
    """
    host, port = settings.listen_host, settings.listen_port
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return family
    except OSError as trouble:
        raise CannotServe(
            f"Nobody can listen at {settings.listen} ({trouble.strerror}): end what listens there, or set "
            "KITHSPARK_LISTEN to another HOST:PORT."
        ) from trouble


def _load(
    settings: Settings, with_worker: bool, lifeline: Connection, held_by_granian: Connection
) -> Callable[..., Any]:
    """In granian's process for the app, on its main thread."""
    from plugin import create_app, housekeeping

    held_by_granian.close()  # our copy of it
    logs.configure(settings.log)
    app = create_app(settings)
    stop = threading.Event()
    wake: Callable[[], None] = stop.set
    housekeeping.start(app.extensions["kithspark"].engine, stop)
    if with_worker:
        wake = _start_worker(app.extensions["kithspark"], stop)
    _listen_for_the_end(stop, wake, lifeline)
    return app


def _start_worker(app: Any, stop: threading.Event) -> Callable[[], None]:
    """No daemon: the process ends only when the worker has ended, which takes 20 s at most."""
    from plugin import work

    worker = work.worker(app)

    def run() -> None:
        work.arm_at_last(app, stop)
        worker.run_forever(stop)

    threading.Thread(target=run, name="worker").start()
    return worker.wake


def _listen_for_the_end(stop: threading.Event, wake: Callable[[], None], lifeline: Connection) -> None:
    """Granian takes the signals for itself later on, so we have each of them written to a socket as well."""
    heard, told = socket.socketpair()
    told.setblocking(False)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)

    def listen() -> None:
        ends = {signal.SIGTERM, signal.SIGINT}
        while not stop.is_set():
            ready, _, _ = select.select([heard.fileno(), lifeline.fileno()], [], [])
            granian_is_gone = lifeline.fileno() in ready  # nothing is ever written to it
            if granian_is_gone:
                os.kill(os.getpid(), signal.SIGTERM)
            if granian_is_gone or ends & set(heard.recv(64)):
                stop.set()
                wake()
        heard.detach(), told.detach()  # they stay open: further signals may come
        _insist()

    threading.Thread(target=listen, name="listening for the end", daemon=True).start()


def _insist() -> None:
    """Of two signals at once the main thread can lose the last, and then waits for ever: say it again."""
    while threading.main_thread().is_alive():  # until it leaves granian, and waits for our worker alone
        time.sleep(INSIST_S)
        if threading.main_thread().is_alive():
            os.kill(os.getpid(), signal.SIGTERM)
