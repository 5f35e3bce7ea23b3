"""Serves one sandbox vendor on a real socket, with kept-alive connections as the real vendors keep them."""

import socket
import threading
from collections.abc import Callable
from http import HTTPStatus
from io import BytesIO
from types import TracebackType
from typing import Any, Self

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.test import run_wsgi_app

POLL_S = 0.05
"""How long `stop` may wait for the accept loop to notice."""


class Handler(WSGIRequestHandler):
    """Werkzeug's handler closes each connection and waits 10 ms for stray bytes; this one does neither."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    opened: Callable[[socket.socket], None]
    closed: Callable[[socket.socket], None]

    def setup(self) -> None:
        super().setup()
        type(self).opened(self.connection)

    def finish(self) -> None:
        type(self).closed(self.connection)
        super().finish()

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        # The whole body is read first, so that the next request on this connection starts where it should.
        if environ.get("wsgi.input_terminated"):
            body = environ["wsgi.input"].read()
        else:
            body = self.rfile.read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        chunks, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        try:
            self._answer(status, list(headers), b"".join(chunks))
        except OSError:  # a fault, or the client, closed the connection meanwhile
            self.close_connection = True

    def _answer(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        code, _, reason = status.partition(" ")
        self.send_response_only(int(code), reason)
        names = {name.lower() for name, _ in headers}
        for name, value in headers:
            self.send_header(name, value)
        if "date" not in names:
            self.send_header("Date", self.date_time_string())
        bodiless = int(code) in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        if "content-length" not in names and not bodiless:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and not bodiless:
            self.wfile.write(body)

    def log(self, type: str, message: str, *args: Any) -> None:
        """Silent: tests and the demo print what matters themselves."""


class Server:
    """A Flask app on a port of its own, in a thread that ends with the process.

    Stopping also cuts the connections that clients keep open; starting again takes the same port.
    """

    def __init__(self, app: Flask, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.app, self.host, self.port = app, host, port
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None
        self._open: set[socket.socket] = set()

    @property
    def url(self) -> str:
        """`http://host:port`. Raises RuntimeError before the first start, when no port is known."""
        if not self.port:
            raise RuntimeError("The sandbox server has no address yet: call start() first.")
        return f"http://{self.host}:{self.port}"

    def start(self) -> Self:
        """Listen from now on. Raises SystemExit (werkzeug's) when the port is taken."""
        handler = type(
            "BoundHandler",
            (Handler,),
            {"opened": staticmethod(self._open.add), "closed": staticmethod(self._open.discard)},
        )
        self._server = make_server(self.host, self.port, self.app, threaded=True, request_handler=handler)
        self.port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_S,), name=f"sandbox:{self.port}", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Listen no more. Harmless when not started."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was quicker
        self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
