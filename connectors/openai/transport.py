"""How bytes come from the server: within the bounds of `connectors/bodies.py`. Slow to import."""

import time
from collections.abc import Iterator

import httpx2

from connectors import bodies


class Bounded(httpx2.HTTPTransport):
    """Reads an answer whole, and raises bodies.UnboundedError where it is too large or too slow."""

    def __init__(self, *, slowest_s: float | None = None) -> None:
        super().__init__(retries=0)
        self._slowest_s = slowest_s

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers["Accept-Encoding"] = "identity"  # what is packed small could be large
        started, answer = time.monotonic(), super().handle_request(request)
        return httpx2.Response(
            answer.status_code,
            headers=answer.headers,
            stream=_Whole(answer, started, self._slowest_s),
            extensions=answer.extensions,
        )


class _Whole(httpx2.SyncByteStream):
    def __init__(self, answer: httpx2.Response, started: float, slowest_s: float | None) -> None:
        self._answer, self._started, self._slowest_s = answer, started, slowest_s

    def __iter__(self) -> Iterator[bytes]:
        stream = self._answer.stream
        assert isinstance(stream, httpx2.SyncByteStream)
        yield bodies.whole(stream, started=self._started, slowest_s=self._slowest_s)

    def close(self) -> None:
        self._answer.close()
