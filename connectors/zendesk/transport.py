"""How bytes travel to Zendesk: to one address only, once, within time and size."""

import time
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from connectors.keepable import keepable

ZENPY_HOST = "zendesk.configured.invalid"
"""The host that zenpy is told, since it knows only https and names with a dot; never looked up."""

LARGEST_BYTES = 8 * 1024 * 1024

SLOWEST_S = 60.0
"""For one whole answer: a server that drips a byte now and then must not hold a worker for ever."""


class ElsewhereError(requests.exceptions.RequestException):
    """Something asked for an address that is not the configured one: our token must not go there."""


class Once(HTTPAdapter):
    """Sends each request once, and takes an answer only within `LARGEST_BYTES` and `SLOWEST_S`.

    zenpy's own adapter repeats PUTs when an answer is lost, which would post a comment twice.
    """

    def __init__(self) -> None:
        super().__init__(max_retries=0)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        started = time.monotonic()
        response = super().send(request, *args, **{**kwargs, "stream": True})
        try:
            response.raw = BytesIO(keepable(b"".join(bounded(response.raw, started))))
        except urllib3.exceptions.HTTPError as e:
            raise requests.exceptions.ConnectionError(e, request=request) from e
        return response


def bounded(raw: urllib3.HTTPResponse, started: float) -> Iterator[bytes]:
    """The body, piece by piece. Raises ChunkedEncodingError: too much; ReadTimeout: too late."""
    length = 0
    for piece in raw.stream(64 * 1024, decode_content=True):
        length += len(piece)
        late = time.monotonic() - started > SLOWEST_S
        if length > LARGEST_BYTES or late:
            raw.close()  # the rest is not read, so the connection cannot be used again
        if late:
            raise requests.exceptions.ReadTimeout(f"the answer took more than {SLOWEST_S:.0f} s")
        if length > LARGEST_BYTES:
            raise requests.exceptions.ChunkedEncodingError(f"an answer of more than {LARGEST_BYTES} bytes")
        yield piece


def configured(url: str, base: str) -> str:
    """The address to really ask. Raises ElsewhereError for one that is not Zendesk's."""
    zenpys, ours, asked = f"https://{ZENPY_HOST}", urlsplit(base), urlsplit(url)
    if url.startswith(zenpys + "/"):
        return base + url.removeprefix(zenpys)
    if (asked.scheme, asked.netloc) != (ours.scheme, ours.netloc):
        raise ElsewhereError(f"{asked.scheme}://{asked.netloc} is not {base}")
    return url


def as_zenpy_sees(url: str, base: str) -> str:
    """An address as zenpy would have written it: it looks for its own host in what was asked."""
    return f"https://{ZENPY_HOST}{url.removeprefix(base)}"
