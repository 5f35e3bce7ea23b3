"""The three ways in which a workspace speaks to its Jira: an API token, a Connect app, a Forge app.

What is read and written through them is the same.
"""

import time
from datetime import datetime
from typing import Literal, TypeAlias

import requests
from requests.auth import AuthBase

from connectors.errors import Unavailable
from connectors.jira import reader
from connectors.jira.client import API, Jira
from connectors.jira.connect_jwt import ConnectAuth
from store.connections import Connection

Way: TypeAlias = Literal["token", "connect", "forge"]

SHORT_S = (2.0, 3.0)
"""For a question that a person waits for."""


def way_of(account: Connection) -> Way:
    """As `kithspark connect jira` was told; an older connection has a token."""
    way: Way = account.config.get("way", "token")
    return way


def client(account: Connection, *, timeout_s: tuple[float, float] = (3.05, 10.0)) -> Jira:
    """A client that signs in by the way of this account. Raises KeyError for one that was kept by halves."""
    config, secrets, site = account.config, account.secrets, account.url
    if way_of(account) == "forge":
        until = datetime.fromisoformat(config["token_until"])
        token = secrets["system_token"]
        return as_forge_app(config["api_url"], site=site, token=token, until=until, timeout_s=timeout_s)
    if way_of(account) == "connect":
        return as_connect_app(
            site, secret=secrets["shared_secret"], app_key=config["app_key"], client_key=config["client_key"],
            timeout_s=timeout_s,
        )  # fmt: skip
    return Jira(url=site, email=config["email"], api_token=secrets["api_token"], timeout_s=timeout_s)


def as_connect_app(
    site: str, *, secret: str, app_key: str, client_key: str, timeout_s: tuple[float, float] = (3.05, 10.0)
) -> Jira:
    """Signs each call with the installation's secret; without one, no call is made."""
    auth: AuthBase = (
        Uninstalled()
        if not secret
        else ConnectAuth(secret=secret, app_key=app_key, client_key=client_key, host=site)
    )
    return Jira(url=site, auth=auth, timeout_s=timeout_s)


def as_forge_app(
    api_url: str, *, site: str, token: str, until: datetime, timeout_s: tuple[float, float] = (3.05, 10.0)
) -> Jira:
    """Signs in with the token that Forge brought last, as long as it lasts."""
    auth: AuthBase = ForgeAuth(token, until) if token else Uninstalled()
    return Jira(url=api_url, site=site, auth=auth, timeout_s=timeout_s)


def address_of(jira: Jira) -> str:
    """The site's own address, as it tells it. Raises connectors.errors."""
    try:
        return str(jira.session.get(f"{jira.url}{API}/serverInfo").json()["baseUrl"])
    except (ValueError, KeyError, TypeError) as e:
        raise reader.garbled(f"it does not say its address ({type(e).__name__})") from e


class Uninstalled(AuthBase):
    """Of an app that is no longer there."""

    def __call__(self, _request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Raises Unavailable: what waits goes out once the app is installed again."""
        raise Unavailable(
            "Jira: our app was uninstalled there, so nothing is read or written any more. Install it "
            "again, or connect in another way: `kithspark connect jira`.",
            sent=False,
        )


class ForgeAuth(AuthBase):
    """The app's own token. Nobody can ask for a new one: each call of Forge brings one."""

    def __init__(self, token: str, until: datetime) -> None:
        self._token, self._until = token, until

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        """Raises Unavailable once the token has run out: the call is not made."""
        if time.time() >= self._until.timestamp():
            raise Unavailable(
                "Jira: the Forge app has not called for too long, so its token has run out. It calls every "
                "hour: see that it is installed, and that this server is reachable from outside.",
                sent=False,
            )
        r.headers["Authorization"] = f"Bearer {self._token}"
        return r
