"""Checks everything that can be wrong from outside, one line each: what, ok or not, what to do."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from plugin.commands import desk, printing

if TYPE_CHECKING:
    from plugin.app_state import Kithspark
    from store.connections import Connection as Account

Line: TypeAlias = tuple[str, bool, str]
PATIENCE_S = 3.0
LATE_S = 3600.0
LEAST_MB = 200


@click.command()
@click.option("--token", is_flag=True, help="Only print the token for /metrics.")
@desk.as_json
def doctor(token: bool, as_json: bool) -> None:
    """Check settings, database, Redis, public address, and each vendor's credentials and scopes."""
    with desk.opened(any_version=True) as app:
        if token:
            from plugin import health

            click.echo(health.token(app))
            return
        lines = list(_checks(app))
    well = all(ok for _, ok, _ in lines)
    if as_json:
        printing.document({"ok": well, "checks": [{"what": w, "ok": ok, "words": s} for w, ok, s in lines]})
    else:
        rows = [(what, "ok" if ok else "NOT OK", words) for what, ok, words in lines]
        printing.table(("WHAT", "", "FOUND"), rows, empty="")
    if not well:
        raise click.exceptions.Exit(1)


def _checks(app: "Kithspark") -> Iterator[Line]:
    yield "settings", True, f"read; data in {app.settings.data_dir}"
    database = _database(app)
    yield database
    yield from _room(app)
    yield from _redis(app)
    yield _public_address(app)
    if database[1]:
        yield from _restored(app)
        yield from _vendors(app)


def _database(app: "Kithspark") -> Line:
    from sqlalchemy.exc import SQLAlchemyError

    from store import migrate, writable

    kind = app.engine.dialect.name
    try:
        revision = migrate.current(app.engine)
    except SQLAlchemyError as trouble:
        silent = f"{kind} does not answer ({type(trouble).__name__}): see whether it runs"
        return "database", False, writable.trouble(trouble) or silent
    if revision != migrate.head():
        return "database", False, f"{kind} is at {revision or 'nothing'}: run `kithspark migrate`"
    if reason := writable.why_not(app.engine):
        return "database", False, reason
    return "database", True, f"{kind}, revision {revision}"


def _room(app: "Kithspark") -> Iterator[Line]:
    """Where the database is a file, its disk is ours to watch."""
    import shutil

    if app.engine.dialect.name != "sqlite":
        return
    free_mb = shutil.disk_usage(app.settings.data_dir).free // 1_000_000
    if free_mb < LEAST_MB:
        yield "disk", False, f"{free_mb} MB are left: free some room before the database cannot be written"
    else:
        yield "disk", True, f"{free_mb:,} MB are left"


def _restored(app: "Kithspark") -> Iterator[Line]:
    """A workspace that came from a backup tells nobody anything until what was told since is read back."""
    from plugin.commands.reading_back import every_progress, in_words

    now = app.clock()
    for workspace, progress in every_progress(app):
        words = in_words(progress, now)
        yield f"{workspace.slug}: restored", progress.finished_at is not None, words


def _redis(app: "Kithspark") -> Iterator[Line]:
    if app.settings.redis_url is None:
        return
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        Redis.from_url(
            app.settings.redis_url, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S
        ).ping()
        yield "redis", True, "answers"
    except (RedisError, OSError) as trouble:
        yield "redis", False, f"does not answer ({type(trouble).__name__}); work goes on, only later"


def _public_address(app: "Kithspark") -> Line:
    """Whether we are there under the address that vendors and customers were given."""
    import requests

    url = app.settings.public_url
    try:
        answered = (
            requests.get(f"{url}/healthz", timeout=PATIENCE_S, allow_redirects=False).status_code == 200
        )
    except requests.RequestException:
        answered = False
    if not answered:
        return (
            "public address",
            False,
            f"{url} does not lead here: start `kithspark serve`, or set KITHSPARK_PUBLIC_URL",
        )
    if not url.startswith("https://"):
        return "public address", True, f"{url} leads here; vendors will want https://"
    return "public address", True, f"{url} leads here"


def _vendors(app: "Kithspark") -> Iterator[Line]:
    from store import connections, workspaces
    from store.database import reading
    from store.errors import TryLater

    with reading(app.engine) as conn:
        found = [
            (one, system)
            for one in workspaces.list_all(conn)
            for system in connections.systems_of(conn, one.id)
        ]
    if not found:
        yield "workspaces", True, "nothing is connected yet: `kithspark workspace add SLUG --name NAME`"
    for workspace, system in found:
        try:
            with reading(app.engine) as conn:
                account = connections.load(conn, app.vault, workspace.id, system)
        except TryLater as sealed:
            yield f"{workspace.slug} {system}", False, str(sealed)
            continue
        yield from ((f"{workspace.slug} {system}: {what}", ok, words) for what, ok, words in _vendor(account))
        yield from _gets_through(workspace.slug, account)
        yield from _hears(workspace.slug, account)
        yield from _was_not_reached(workspace.slug, account, app)
        yield from _help_centre(workspace.slug, account, app)
        yield from _reconciles(workspace.slug, account, app)
        yield from _compares(workspace.slug, account, app)


def _vendor(account: "Account") -> list[Line]:
    """What that vendor's connector checks."""
    from connectors import accounts
    from connectors.hubspot.check import check as hubspot
    from connectors.jira.check import check as jira
    from connectors.jira.look import mapping_of
    from connectors.openai.check import check as openai
    from connectors.zendesk.check import check as zendesk

    is_openai = account.system == "openai"
    chat = accounts.chat(account) if is_openai else None
    embedder = accounts.embedder(account) if is_openai else None
    compares = (embedder, accounts.embedding_form(account)) if embedder else None
    checks: dict[str, tuple[Callable[[Any], list[Line]], Callable[[Account], Any]]] = {
        "jira": (lambda client: jira(client, mapping_of(account)), accounts.jira),
        "zendesk": (zendesk, accounts.zendesk),
        "hubspot": (hubspot, accounts.hubspot),
        "openai": (
            lambda client: openai(client if accounts.moderates(account) else None, chat, compares),
            accounts.openai,
        ),
    }
    check, client_of = checks[account.system]
    return check(client_of(account))


def _compares(slug: str, account: "Account", app: "Kithspark") -> Iterator[Line]:
    """How far the worker is with the texts for an embedding model."""
    from lineage.likeness import embedding
    from store.database import reading

    if account.system != "openai" or not account.config.get("embedding_model"):
        return
    with reading(app.engine) as conn:
        far = embedding.progress(conn, account.workspace_id)
    what = f"{slug} openai: texts compared"
    words = f"{far.read:,} of {far.all:,} changes of issues are read, {far.tickets:,} tickets wait"
    if far.parked:
        yield what, False, f"{words}; given up: {far.reason} See `kithspark failures`."
    else:
        yield what, True, f"{words}; last trouble: {far.reason}" if far.reason else words


def _gets_through(slug: str, account: "Account") -> Iterator[Line]:
    """What the workers met: from here the credentials may do, where they work they did not."""
    if account.trouble:
        mend = f"After `kithspark connect {account.system} {slug}` all of it goes on by itself."
        yield f"{slug} {account.system}: work", False, f"stands still: {account.trouble} {mend}"


def _hears(slug: str, account: "Account") -> Iterator[Line]:
    from connectors.accounts import SECRET

    if account.system == "openai":
        return
    what = f"{slug} {account.system}: webhook"
    if not account.secrets.get(SECRET):
        yield what, True, "no secret is set, so its calls are refused; the sync reads changes"
    elif account.last_event_at is None:
        yield what, True, "nothing was heard yet"
    else:
        yield what, True, f"last heard {printing.moment(account.last_event_at)}"


def _was_not_reached(slug: str, account: "Account", app: "Kithspark") -> Iterator[Line]:
    """Zendesk alone keeps a list of the calls that it gave up."""
    if account.system != "zendesk":
        return
    from datetime import timedelta

    from connectors import accounts
    from connectors.zendesk import undelivered
    from plugin import connecting
    from store.errors import GiveUp, TryLater

    what, address = f"{slug} zendesk: calls to us", connecting.address_of_webhook(app, "zendesk", slug)
    try:
        found = undelivered.undelivered(accounts.zendesk(account), address)
    except (GiveUp, TryLater) as trouble:
        yield what, False, str(trouble)
        return
    since = app.clock() - timedelta(days=1)
    yield (what, *undelivered.in_words(found, since=since))


def _help_centre(slug: str, account: "Account", app: "Kithspark") -> Iterator[Line]:
    """Only where a post of the community is placed: others need no Help Centre."""
    if account.system != "zendesk":
        return
    from connectors import accounts, known
    from connectors.zendesk import check
    from store.database import reading

    with reading(app.engine) as conn:
        posts = known.community_posts(conn, account.workspace_id)
    for what, ok, words in check.help_centre(accounts.zendesk(account), posts):
        yield f"{slug} zendesk: {what}", ok, words


def _reconciles(slug: str, account: "Account", app: "Kithspark") -> Iterator[Line]:
    """Every ten minutes; where none came through for an hour, what was lost stays lost."""
    if account.system == "openai":
        return
    what, at = f"{slug} {account.system}: reconciliation", account.last_sync_at
    if at is None:
        yield what, True, f"none yet: `kithspark work` does it every ten minutes, or `kithspark sync {slug}`"
    elif (app.clock() - at).total_seconds() > LATE_S:
        words = "is anybody working (`kithspark work`)? See `kithspark failures` too"
        yield what, False, f"last on {printing.moment(at)}: {words}"
    else:
        yield what, True, f"last on {printing.moment(at)}"
