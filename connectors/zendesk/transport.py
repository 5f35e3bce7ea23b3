"""How bytes travel to Zendesk: to one address only, once, within time and size."""

import time
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from connectors import bodies
from connectors.keepable import keepable
from connectors.zendesk.answers import TooMuchError

ZENPY_HOST = "zendesk.configured.invalid"
"""The host that zenpy is told, since it knows only https and names with a dot; never looked up."""


class ElsewhereError(requests.exceptions.RequestException):
    """Something asked for an address that is not the configured one: our token must not go there."""


class Once(HTTPAdapter):
    """Sends each request once, and takes an answer only within the bounds of `connectors/bodies.py`.

    zenpy's own adapter repeats PUTs when an answer is lost, which would post a comment twice.
    """

    def __init__(self) -> None:
        super().__init__(max_retries=0)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        started = time.monotonic()
        response = super().send(request, *args, **{**kwargs, "stream": True})
        try:
            response.raw = BytesIO(keepable(bodies.whole(bodies.pieces(response.raw), started=started)))
        except bodies.UnboundedError as e:
            response.raw.close()  # the rest is not read, so the connection cannot be used again
            raise TooMuchError(e, request=request) from e
        except urllib3.exceptions.HTTPError as e:
            raise requests.exceptions.ConnectionError(e, request=request) from e
        return response


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
