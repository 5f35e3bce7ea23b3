"""Which Jira sites have the Connect app installed, with what secret, and for which workspace.

What is Forge's own is in `forge/installed.py`; whose a site is, is said here for both.

Nothing of a body may be believed because a token came with it: the signature covers the request, not its
body. So a site must be one we may talk to, and a known tenant keeps its address.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Select, Update, delete, insert, select, update

from connectors.jira import ways
from connectors.jira.client import Jira
from lineage.counting.pushing import push_all
from plugin.errors import NotAllowed
from plugin.identity_tables import connect_events, connect_installations, connect_sites, forge_installations
from plugin.jira import own_account
from plugin.jira.descriptor import app_key
from store import workspaces
from store.connections import connections
from store.database import upsert
from store.secrets import Vault
from webhooks.connect import Tenant

HOST = re.compile(r"([\w-][\w.-]*|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?")
"""What is written into a header and compared: no wildcard, no user, nothing that browsers read otherwise."""
CLOUD = (".atlassian.net", ".jira.com", ".jira-dev.com")
FORMER_SECRET_FOR = timedelta(minutes=15)
"""Tokens that were signed just before a new installation are still on their way."""
KEPT_FOR = timedelta(days=30)
"""So long after it was uninstalled, a site that comes back is the one that it was."""


@dataclass(frozen=True, slots=True)
class Installation:
    """`workspace_id` is None while nobody has said whose site it is."""

    client_key: str
    base_url: str
    display_url: str
    workspace_id: int | None
    enabled: bool


def install(conn: Connection, vault: Vault, told: Mapping[str, str], *, now: datetime) -> None:
    """Keep a proven installation, anew or again. `told`: the body's `clientKey`, `baseUrl`, `displayUrl`
    and `sharedSecret`. Raises NotAllowed for a site that we may not talk to, and for a tenant that moved.
    """
    key, site = told["clientKey"], address(told["baseUrl"])
    if not (is_cloud(site) or _attached(conn, site) or _connected(conn, site)):
        raise NotAllowed(
            f"{site} is no Jira Cloud site. Attach it first: `kithspark attach SLUG --site {site}`."
        )
    known = conn.execute(_row(key)).first()
    if known is not None and known.base_url != site and _attached(conn, site) is None:
        raise NotAllowed(
            f"This tenant was at {known.base_url}. If it moved: `kithspark attach SLUG --site {site}`."
        )
    former = (
        {"previous_secret": known.secret, "previous_until": now + FORMER_SECRET_FOR}
        if known is not None and known.uninstalled_at is None
        else {"previous_secret": None, "previous_until": None}
    )
    workspace = _whose(conn, site, key)
    values = {
        "client_key": key, "base_url": site, "display_url": address(told.get("displayUrl") or site),
        "workspace_id": workspace, "secret": _seal(vault, key, told["sharedSecret"]),
        "enabled": True, "installed_at": now, "uninstalled_at": None,
    }  # fmt: skip
    upsert(conn, connect_installations, ["client_key"], values | former)
    write_all(conn, workspace, now=now)
    _hand_on(conn, vault, workspace, key, told["sharedSecret"], now)
    note(conn, key, "installed", site, now)


def uninstall(conn: Connection, vault: Vault, client_key: str, *, now: datetime) -> None:
    """The secret is forgotten, so nothing that it signed is believed any more; what was learnt stays.

    That it was ever installed is forgotten after `KEPT_FOR`. Until then it comes back as what it was.
    """
    known = conn.execute(_row(client_key)).first()
    if known is None:
        return
    gone = {
        "uninstalled_at": now,
        "enabled": False,
        "secret": "",
        "previous_secret": None,
        "previous_until": None,
    }
    conn.execute(_mine(client_key).values(gone))
    _hand_on(conn, vault, known.workspace_id, client_key, "", now)
    note(conn, client_key, "uninstalled", known.base_url, now)
    forget_the_long_gone(conn, now=now)


def forget_the_long_gone(conn: Connection, *, now: datetime) -> None:
    """Installations, of Connect and Forge, that were taken away longer ago than we keep them."""
    for table in (connect_installations, forge_installations):
        conn.execute(delete(table).where(table.c.uninstalled_at < now - KEPT_FOR))


def enable(conn: Connection, client_key: str, *, enabled: bool, now: datetime) -> None:
    conn.execute(_mine(client_key).values(enabled=enabled))
    note(conn, client_key, "enabled" if enabled else "disabled", "", now)


def secrets_of(conn: Connection, vault: Vault, client_key: str, *, now: datetime) -> list[str]:
    """The shared secrets with which this tenant may sign now; none where it is not installed."""
    known = conn.execute(_row(client_key)).first()
    if known is None or known.uninstalled_at is not None:
        return []
    sealed = [known.secret]
    if known.previous_secret and known.previous_until > now:
        sealed.append(known.previous_secret)
    return [vault.open(None, f"connect:{client_key}", one) for one in sealed]


def by_key(conn: Connection, client_key: str) -> Installation | None:
    """A live installation, bound to its workspace where that is known by now."""
    row = conn.execute(_row(client_key)).first()
    if row is None or row.uninstalled_at is not None:
        return None
    workspace = row.workspace_id or _whose(conn, row.base_url, client_key)
    return Installation(client_key, row.base_url, row.display_url, workspace, row.enabled)


def client_of(conn: Connection, vault: Vault, site: Installation, *, now: datetime) -> Jira:
    """Speaks to the site as the app. Whoever gets it closes it."""
    secret = secrets_of(conn, vault, site.client_key, now=now)[0]
    return ways.as_connect_app(
        site.base_url, secret=secret, app_key=app_key(), client_key=site.client_key, timeout_s=ways.SHORT_S
    )


def live_of(conn: Connection, workspace_id: int) -> Installation | None:
    """The site of this workspace that has the app installed and enabled; None where there is none."""
    table = connect_installations
    keys = conn.scalars(select(table.c.client_key).where(table.c.enabled, table.c.uninstalled_at.is_(None)))
    sites = [by_key(conn, key) for key in keys.all()]
    return next((site for site in sites if site is not None and site.workspace_id == workspace_id), None)


def live_at(conn: Connection, site: str) -> Installation | None:
    """The one live installation of a site; None where there is none, or more than one."""
    table = connect_installations
    keys = conn.scalars(
        select(table.c.client_key).where(
            table.c.base_url == site, table.c.enabled, table.c.uninstalled_at.is_(None)
        )
    ).all()
    return by_key(conn, keys[0]) if len(keys) == 1 else None


def tenant(conn: Connection, vault: Vault, client_key: str, *, now: datetime) -> Tenant | None:
    """Who may tell us what changed at a site. None where nobody has said whose site it is, too."""
    site = by_key(conn, client_key)
    if site is None or not site.enabled or site.workspace_id is None:
        return None
    return Tenant(site.workspace_id, secrets_of(conn, vault, client_key, now=now))


def attach(conn: Connection, slug: str, site: str, *, now: datetime) -> None:
    """Bind a site, installed or not yet, to a workspace: the operator's word, above everything else.

    Raises NoSuchWorkspace, and ValueError for what is no web address.
    """
    workspace, site = workspaces.by_slug(conn, slug), address(site)
    row = {"site": site, "workspace_id": workspace.id, "attached_at": now}
    upsert(conn, connect_sites, ["site"], row)
    for table, address_of in (
        (connect_installations, connect_installations.c.base_url),
        (forge_installations, forge_installations.c.site),
    ):
        theirs = update(table).where(address_of == site).values(workspace_id=workspace.id)
        if conn.execute(theirs).rowcount:
            write_all(conn, workspace.id, now=now)


def write_all(conn: Connection, workspace_id: int | None, *, now: datetime) -> None:
    """The site knows the words of JQL from now on, and indexes only what is written once it does."""
    if workspace_id is not None:
        push_all(conn, workspace_id, now=now)


def address(url: str) -> str:
    """A site's address in the one form that is compared. Raises ValueError for what is no web address.

    >>> address("HTTPS://Acme.Atlassian.net/")
    'https://acme.atlassian.net'
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(parts.netloc) or parts.query:
        raise ValueError(f"{url!r} is no address of a site.")
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def whose(conn: Connection, site: str) -> int | None:
    """The workspace of a site: as attached, else the one connected to this very address."""
    attached = _attached(conn, site)
    if attached is not None:
        return attached
    matching = _connected(conn, site)
    return matching[0] if len(matching) == 1 else None


def _whose(conn: Connection, site: str, client_key: str) -> int | None:
    """A second live tenant of one site is bound by an operator only: two cannot share an address."""
    other = select(connect_installations.c.client_key).where(
        connect_installations.c.base_url == site,
        connect_installations.c.client_key != client_key,
        connect_installations.c.uninstalled_at.is_(None),
    )
    shared = conn.scalar(other) is not None
    return _attached(conn, site) if shared else whose(conn, site)


def _connected(conn: Connection, site: str) -> list[int]:
    """The workspaces that an operator connected to this very address."""
    jira = select(connections.c.workspace_id, connections.c.url).where(connections.c.system == "jira")
    return [row.workspace_id for row in conn.execute(jira) if address(row.url) == site]


def _attached(conn: Connection, site: str) -> int | None:
    found: int | None = conn.scalar(select(connect_sites.c.workspace_id).where(connect_sites.c.site == site))
    return found


def is_cloud(site: str) -> bool:
    """Whether this is a site of Atlassian's own, reached in secret."""
    parts = urlsplit(site)
    return parts.scheme == "https" and (parts.hostname or "").endswith(CLOUD)


def _row(client_key: str) -> Select[Any]:
    return select(connect_installations).where(connect_installations.c.client_key == client_key)


def _mine(client_key: str) -> Update:
    return update(connect_installations).where(connect_installations.c.client_key == client_key)


def _seal(vault: Vault, client_key: str, secret: str) -> str:
    return vault.seal(None, f"connect:{client_key}", secret)


def _hand_on(
    conn: Connection, vault: Vault, workspace_id: int | None, client_key: str, secret: str, now: datetime
) -> None:
    own_account.renew(
        conn, vault, workspace_id, way="connect", config={"client_key": client_key},
        secrets={"shared_secret": secret}, now=now,
    )  # fmt: skip


def note(conn: Connection, client_key: str, event: str, base_url: str, now: datetime) -> None:
    """`client_key`: the tenant's, or the id of an installation in Forge."""
    row = {"client_key": client_key, "event": event, "base_url": base_url, "at": now}
    conn.execute(insert(connect_events).values(row))
