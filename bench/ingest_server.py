"""The app as `kithspark serve --no-worker` serves it, and beside its webhooks the same ones twice more.

`/verified/…` proves the signature and keeps nothing; `/alone/…` commits each delivery by itself.
"""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from sqlalchemy import Connection, Engine

from plugin import create_app, housekeeping, logs
from plugin.serving import BACKLOG, THREADS
from plugin.settings import Settings
from store.together import T, Together
from webhooks import receiving


class Nothing(Together):
    def write(self, engine: Engine, do: Callable[[Connection], T]) -> T:  # noqa: ARG002 - that is the point
        return True  # type: ignore[return-value]


class Alone(Together):
    """As it is usually done: SQLite itself says who of those that wait is next."""

    def write(self, engine: Engine, do: Callable[[Connection], T]) -> T:
        with engine.begin() as conn:
            return do(conn)


def main() -> None:
    settings = Settings.load()
    Granian(
        "bench",
        address=settings.listen_host,
        port=settings.listen_port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        websockets=False,
        log_enabled=False,
    ).serve(target_loader=partial(_load, settings), wrap_loader=False)


def _load(settings: Settings) -> Callable[..., Any]:
    logs.configure(settings.log)
    app = create_app(settings)
    state = app.extensions["kithspark"]
    for name, together in (("verified", Nothing()), ("alone", Alone())):
        ears = receiving.Receiver(
            state.engine, state.vault, settings.public_url, state.wake, state.clock, together
        )
        app.register_blueprint(receiving.routes(ears), name=name, url_prefix=f"/{name}")
    housekeeping.start(state.engine, threading.Event())
    return app


if __name__ == "__main__":
    main()
