"""Our session: every call to Zendesk, zenpy's too, goes through it, and every failure leaves it as ours."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests

from connectors import calls, skew
from connectors.calls import Call
from connectors.errors import Refused, Unauthorized, Unavailable
from connectors.waits import moment
from connectors.zendesk import limits
from connectors.zendesk.answers import Json, asked_to_wait, checked, refusal, said, silence
from connectors.zendesk.transport import ElsewhereError, Once, as_zenpy_sees, configured

CONNECT_S = 3.05
"""A little over TCP's own first retransmission."""

READ_S = 10.0

TOKEN_LASTS_S = 7200

RENEW_BEFORE_S = 120.0

GRANT = "/oauth/tokens"

CHANGING = frozenset({"PUT", "POST", "PATCH", "DELETE"})


@dataclass(frozen=True)
class OAuthClient:
    """A confidential OAuth client with the client_credentials grant: no refresh token that could be lost."""

    client_id: str
    client_secret: str
    scope: str = "read write"


@dataclass(frozen=True)
class ApiToken:
    """The legacy way: an agent's e-mail with an API token. Zendesk ends these on 30 April 2027."""

    email: str
    token: str


class ZendeskSession(requests.Session):
    """Asks one Zendesk account, each request once. Use it from one thread only.

    After a call, `answer` is the JSON object that came and `heard_at` Zendesk's own time of it; `granted` are
    the scopes of the access token, None where Zendesk does not say them. `authorized` tells zenpy that no
    credentials are to be added.
    """

    authorized = True

    def __init__(self, base: str, credentials: OAuthClient | ApiToken, *, read_s: float = READ_S) -> None:
        super().__init__()
        self.base = base.rstrip("/")
        self.answer: Json = {}
        self.heard_at: datetime | None = None
        self.granted: frozenset[str] | None = None
        self.calls_a_minute: int | None = None
        self._credentials = credentials
        self._timeout_s = (CONNECT_S, read_s)
        self._renew_at = 0.0
        self.trust_env = not self.base.startswith("http://127.")  # no proxy to our own machine
        self.headers["User-Agent"] = "Kithspark"
        self.headers["Accept"] = "application/json"
        for scheme in ("https://", "http://"):
            self.mount(scheme, Once())
        if isinstance(credentials, ApiToken):
            self.auth = (f"{credentials.email}/token", credentials.token)
        else:
            self.auth = as_it_is

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Ask once; a second time only where 401 says that nothing was done because the token had ended.

        Raises Unavailable, Conflict, Refused, NotFound, Unauthorized.
        """
        response = self._answered(method, url, *args, **kwargs)
        self.answer = checked(response)
        return response

    def text(self, url: str) -> str:
        """A success that is no JSON, as text. Raises as `request` does."""
        response = self._answered("GET", url, headers={"Accept": "*/*"})
        if not 200 <= response.status_code < 300:
            raise refusal(response)
        return response.text

    def _answered(
        self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any
    ) -> requests.Response:
        kwargs |= {"timeout": self._timeout_s, "allow_redirects": False}
        if time.monotonic() >= self._renew_at:
            self._renew()
        response = self._ask(method, url, *args, **kwargs)
        if response.status_code == 401 and isinstance(self._credentials, OAuthClient):
            self._renew()
            response = self._ask(method, url, *args, **kwargs)
        date = response.headers.get("Date", "")
        self.heard_at = moment(date)
        skew.compare("zendesk", date)
        return response

    def clock(self) -> datetime:
        """What time it was over there at the last answer; our own time where it did not say."""
        return self.heard_at or datetime.now(UTC)

    def _ask(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        asked = url.decode() if isinstance(url, bytes) else url
        how = method.decode() if isinstance(method, bytes) else method
        changes, started = how.upper() in CHANGING and not asked.endswith(GRANT), time.monotonic()
        try:
            response = super().request(method, configured(asked, self.base), *args, **kwargs)
        except ElsewhereError as e:
            text = f"Zendesk pointed to another address ({e}). Check the account's address."
            raise Refused(text, whole_account=True) from None
        except requests.exceptions.RequestException as e:
            calls.made(Call("zendesk", how, 0, time.monotonic() - started, changes))
            raise silence(e) from e
        self.calls_a_minute = limits.calls_a_minute(response.headers) or self.calls_a_minute
        calls.made(_call(how, response, time.monotonic() - started, changes=changes))
        response.request.url = as_zenpy_sees(response.url, self.base)
        return response

    def _renew(self) -> None:
        """Fetch a new access token. Whatever goes wrong here, the call that needs it was not sent."""
        client = self._credentials
        if not isinstance(client, OAuthClient):
            self._renew_at = float("inf")
            return
        granted = self._grant(client)
        token = granted.get("access_token")
        if not isinstance(token, str) or not token:
            raise Unavailable("Zendesk granted no access token. It is asked again later.", sent=False)
        lasts_s, scope = granted.get("expires_in"), granted.get("scope")
        self.granted = frozenset(scope.split()) if isinstance(scope, str) and scope.strip() else None
        self.headers["Authorization"] = f"Bearer {token}"
        self._renew_at = time.monotonic() + (lasts_s if isinstance(lasts_s, int) else TOKEN_LASTS_S)
        self._renew_at -= RENEW_BEFORE_S

    def _grant(self, client: OAuthClient) -> Json:
        asked = {
            "grant_type": "client_credentials",
            "client_id": client.client_id,
            "client_secret": client.client_secret,
            "scope": client.scope,
            "expires_in": TOKEN_LASTS_S,
        }
        self.headers.pop("Authorization", None)
        try:
            url = f"{self.base}{GRANT}"
            response = self._ask("POST", url, json=asked, timeout=self._timeout_s, allow_redirects=False)
            return checked(response)
        except Unavailable as e:
            raise Unavailable(str(e), after_s=e.after_s, sent=False) from e
        except Refused as e:
            why = f"{e.status}: {said(response)}" if 400 <= e.status < 500 else str(e)
            text = f"Zendesk did not accept the OAuth client ({why}). Check its id and secret."
            raise Unauthorized(text, status=e.status, whole_account=True) from e


def _call(method: str, response: requests.Response, took_s: float, *, changes: bool) -> Call:
    headers, status = response.headers, response.status_code
    wait = asked_to_wait(response) if status == 429 else None
    rest_s = wait.seconds if wait is not None else limits.rest_s(headers)
    return Call("zendesk", method, status, took_s, changes, limits.ceiling(headers), rest_s)


def as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """The authorization stays what the session's headers say; else `requests` would look into ~/.netrc."""
    return request
