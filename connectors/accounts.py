"""The accounts that workspaces are connected to: their live secrets, and one open client per thread.

A client is kept while its connection stays as it is; with another token or address it is made anew.
What `kithspark connect` keeps, by system: `jira` way, mapping, account_id, and by its way in email and
api_token, client_key and shared_secret, or installation, api_url, token_until and system_token. `zendesk`
client_id or email, own_user_id, own_name, own_role, webhook_id, app_public_keys, app_audience;
client_secret or api_token. `hubspot` token. `openai` model, moderates, chat_model, embedding_model,
embedding_numbers, embedding_shortened; api_key. And for the first three webhook_secret, with the one before
it for a day.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sqlalchemy import Connection as Database

from store import connections, trials
from store.connections import Connection, NotConnected
from store.secrets import Vault

if TYPE_CHECKING:  # the libraries behind them are heavy: each is imported when its first client is made
    from connectors.hubspot.client import HubSpot
    from connectors.jira.client import Jira
    from connectors.openai.client import OpenAI
    from connectors.openai.embedding import Form
    from connectors.zendesk.client import Zendesk

SECRET, SECRET_BEFORE = "webhook_secret", "webhook_secret_before"
BEFORE_UNTIL = "webhook_secret_before_until"
NOT_SETTINGS = (connections.TROUBLE, trials.TRIAL)
"""What is kept beside the settings of an account: a client is good whatever it says."""


class Closable(Protocol):
    def close(self) -> None: ...


C = TypeVar("C", bound=Closable)


@dataclass(slots=True)
class _Open:
    account: tuple[Any, ...]
    client: Any


class _Here(threading.local):
    def __init__(self) -> None:
        self.open: dict[tuple[int, str], _Open] = {}


_here = _Here()


def jira(account: Connection) -> "Jira":
    """This thread's client for it."""
    from connectors.jira import ways

    return _kept(account, lambda: ways.client(account))


def zendesk(account: Connection) -> "Zendesk":
    """This thread's client for it."""
    from connectors.zendesk.client import Zendesk

    def make() -> Zendesk:
        return Zendesk(
            url=account.url,
            client_id=account.config.get("client_id", ""),
            client_secret=account.secrets.get("client_secret", ""),
            email=account.config.get("email", ""),
            api_token=account.secrets.get("api_token", ""),
        )

    return _kept(account, make)


def hubspot(account: Connection) -> "HubSpot":
    """This thread's client for it."""
    from connectors.hubspot.client import HubSpot

    return _kept(account, lambda: HubSpot(url=account.url, token=account.secrets["token"]))


def openai(account: Connection) -> "OpenAI":
    """This thread's client for it."""
    from connectors.openai.client import MODEL, OpenAI

    def make() -> OpenAI:
        model = account.config.get("model") or MODEL
        return OpenAI(url=account.url, api_key=account.secrets["api_key"], model=model)

    return _kept(account, make)


def chat(account: Connection, *, patience_s: float = 10.0) -> "OpenAI | None":
    """A client of the model that proposes, for a person who waits; None where none was named. Whoever gets
    it closes it.
    """
    from connectors.openai.client import OpenAI

    model = account.config.get("chat_model")
    if not model:
        return None
    url, api_key = account.url, account.secrets["api_key"]
    return OpenAI(url=url, api_key=api_key, model=model, timeout_s=(3.0, patience_s), slowest_s=patience_s)


def embedder(account: Connection) -> "OpenAI | None":
    """A client of the model that compares texts; None where none was named. Whoever gets it closes it."""
    from connectors.openai.client import OpenAI

    model = account.config.get("embedding_model")
    if not model:
        return None
    return OpenAI(url=account.url, api_key=account.secrets["api_key"], model=model, slowest_s=60.0)


def embedding_form(account: Connection) -> "Form":
    """How that model answered when it was connected."""
    from connectors.openai.embedding import Form

    return Form(account.config["embedding_numbers"], account.config["embedding_shortened"])


def embedding_space(account: Connection) -> str:
    """The same text for accounts whose vectors compare with one another; empty where no model compares."""
    config = account.config
    model = str(config.get("embedding_model") or "")
    which = sha256(f"{account.url} {model}".encode()).hexdigest()[:16]
    return f"{model[:200]} {config['embedding_numbers']} {which}" if model else ""


def moderates(account: Connection) -> bool:
    """Whether its server has a moderation endpoint, as far as was found when it was connected."""
    return bool(account.config.get("moderates", True))


def connection_or_none(conn: Database, vault: Vault, workspace_id: int, system: str) -> Connection | None:
    """None where the workspace is not connected to it. Raises secrets.Unreadable."""
    try:
        return connections.load(conn, vault, workspace_id, system)
    except NotConnected:
        return None


def webhook_secrets(account: Connection, *, now: datetime) -> list[str]:
    """The secrets that a webhook may be signed with now: none where none was given."""
    live = [account.secrets.get(SECRET, "")]
    until = account.config.get(BEFORE_UNTIL)
    if until and now < datetime.fromisoformat(until):
        live.append(account.secrets.get(SECRET_BEFORE, ""))
    return [secret for secret in live if secret]


def close_all() -> None:
    """Drops this thread's connections to vendors."""
    while _here.open:
        _here.open.popitem()[1].client.close()


def _kept(account: Connection, make: Callable[[], C]) -> C:
    key = (account.workspace_id, account.system)
    config = {name: value for name, value in account.config.items() if name not in NOT_SETTINGS}
    as_it_is = (account.url, config, dict(account.secrets))
    found = _here.open.get(key)
    if found is not None and found.account == as_it_is:
        client: C = found.client
        return client
    if found is not None:
        found.client.close()
    made = make()
    _here.open[key] = _Open(as_it_is, made)
    return made
