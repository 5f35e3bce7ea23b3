"""What a server answers that cannot begin yet: it is alive and not ready, and vendors are to come back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from plugin import serving
from plugin.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATIENCE_S = 5.0
AGAIN_S = "30"
"""As a receiver of webhooks says that cannot keep them."""

LONGEST_BODY = 1 << 20


@dataclass
class Reason:
    """Why it does not begin, as of now; empty once it can."""

    words: str

    def answer(self, environ: "WSGIEnvironment", start: "StartResponse") -> list[bytes]:
        sent = environ.get("CONTENT_LENGTH", "")
        if sent.isascii() and sent.isdigit():  # who is not heard out may never read the answer
            environ["wsgi.input"].read(min(int(sent), LONGEST_BODY))
        told = [("Content-Type", "text/plain; charset=utf-8"), ("Server", "kithspark")]
        if environ["PATH_INFO"] == "/healthz":
            start("200 OK", told)
            return [b"ok\n"]
        start("503 Service Unavailable", [*told, ("Retry-After", AGAIN_S)])
        why = self.words if environ["PATH_INFO"] == "/readyz" else "Nothing can be kept now: try again later."
        return [f"{why}\n".encode()]


@contextmanager
def answering(settings: Settings, reason: Reason) -> Iterator[None]:
    """Answers at the server's address until the block ends. Raises CannotServe."""
    family = serving.must_be_free(settings)

    class Server(ThreadingMixIn, WSGIServer):
        address_family = family
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Whoever hung up gets no answer."""

    with Server((settings.listen_host, settings.listen_port), _Handler) as server:
        server.set_app(reason.answer)
        thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="answering", daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


class _Handler(WSGIRequestHandler):
    timeout = PATIENCE_S

    def log_message(self, *_: Any) -> None:
        """The reason is in the log already."""
