"""Which Jira sites have our Forge app, whose they are, and the newest token that Forge brought for each.

Nobody can ask for such a token: it comes with calls, lasts some hours, and an hourly call brings the next.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from sqlalchemy import Connection, RowMapping, Select, select, update

from connectors.jira import ways
from connectors.jira.client import Jira
from connectors.jira.forge_token import Invocation
from plugin.identity_tables import forge_installations
from plugin.jira import installations, own_account
from store.database import insert_or_ignore
from store.secrets import Vault

WITHOUT_EXPIRY = timedelta(minutes=55)
"""A token that does not say how long it lasts is used for as long as the next one may take to come."""
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Installed:
    """`site`: its address, empty while no call has told it; `workspace_id` None while nobody said whose."""

    installation: str
    cloud_id: str
    api_url: str
    site: str
    workspace_id: int | None
    token: str = field(repr=False)
    token_until: datetime | None


def note(conn: Connection, vault: Vault, call: Invocation, token: str, *, now: datetime) -> Installed | None:
    """Keeps what a proven call says of its installation; None for one that was uninstalled.

    `token`: the app's own, as it came with the call, or empty. The newest is kept and given to the
    workspace's connection, where that one speaks by Forge. Calls of one installation go one after another:
    what is decided here of its row holds until the transaction ends.
    """
    row, is_first = _held(conn, call, now)
    if row["uninstalled_at"] is not None:
        return None
    known = _read(row, vault)
    site = _address(call.site_url) or known.site
    workspace = installations.whose(conn, site) if site else None
    newest, until, is_new = _newest(known, token, now)
    found = Installed(call.installation, call.cloud_id, call.api_url, site, workspace, newest, until)
    late = now - row["called_at"] >= NOTED_EVERY
    if late or is_new or (known.site, known.workspace_id) != (site, workspace):
        _keep(conn, vault, found, now=now)
    if is_new:
        _hand_on(conn, vault, found, now=now)
    if is_first:
        installations.note(conn, call.installation, "installed", site, now)
        installations.write_all(conn, workspace, now=now)
    return found


def uninstall(conn: Connection, vault: Vault, call: Invocation, *, now: datetime) -> None:
    """The token is forgotten and the installation believed no more; what was learnt stays."""
    row = conn.execute(_locked(call.installation)).mappings().first()
    if row is None or row["uninstalled_at"] is not None:
        return
    known = _read(row, vault)
    own_account.hold(conn, known.workspace_id)  # who installs the site anew just now comes before, or after
    gone = {"uninstalled_at": now, "token": "", "token_until": None}
    conn.execute(_mine(call.installation).values(gone))
    others = conn.scalars(
        select(forge_installations.c.installation).where(
            forge_installations.c.site == known.site, forge_installations.c.uninstalled_at.is_(None)
        )
    ).all()
    if not others:  # a site that was installed anew already keeps its token
        _hand_on(conn, vault, replace(known, token="", token_until=now), now=now)
    installations.note(conn, call.installation, "uninstalled", known.site, now)
    installations.forget_the_long_gone(conn, now=now)


def live_at(conn: Connection, vault: Vault, site: str) -> Installed | None:
    """The installation of a site that called last; None where there is none. Raises secrets.Unreadable."""
    table = forge_installations
    query = select(table).where(table.c.site == site, table.c.uninstalled_at.is_(None))
    row = conn.execute(query.order_by(table.c.called_at.desc()).limit(1)).mappings().first()
    return _read(row, vault) if row is not None else None


def nameless(conn: Connection, vault: Vault) -> list[Installed]:
    """Those that have brought a token and not yet told their address: only pages tell it."""
    table = forge_installations
    query = select(table).where(table.c.site == "", table.c.uninstalled_at.is_(None))
    return [_read(row, vault) for row in conn.execute(query).mappings()]


def asked_for_its_address(site: Installed) -> str:
    """As Jira tells it. Raises connectors.errors."""
    client = client_of(site)
    try:
        return ways.address_of(client)
    finally:
        client.close()


def name(conn: Connection, site: Installed, address: str) -> None:
    conn.execute(_mine(site.installation).values(site=installations.address(address)))


def client_of(site: Installed) -> Jira:
    """Speaks to the site as the app. Whoever gets it closes it."""
    until = site.token_until or datetime.fromtimestamp(0, UTC)
    return ways.as_forge_app(
        site.api_url, site=site.site or site.api_url, token=site.token, until=until, timeout_s=ways.SHORT_S
    )


def config_of(site: Installed) -> dict[str, Any]:
    """What a connection that speaks by Forge keeps of it."""
    until = (site.token_until or datetime.fromtimestamp(0, UTC)).isoformat()
    return {"api_url": site.api_url, "token_until": until}


def _held(conn: Connection, call: Invocation, now: datetime) -> tuple[RowMapping, bool]:
    """Its row, locked, and whether this call is the first of it.

    The first of two first calls makes the row; the other waits until it is there, and finds it.
    """
    row = conn.execute(_locked(call.installation)).mappings().first()
    if row is not None:
        return row, False
    values = {
        "installation": call.installation, "cloud_id": call.cloud_id, "api_url": call.api_url, "site": "",
        "workspace_id": None, "token": "", "token_until": None, "called_at": now, "uninstalled_at": None,
    }  # fmt: skip
    is_first = insert_or_ignore(conn, forge_installations, values)
    return conn.execute(_locked(call.installation)).mappings().one(), is_first


def _newest(known: Installed, token: str, now: datetime) -> tuple[str, datetime | None, bool]:
    """Of two tokens the one that lasts longer, until when, and whether that is the one that just came."""
    if not token:
        return known.token, known.token_until, False
    until = _until(token, now)
    kept = known.token_until if known.token else None
    if kept is not None and (known.token == token or kept > until):
        return known.token, kept, False
    return token, until, True


def _until(token: str, now: datetime) -> datetime:
    """As the token says; it is not ours to verify, and only Jira believes it."""
    try:
        told = jwt.decode(token, options={"verify_signature": False}).get("exp")
        return datetime.fromtimestamp(float(str(told)), UTC)
    except (jwt.InvalidTokenError, TypeError, ValueError, OverflowError, OSError):
        return now + WITHOUT_EXPIRY


def _keep(conn: Connection, vault: Vault, found: Installed, *, now: datetime) -> None:
    """Whether it was uninstalled is not written: who installs anew comes with another id."""
    values = {
        "cloud_id": found.cloud_id, "api_url": found.api_url, "site": found.site,
        "workspace_id": found.workspace_id,
        "token": vault.seal(None, _purpose(found.installation), found.token) if found.token else "",
        "token_until": found.token_until, "called_at": now,
    }  # fmt: skip
    conn.execute(_mine(found.installation).values(values))


def _hand_on(conn: Connection, vault: Vault, found: Installed, *, now: datetime) -> None:
    own_account.renew(
        conn, vault, found.workspace_id, way="forge", config=config_of(found),
        secrets={"system_token": found.token}, now=now,
    )  # fmt: skip


def _address(site: str) -> str:
    try:
        return installations.address(site)
    except ValueError:
        return ""


def _read(row: Any, vault: Vault) -> Installed:
    token = vault.open(None, _purpose(row["installation"]), row["token"]) if row["token"] else ""
    names = ("installation", "cloud_id", "api_url", "site", "workspace_id", "token_until")
    return Installed(**{name: row[name] for name in names}, token=token)


def _locked(installation: str) -> Select[Any]:
    mine = forge_installations.c.installation == installation
    return select(forge_installations).where(mine).with_for_update()


def _mine(installation: str) -> Any:
    return update(forge_installations).where(forge_installations.c.installation == installation)


def _purpose(installation: str) -> str:
    return f"forge:{installation}"
