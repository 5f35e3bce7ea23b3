"""Calls of Forge that come at the same moment: one waits for the other, and decides by what it wrote.

On both databases: only Postgres lets two write at once.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import jwt
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Connection, Engine, select

from connectors.jira.forge_token import Invocation
from plugin.identity_tables import connect_events, forge_installations
from plugin.jira.forge import installed
from plugin.jira.forge.installed import Installed
from store import connections
from store.database import reading, transaction
from store.secrets import Vault
from store.workspaces import Workspace

VAULT = Vault([Fernet.generate_key().decode()])
SITE, API = "https://acme.atlassian.net", "https://api.atlassian.com/ex/jira/c"
AT_WORK_S = 1.0
"""So long the second call has to run into the first."""

Act = Callable[[Connection], Any]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def dbms(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def call(now: datetime) -> Invocation:
    ident = "ari:cloud:ecosystem::installation/1"
    return Invocation(ident, "c", API, SITE, None, "", "", now + timedelta(minutes=1))


@pytest.fixture
def told(call: Invocation, now: datetime) -> Callable[[str], Act]:
    """A call that brings this token."""
    return lambda token: lambda conn: installed.note(conn, VAULT, call, token, now=now)


@pytest.fixture
def gone(call: Invocation, now: datetime) -> Act:
    return lambda conn: installed.uninstall(conn, VAULT, call, now=now)


@pytest.fixture
def older(now: datetime) -> str:
    return lasting(now + timedelta(hours=1))


@pytest.fixture
def newer(now: datetime) -> str:
    return lasting(now + timedelta(hours=2))


def lasting(until: datetime) -> str:
    """The app's own token, as Forge brings it."""
    return jwt.encode({"exp": int(until.timestamp())}, "k" * 32, algorithm="HS256")


def one_into_the_other(database: Engine, first: Act, second: Act) -> Any:
    """What `second` gives, which begins while `first` is done and not committed."""
    given: list[Any] = []

    def run() -> None:
        with transaction(database) as conn:
            given.append(second(conn))

    thread = Thread(target=run)
    with transaction(database) as conn:
        first(conn)
        thread.start()
        thread.join(AT_WORK_S)
        assert thread.is_alive(), "It did not wait."
    thread.join(30)
    assert len(given) == 1
    return given[0]


def kept(database: Engine) -> tuple[str, bool]:
    """The token of the one installation, and whether it is uninstalled."""
    with reading(database) as conn:
        found = conn.execute(select(forge_installations)).mappings().one()
    token = VAULT.open(None, f"forge:{found['installation']}", found["token"]) if found["token"] else ""
    return token, found["uninstalled_at"] is not None


def test_a_call_that_runs_into_the_uninstall_is_not_believed_and_brings_nothing_back(
    database: Engine, told: Callable[[str], Act], gone: Act, older: str, newer: str
) -> None:
    with transaction(database) as conn:
        told(older)(conn)
    assert one_into_the_other(database, gone, told(newer)) is None
    assert kept(database) == ("", True)


def test_so_is_a_call_that_runs_into_a_first_one_that_uninstalls(
    database: Engine, told: Callable[[str], Act], gone: Act, older: str, newer: str
) -> None:
    def came_and_went(conn: Connection) -> None:
        told(older)(conn)
        gone(conn)

    assert one_into_the_other(database, came_and_went, told(newer)) is None
    assert kept(database) == ("", True)


def test_an_uninstall_that_runs_into_a_call_ends_what_that_brought(
    database: Engine, told: Callable[[str], Act], gone: Act, older: str, newer: str
) -> None:
    with transaction(database) as conn:
        told(older)(conn)
    one_into_the_other(database, told(newer), gone)
    assert kept(database) == ("", True)


@pytest.mark.parametrize("known", [True, False])
def test_of_two_calls_at_once_the_newer_token_stays(
    database: Engine, told: Callable[[str], Act], known: bool, older: str, newer: str, now: datetime
) -> None:
    if known:
        with transaction(database) as conn:
            told(lasting(now + timedelta(minutes=5)))(conn)
    second: Installed = one_into_the_other(database, told(newer), told(older))
    assert second.token == newer
    assert kept(database) == (newer, False)
    with reading(database) as conn:
        assert list(conn.scalars(select(connect_events.c.event))) == ["installed"]


def test_of_two_calls_at_once_the_newer_token_stays_if_it_comes_second(
    database: Engine, told: Callable[[str], Act], older: str, newer: str
) -> None:
    one_into_the_other(database, told(older), told(newer))
    assert kept(database) == (newer, False)


@pytest.fixture
def speaking(database: Engine, workspace: Workspace, now: datetime) -> Workspace:
    """It speaks to the site by Forge."""
    with transaction(database) as conn:
        connections.save(
            conn, VAULT, workspace_id=workspace.id, system="jira", url=SITE,
            config={"way": "forge", "api_url": API, "token_until": now.isoformat()}, secrets={}, now=now,
        )  # fmt: skip
    return workspace


@pytest.mark.parametrize("begins", ["the new installation", "the uninstall"])
def test_a_site_that_is_installed_anew_keeps_its_token_whatever_the_old_uninstall_runs_into(
    database: Engine, speaking: Workspace, call: Invocation, gone: Act, begins: str, now: datetime
) -> None:
    old, new = lasting(now + timedelta(hours=1)), lasting(now + timedelta(hours=2))
    anew = replace(call, installation="ari:cloud:ecosystem::installation/2")
    with transaction(database) as conn:
        installed.note(conn, VAULT, call, old, now=now)

    def again(conn: Connection) -> None:
        installed.note(conn, VAULT, anew, new, now=now)

    one_into_the_other(database, *((gone, again) if begins == "the uninstall" else (again, gone)))
    with reading(database) as conn:
        account = connections.load(conn, VAULT, speaking.id, "jira")
        live = installed.live_at(conn, VAULT, SITE)
    assert live is not None
    assert (live.installation, live.token) == (anew.installation, new)
    assert account.secrets["system_token"] == new
