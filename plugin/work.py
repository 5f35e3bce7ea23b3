"""What happens later: from each shelf of waiting rows to the function that does them."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection as Database
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from connectors import accounts
from connectors.delivery import Channel, Delivery
from connectors.errors import Refused
from connectors.hubspot import look as hubspot
from connectors.hubspot import sync as hubspot_sync
from connectors.jira import look as jira
from connectors.jira import push
from connectors.jira import sync as jira_sync
from connectors.looking import EVERYTHING, SYNC, Looking
from connectors.resting import RestingChannel, Rests
from connectors.zendesk import community
from connectors.zendesk import look as zendesk
from connectors.zendesk.channel import ZendeskReplies
from lineage import outbox, past_places, placing, replanning, restored
from lineage.errors import LineageError
from lineage.likeness import embedding as embeddings
from lineage.likeness import keeping
from lineage.terms import PersonId
from plugin import embedding, restoring
from plugin.app_state import Kithspark
from plugin.forum import mail_sending, mails, moderation
from plugin.forum.channel import ForumEntries
from plugin.imports import steps, tables
from plugin.jira import act_work, acts
from plugin.opening import Bell
from store import connections, inbox, looks, workspaces, writable
from store.attempt import Outcome, Work
from store.connections import Connection
from store.database import reading, transaction
from store.errors import GiveUp, TryLater
from store.waiting import Claimed, Superseded
from store.worker import Worker
from store.workspaces import Workspace
from webhooks import hearing

LOOKS: Mapping[tuple[str, str], tuple[Callable[[Looking, Any], None], Callable[[Connection], Any]]] = {
    ("jira", "issue"): (jira.issue, accounts.jira),
    ("jira", "version"): (jira.version, accounts.jira),
    ("jira", "project"): (jira.project, accounts.jira),
    ("jira", "sync"): (jira_sync.sync, accounts.jira),
    ("zendesk", "ticket"): (zendesk.ticket, accounts.zendesk),
    ("zendesk", "user"): (zendesk.user, accounts.zendesk),
    ("zendesk", "post"): (community.post, accounts.zendesk),
    ("zendesk", "sync"): (zendesk.sync, accounts.zendesk),
    ("hubspot", "email"): (hubspot.email, accounts.hubspot),
    ("hubspot", "contact"): (hubspot.contact, accounts.hubspot),
    ("hubspot", "company"): (hubspot.company, accounts.hubspot),
    ("hubspot", "deal"): (hubspot.deal, accounts.hubspot),
    ("hubspot", "sync"): (hubspot_sync.sync, accounts.hubspot),
}
"""What each look does, and whose client it speaks through."""

SYNC_EVERY_S = 600.0

log = structlog.get_logger()


def shelves(app: Kithspark) -> dict[str, Work]:
    """The table of contents of all work. The order means nothing: each shelf has its own lanes.

    Where others are spoken to, one workspace has all but one: its vendor may be silent, and the rest go on.
    """
    hear = partial(hearing.hear, engine=app.engine, vault=app.vault, clock=app.clock)
    return {
        "inbox": Work(inbox.SHELF, hear, batch=100, lanes=1),
        "looks": Work(looks.SHELF, partial(look, app), batch=20, lanes=5, each=4),
        "notices": Work(outbox.SHELF, _delivery(app), batch=20, lanes=5, each=4),
        "restores": Work(restored.SHELF, partial(restoring.conduct, app), batch=4, lanes=2, each=1),
        "readbacks": Work(restored.READBACKS, partial(restoring.read_back, app), batch=20, lanes=3, each=2),
        "replans": Work(replanning.SHELF, partial(plan_again, app), batch=1, lanes=1),
        "past_days": Work(past_places.SHELF, partial(place, app), batch=1, lanes=1),
        "likenesses": Work(keeping.SHELF, partial(read_words, app), batch=50, lanes=1),
        "embeddings": Work(embeddings.SHELF, partial(embedding.ask, app), batch=1, lanes=2, each=1),
        "pushes": Work(push.SHELF, partial(write_demand, app), batch=20, lanes=3, each=2),
        "acts": Work(acts.SHELF, partial(act_work.do, app), batch=4, lanes=2, each=1),
        "imports": Work(tables.SHELF, partial(steps.step, app), batch=2, lanes=2, each=1),
        "moderate": Work(moderation.SHELF, partial(moderation.judge, app), batch=10, lanes=2, each=1),
        "mail": Work(mails.SHELF, partial(mail_sending.send, app), batch=10, lanes=2, each=1),
    }


def worker(app: Kithspark) -> Worker:
    """A worker for all of it, which hears this process's bell."""
    settings = app.settings
    made = Worker(
        app.engine, shelves(app), lease_s=settings.lease_s, sweep_s=settings.sweep_s, clock=app.clock
    )
    if isinstance(app.wake, Bell):  # a test may ring by itself
        app.wake.heard_by(made.wake)
    return made


def look(app: Kithspark, claimed: Claimed) -> None:
    """Reads one object again. Without its connection there is nothing to know about a company."""
    system, kind = claimed.row["system"], claimed.row["kind"]
    if (system, kind) not in LOOKS:
        raise GiveUp(f"Nobody knows how to look at a {kind} of {system}. Dismiss this.")
    do, client_of = LOOKS[system, kind]
    with reading(app.engine) as conn:
        workspace = workspaces.by_id(conn, claimed.workspace_id)
        account = accounts.connection_or_none(conn, app.vault, workspace.id, system)
    if account is None:
        _without(app, claimed, system)
        return
    try:
        with Rests(app.engine, app.clock).obeyed(account):
            do(Looking(app.engine, claimed, workspace, account, app.clock), client_of(account))
    except LineageError as refusal:
        raise GiveUp(str(refusal)) from refusal
    except (TryLater, Refused) as trouble:
        if kind == SYNC:  # it outlasts any trouble of theirs: nothing else heals what was lost
            after_s = trouble.after_s if isinstance(trouble, TryLater) else None
            raise TryLater(str(trouble), after_s=after_s or SYNC_EVERY_S) from trouble
        raise


def plan_again(app: Kithspark, claimed: Claimed) -> None:
    """Works out for many what they are to be told: those who wait, a hundred in one transaction."""
    with transaction(app.engine) as conn:
        workspace = workspaces.hold(conn, claimed.workspace_id)
        if not replanning.SHELF.done(conn, claimed):
            raise Superseded
        first = PersonId(claimed.row["person_id"])
        replanning.plan_waiting(conn, workspace, first=first, now=app.clock())


def read_words(app: Kithspark, claimed: Claimed) -> None:
    """Works out what one item sounds like, for suggestions. Raises Superseded."""
    with transaction(app.engine) as conn:
        keeping.work(conn, workspaces.hold(conn, claimed.workspace_id), claimed)


def place(app: Kithspark, claimed: Claimed) -> Outcome | None:
    """Fills in where issues stood on a past day, so that a page looks it up. Raises Superseded."""
    return placing.place(app.engine, claimed, clock=app.clock, lease_s=app.settings.lease_s)


def write_demand(app: Kithspark, claimed: Claimed) -> None:
    """Writes one issue's demand to Jira. Raises NotConnected."""
    with reading(app.engine) as conn:
        account = connections.load(conn, app.vault, claimed.workspace_id, "jira")
    with Rests(app.engine, app.clock).obeyed(account):
        push.push(claimed, accounts.jira(account), engine=app.engine, clock=app.clock)


def arm(app: Kithspark) -> None:
    """Sees to it that each connected vendor is reconciled on a schedule; each sync asks for the next one."""
    now, table = app.clock(), connections.connections
    query = select(table.c.workspace_id, table.c.system, table.c.last_sync_at)
    with transaction(app.engine) as conn:
        for row in conn.execute(query).all():
            since = (now - row.last_sync_at).total_seconds() if row.last_sync_at else SYNC_EVERY_S
            ask_sync(conn, row.workspace_id, row.system, now=now, due_in_s=max(0.0, SYNC_EVERY_S - since))


def arm_at_last(app: Kithspark, stop: threading.Event) -> None:
    """`arm`, as soon as it can be written: returns then, or when `stop` is set."""
    while not stop.is_set():
        try:
            arm(app)
        except (SQLAlchemyError, TryLater) as trouble:
            reason = writable.trouble(trouble)
            log.warning("schedule_not_armed", error=type(trouble).__name__, reason=reason)
            stop.wait(app.settings.sweep_s)
        else:
            return


def ask_sync(conn: Database, workspace_id: int, system: str, *, now: datetime, due_in_s: float = 0) -> bool:
    """Asks for a reconciliation with one vendor. False for one that there is nothing to reconcile with."""
    if (system, SYNC) not in LOOKS:
        return False
    looks.ask(
        conn, workspace_id=workspace_id, system=system, kind=SYNC, object_id=EVERYTHING, now=now,
        due_in_s=due_in_s,
    )  # fmt: skip
    return True


def _without(app: Kithspark, claimed: Claimed, system: str) -> None:
    """The look of a vendor that is not connected: a company is only a number that we then do not have."""
    if system != "hubspot" and claimed.row["kind"] != SYNC:
        raise GiveUp(
            f"This workspace is not connected to {system}: run `kithspark connect {system}`, then retry."
        )
    with transaction(app.engine) as conn:
        looks.finish(conn, claimed, claimed.row["asked"])


def _delivery(app: Kithspark) -> Delivery:
    def account_of(workspace: Workspace) -> Connection:
        with reading(app.engine) as conn:
            return connections.load(conn, app.vault, workspace.id, "zendesk")

    def client_of(workspace: Workspace) -> Any:
        return accounts.zendesk(account_of(workspace))

    replies = ZendeskReplies(app.engine, client_of, app.settings.settle_s)
    channels: dict[str, Channel] = {
        "zendesk": RestingChannel(replies, account_of, Rests(app.engine, app.clock, messages=True)),
        "forum": ForumEntries(app.engine),
    }
    return Delivery(app.engine, channels, app.clock, app.settings.lease_s)
