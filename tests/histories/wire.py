"""The vendors' HTTP edge without sockets: what is asked of an address is answered by the app that plays it.

Both client libraries end in urllib3, so this stands in the place of its `urlopen`. A call takes a third of a
millisecond instead of three, nothing runs beside it, and the same history is the same every time.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from unittest import mock
from urllib.parse import unquote_to_bytes

import urllib3
from werkzeug.test import run_wsgi_app

Wsgi = Callable[..., Any]

EMPTY: Mapping[str, str] = {}


@contextmanager
def answered_by(apps: Mapping[int, Wsgi]) -> Iterator[None]:
    """Whoever asks one of these ports gets the answer of its app; nobody gets any other."""

    def urlopen(
        pool: Any,
        method: str,
        url: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        **how: Any,
    ) -> urllib3.HTTPResponse:
        environ = _environ(pool, method, url, body, headers or EMPTY)
        chunks, status, answered = run_wsgi_app(apps[pool.port], environ, buffered=True)
        code, _, reason = status.partition(" ")
        return urllib3.HTTPResponse(
            BytesIO(b"".join(chunks)),
            headers=urllib3.HTTPHeaderDict(list(answered)),
            status=int(code),
            reason=reason,
            preload_content=how.get("preload_content", True),
            decode_content=how.get("decode_content", True),
            request_method=method,
            request_url=url,
        )

    with mock.patch.object(urllib3.HTTPConnectionPool, "urlopen", urlopen):
        yield


@contextmanager
def alone(apps: Mapping[int, Wsgi]) -> Iterator[None]:
    """For as long as this lasts there is no network but these apps, and who waits waits in no time."""
    with answered_by(apps), mock.patch.object(time, "sleep"):
        yield


def _environ(pool: Any, method: str, url: str, body: Any, headers: Mapping[str, str]) -> dict[str, Any]:
    path, _, query = url.partition("?")
    content = body.encode() if isinstance(body, str) else bytes(body or b"")
    environ: dict[str, Any] = {
        f"HTTP_{name.upper().replace('-', '_')}": _text(value) for name, value in headers.items()
    }
    return environ | {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": pool.host,
        "SERVER_PORT": str(pool.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": environ.get("HTTP_CONTENT_TYPE", ""),
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(content),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
