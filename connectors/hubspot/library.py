"""hubspot-api-client, set right: date-based paths, time-outs, one connection, no redirects, our errors.

The library (12.0) speaks only the numbered paths, which end in 2027. By itself it has no time-out, lets
urllib3 retry and follow redirects, opens a new pool at each property access, and raises a different
ApiException from each of its packages. It checks no answer against its models (see `client._listed`).
`Library.api` is the `api_factory` that it asks for each time.
"""

import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any

import urllib3

from connectors import bodies, calls, waits
from connectors.calls import Call
from connectors.hubspot.answers import TooMuchError, garbled, no_answer, refusal
from connectors.keepable import keepable

PATHS = (
    (re.compile(r"^/crm/v3/objects/"), "/crm/objects/2026-09/"),
    (re.compile(r"^/crm/v4/associations/"), "/crm/associations/2026-09/"),
    (re.compile(r"^/crm/v3/pipelines/"), "/crm/pipelines/2026-09/"),
)
"""Numbered path to date-based path (HubSpot's migration guide)."""

UNREADABLE = (ValueError, TypeError, AttributeError, KeyError, RecursionError)
"""What the library trips over when an answer is not what it expects."""


class Bounded(urllib3.PoolManager):
    """Takes an answer only within the bounds of `connectors/bodies.py`, from nowhere else."""

    heard_at: datetime | None = None
    """HubSpot's own time at its last answer; None where it did not say it."""

    def urlopen(self, method: str, url: str, **kw: Any) -> Any:  # type: ignore[override]
        """Raises TooMuchError, besides urllib3's own."""
        started = time.monotonic()
        answer = super().urlopen(method, url, **{**kw, "redirect": False, "preload_content": False})
        self.heard_at = waits.moment(answer.headers.get("Date", ""))
        try:
            body = bodies.whole(bodies.pieces(answer), started=started)
        except bodies.UnboundedError as e:
            answer.close()  # the rest is not read, so the connection cannot be used again
            raise TooMuchError(str(e)) from e
        answer.release_conn()
        plain = {name: value for name, value in answer.headers.items() if name.lower() != "content-encoding"}
        return urllib3.HTTPResponse(
            keepable(body), headers=plain, status=answer.status, reason=answer.reason, preload_content=True
        )


class Library:
    """The factory of one client. `utc_offset` is the portal's, once known: the daily limit ends by it."""

    def __init__(self, *, timeout_s: tuple[float, float]) -> None:
        self.utc_offset: timedelta | None = None
        self._timeout_s = timeout_s
        self._apis: dict[tuple[str, str], Any] = {}
        once = urllib3.Retry(total=0, redirect=0, raise_on_redirect=False, raise_on_status=False)
        self._pool = Bounded(maxsize=1, retries=once)

    @property
    def heard_at(self) -> datetime | None:
        return self._pool.heard_at

    def close(self) -> None:
        """Drop the connection."""
        self._pool.clear()

    def api(self, package: Any, name: str, config: Mapping[str, object]) -> Any:
        """The api object `name` of one of the library's packages; the same one each time."""
        known = self._apis.get((package.__name__, name))
        if known is not None:
            return known
        configuration = package.Configuration()
        for key, value in config.items():
            setattr(configuration, key, value)
        api_client = package.ApiClient(configuration=configuration)
        api_client.user_agent = f"kithspark hubspot-api-client/{version('hubspot-api-client')}"
        api_client.rest_client.pool_manager = self._pool
        api_client.call_api = self._guarded(api_client.call_api, package.ApiException)
        api = getattr(package, name)(api_client=api_client)
        self._apis[package.__name__, name] = api
        return api

    def _guarded(self, call_api: Callable[..., Any], refused: type[Exception]) -> Callable[..., Any]:
        """`call_api` on date-based paths, with our time-out and our errors."""

        def call(path: str, method: str, *args: object, **more: object) -> Any:
            for numbered, dated in PATHS:
                path = numbered.sub(dated, path)
            more["_request_timeout"] = self._timeout_s
            started, status = time.monotonic(), 200
            try:
                answer = call_api(path, method, *args, **more)
            except refused as e:
                status = int(getattr(e, "status", 0) or 0)
                raise self._refusal(e) from e
            except urllib3.exceptions.HTTPError as e:
                status = 0
                raise no_answer(e) from e
            except UNREADABLE as e:
                raise garbled(e) from e
            finally:
                calls.made(Call("hubspot", method, status, time.monotonic() - started))
            if answer is None:  # a 2xx that these calls never give
                raise garbled()
            return answer

        return call

    def _refusal(self, error: Any) -> Exception:
        """Each package of the library has its own exception class; all have these three attributes."""
        return refusal(
            int(error.status or 0),
            error.body,
            dict(error.headers or {}),
            now=datetime.now(UTC),
            utc_offset=self.utc_offset,
        )
