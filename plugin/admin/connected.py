"""What the set-up pages share: the account as it is, and to which address a page may lead us."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from connectors import accounts
from plugin import app_state
from plugin.admin.workspace import named
from plugin.jira import installations
from plugin.translating import gettext as _
from store.connections import Connection as Account
from store.database import reading
from store.workspaces import Workspace

LONGEST = 2000
"""Nothing longer is taken from a form."""
ZENDESK = re.compile(r"https://[a-z0-9][a-z0-9-]{0,62}\.zendesk\.com", re.ASCII)


def account_of(slug: str, system: str) -> tuple[Workspace, Account | None]:
    """Raises NoSuchWorkspace, and secrets.Unreadable."""
    state = app_state.current()
    with reading(state.engine) as conn:
        workspace = named(conn, slug)
        return workspace, accounts.connection_or_none(conn, state.vault, workspace.id, system)


def jira_site(url: str, account: Account | None) -> str:
    """The address of a site of Jira Cloud. Raises ValueError with what to do."""
    wrong = _("Give the address of your Jira, like https://acme.atlassian.net.")
    only = _(
        "Here only a site of Jira Cloud can be connected, like https://acme.atlassian.net. Any other is "
        "connected where Kithspark runs: kithspark connect jira."
    )
    return _site(url, account, installations.is_cloud, wrong, only)


def zendesk_site(url: str, account: Account | None) -> str:
    """The address of a Zendesk account, of which people paste that of a page, or the first word alone.

    Raises ValueError with what to do.
    """
    bare = f"https://{url}.zendesk.com" if url and not re.search(r"[.:/]", url) else url
    wrong = _("Give the address of your Zendesk, like https://acme.zendesk.com.")
    only = _(
        "Here only an account of Zendesk can be connected, like https://acme.zendesk.com. Any other address "
        "is connected where Kithspark runs: kithspark connect zendesk."
    )
    pasted = bare if "://" in bare else f"https://{bare}"
    try:
        parts = urlsplit(pasted if pasted.isprintable() else "")
    except ValueError:
        raise ValueError(wrong) from None
    home = f"{parts.scheme}://{parts.netloc.lower()}"
    if ZENDESK.fullmatch(home):
        return home
    return _site(bare, account, lambda site: False, wrong, only)


def kept_secret(account: Account | None, site: str, name: str) -> str | None:
    """The one that is kept, for the site that it is for and for no other; None without one."""
    same = account is not None and installations.address(account.url) == site
    return account.secrets.get(name) if account is not None and same else None


def _site(url: str, account: Account | None, is_cloud: Callable[[str], bool], wrong: str, only: str) -> str:
    """A page leads our server to no address but the vendor's, or to what the command line gave before.

    Raises ValueError.
    """
    try:
        site = installations.address(url if "://" in url else f"https://{url}")
    except ValueError:
        raise ValueError(wrong) from None
    if is_cloud(site) or (account is not None and site == installations.address(account.url)):
        return site
    raise ValueError(only)
