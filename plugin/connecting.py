"""What connecting does for each vendor: try the credentials, learn who we are there, keep it all.

The command line and the set-up pages both come here. It imports late, so that `--help` comes at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from store.errors import GiveUp

if TYPE_CHECKING:
    from connectors.jira.client import Jira
    from plugin.app_state import Kithspark
    from store.connections import Connection as Account
    from store.workspaces import Workspace

ROTATION = timedelta(days=1)
"""For so long the secret before still counts: deliveries signed with it are on their way."""
SECRET_BYTES = 32
PATIENCE_S = 10.0


class CannotConnect(GiveUp):
    """Not as it was given. The message says why and what to do."""


@dataclass(frozen=True)
class Given:
    """What the operator gave. `webhook_secret` None: the one that is kept stays."""

    slug: str
    system: str
    url: str
    config: Mapping[str, Any]
    secrets: Mapping[str, str] = field(repr=False)
    webhook_secret: str | None = field(default=None, repr=False)


def jira(app: "Kithspark", given: Given) -> Mapping[str, Any]:
    """Raises connectors.errors."""
    from connectors import accounts

    trial = _trial(app, given)
    client = accounts.jira(trial)
    me = client.myself()
    mapping = _seeded(client, before=_before(app, given))
    learnt = {"account_id": me.account_id, "account_name": me.name, "mapping": mapping}
    return _keep(app, trial, given, learnt)


def by_app(app: "Kithspark", given: Given, way: str) -> Given:
    """The same with what the app that is installed there signs in with. Raises CannotConnect without one."""
    from connectors.errors import Refused, Unavailable
    from plugin.jira import installations
    from plugin.jira.descriptor import app_key
    from plugin.jira.forge import installed
    from store.database import transaction

    site = installations.address(given.url)
    with transaction(app.engine) as conn:
        if way == "connect" and (found := installations.live_at(conn, site)) is not None:
            secret = installations.secrets_of(conn, app.vault, found.client_key, now=app.clock())[0]
            config = {"way": "connect", "client_key": found.client_key, "app_key": app_key()}
            return replace(given, config=config, secrets={"shared_secret": secret})
        nameless = installed.nameless(conn, app.vault) if way == "forge" else []
    for one in nameless:  # it has told us a token, and no address yet
        try:
            address = installed.asked_for_its_address(one)
        except (Refused, Unavailable):
            continue
        with transaction(app.engine) as conn:
            installed.name(conn, one, address)
    with transaction(app.engine) as conn:
        here = installed.live_at(conn, app.vault, site) if way == "forge" else None
        if here is not None:
            installations.attach(conn, given.slug, site, now=app.clock())
            config = {"way": "forge", **installed.config_of(here)}
            return replace(given, config=config, secrets={"system_token": here.token})
    raise CannotConnect(
        f"Our app has not called from {site} yet. Install it there first, as docs/connect/jira-{way}.md says."
    )


def zendesk(app: "Kithspark", given: Given) -> Mapping[str, Any]:
    """Raises connectors.errors."""
    from connectors.zendesk import self_test
    from plugin.zendesk.vendor import speaking

    trial = _trial(app, given)
    with speaking(
        trial, patience_s=PATIENCE_S
    ) as client:  # a client that was kept has its scopes from before
        me, lacking = client.me(), self_test.lacks(client)
    if lacking:
        raise CannotConnect(self_test.without(lacking))
    if me.get("id") is None:
        raise CannotConnect(
            "Zendesk does not say as whom these credentials act: check the OAuth client's owner."
        )
    before = _before(app, given)
    sidebar = {name: before.config[name] for name in ("app_public_keys", "app_audience")
               if before and name in before.config and before.url == trial.url}  # fmt: skip
    own = {
        "own_user_id": str(me["id"]),
        "own_name": str(me.get("name") or ""),
        "own_role": str(me.get("role") or ""),
    }
    learnt = {**sidebar, **given.config, **own}
    return _keep(app, trial, given, learnt)


def hubspot(app: "Kithspark", given: Given) -> Mapping[str, Any]:
    """Raises connectors.errors."""
    from connectors import accounts

    trial = _trial(app, given)
    account = accounts.hubspot(trial).account()
    return _keep(app, trial, given, {"portal": account.portal, "home_currency": account.currency})


def openai(app: "Kithspark", given: Given) -> str:
    """What its models answered. Raises CannotConnect."""
    from connectors import accounts
    from connectors.openai.check import check

    trial = _trial(app, given)
    learnt = _what_it_can(trial)
    trial = replace(trial, config={**trial.config, **learnt})
    chat, embedder = accounts.chat(trial), accounts.embedder(trial)
    compares = (embedder, accounts.embedding_form(trial)) if embedder else None
    found = check(accounts.openai(trial) if accounts.moderates(trial) else None, chat, compares)
    for client in filter(None, (chat, embedder)):
        client.close()
    tried = [(works, words) for what, works, words in found if what != "model"]
    for works, words in tried:
        if not works:
            raise CannotConnect(words)
    _keep(app, trial, given, {})
    return "; ".join(words for _works, words in tried)


def _what_it_can(trial: "Account") -> dict[str, Any]:
    """How its embedding model answers; and that it moderates nothing, where it is wanted for something else
    and no model was named for that. Raises CannotConnect.
    """
    from connectors import accounts
    from connectors.errors import Refused
    from connectors.openai import check, embedding
    from store.errors import TryLater

    learnt: dict[str, Any] = {}
    if embedder := accounts.embedder(trial):
        try:
            form = embedding.learn(embedder)
        except (Refused, TryLater) as e:
            raise CannotConnect(f"{e} {check.WITHOUT_EMBEDDINGS}") from e
        finally:
            embedder.close()
        learnt = {"embedding_numbers": form.numbers, "embedding_shortened": form.shortened}
    other = trial.config.get("chat_model") or trial.config.get("embedding_model")
    if other and not trial.config.get("model") and not check.has_moderation(accounts.openai(trial)):
        learnt["moderates"] = False
    return learnt


def address_of_webhook(app: "Kithspark", system: str, slug: str) -> str:
    """Where the vendor is to be told to call."""
    return f"{app.settings.public_url}/webhooks/{system}/{slug}"


def new_webhook_secret(app: "Kithspark", slug: str, system: str) -> str:
    """A fresh one, kept; the one before counts for another day. Raises NotConnected."""
    import secrets

    fresh = secrets.token_urlsafe(SECRET_BYTES)
    keep_again(app, slug, system, webhook_secret=fresh)
    return fresh


def keep_again(
    app: "Kithspark", slug: str, system: str, *, config: Mapping[str, Any] | None = None,
    webhook_secret: str | None = None,
) -> None:  # fmt: skip
    """The connection as it is, with this of it another. Raises NotConnected."""
    from store import connections
    from store.database import reading, transaction

    with reading(app.engine) as conn:
        account = connections.load(conn, app.vault, _workspace(app, slug).id, system)
    changed = {**account.config, **(config or {})}
    given = Given(slug, system, account.url, changed, account.secrets, webhook_secret)
    account = replace(account, config=changed)
    whole = _with_webhook_secret(app, account, given)
    with transaction(app.engine) as conn:
        connections.save(
            conn, app.vault, workspace_id=whole.workspace_id, system=system, url=whole.url,
            config=whole.config, secrets=whole.secrets, now=app.clock(),
        )  # fmt: skip


def hears(app: "Kithspark", given: Given) -> bool:
    """Whether the vendor's calls will be believed: a secret is kept."""
    before = _before(app, given)
    return before is None or bool(before.secrets.get("webhook_secret"))


def _workspace(app: "Kithspark", slug: str) -> "Workspace":
    from store import workspaces
    from store.database import reading

    with reading(app.engine) as conn:
        return workspaces.by_slug(conn, slug)


def _trial(app: "Kithspark", given: Given) -> "Account":
    from plugin.settings_values import web_address
    from store.connections import Connection

    try:
        url = web_address(given.url)
    except ValueError as wrong:
        raise CannotConnect(f"{given.url!r} {wrong}.") from None
    workspace = _workspace(app, given.slug)
    return Connection(workspace.id, given.system, url, given.config, given.secrets)


def _before(app: "Kithspark", given: Given) -> "Account | None":
    from connectors.accounts import connection_or_none
    from store.database import reading

    workspace = _workspace(app, given.slug)
    with reading(app.engine) as conn:
        return connection_or_none(conn, app.vault, workspace.id, given.system)


def _keep(app: "Kithspark", trial: "Account", given: Given, learnt: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keeps the connection, and has the vendor reconciled from now on. What is kept as config."""
    from lineage.likeness import embedding
    from plugin.resuming import resume
    from plugin.work import ask_sync
    from store import connections, workspaces
    from store.database import transaction

    now = app.clock()
    whole = _with_webhook_secret(app, replace(trial, config={**trial.config, **learnt}), given)
    with transaction(app.engine) as conn:
        connections.save(
            conn, app.vault, workspace_id=whole.workspace_id, system=whole.system, url=whole.url,
            config=whole.config, secrets=whole.secrets, now=now,
        )  # fmt: skip
        resume(conn, workspaces.by_id(conn, whole.workspace_id), whole.system, now=now)
        ask_sync(conn, whole.workspace_id, whole.system, now=now)
        if whole.system == "openai":
            embedding.wanted(conn, whole.workspace_id, now=now)
    app.wake()
    return whole.config


def _with_webhook_secret(app: "Kithspark", account: "Account", given: Given) -> "Account":
    from connectors.accounts import BEFORE_UNTIL, SECRET, SECRET_BEFORE

    before = _before(app, given)
    kept = before.secrets.get(SECRET, "") if before else ""
    wanted = given.webhook_secret or kept
    secrets, config = {**account.secrets, SECRET: wanted}, dict(account.config)
    if kept and kept != wanted:
        secrets[SECRET_BEFORE] = kept
        config[BEFORE_UNTIL] = (app.clock() + ROTATION).isoformat()
    return replace(account, secrets=secrets, config=config)


def _seeded(client: "Jira", before: "Account | None") -> dict[str, Any]:
    """What this site's names suggest, under what a person said before."""
    from connectors.jira import mapping

    kinds, resolutions = client.link_types(), client.resolutions()
    seed = mapping.seed(kinds, resolutions)
    kept = (before.config.get("mapping") or {}) if before else {}
    return {
        "links": {**seed.links, **kept.get("links", {})},
        "resolutions": {**seed.resolutions, **kept.get("resolutions", {})},
        "backwards": sorted(seed.backwards),
        "link_names": {one.id: one.name for one in kinds},
        "resolution_names": {one.id: one.name for one in resolutions},
    }
