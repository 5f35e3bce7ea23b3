"""After a restore from a backup: the vendors are read, then everybody's tickets, then news goes out again.

What was told since the backup is on the tickets and not in our database. So nothing goes out until it was
read back; all of it is rows that wait for work, so that whoever works goes on where another was stopped.
"""

from datetime import datetime

from sqlalchemy import Connection, select, update

from connectors import accounts
from connectors.looking import EVERYTHING, SYNC
from connectors.resting import Rests
from connectors.zendesk.read_back import messages_to
from lineage import recalling, replanning, restored
from lineage.marks import names_of
from lineage.outcomes import UNDER_WAY, notices
from lineage.tables import requests
from lineage.terms import PersonId
from lineage.world import World
from plugin.app_state import Kithspark
from plugin.forum.tables import forum_mails
from store import connections, installation, looks, workspaces
from store.database import reading, transaction
from store.errors import TryLater
from store.waiting import Claimed, Superseded
from store.workspaces import Workspace

LOOKS_AGAIN_S = 2.0
FOLLOW_ON_S = 60.0
"""What a sync asks for within this time after it belongs to it."""

TICKET = "zendesk:ticket:"


def begin(conn: Connection, *, backup_at: datetime, now: datetime) -> None:
    """In the transaction of the restore: hold back everything that would go out, and read the vendors."""
    installation.begin_epoch(conn)
    for workspace in workspaces.list_all(conn):
        restored.begin(conn, workspace, backup_at=backup_at, now=now)
        for system in connections.systems_of(conn, workspace.id):
            if system in MARKS:
                _read_again(conn, workspace, system, backup_at - restored.OVERLAP, now=now)
    # The links in them have long run out, and a mail cannot be read back.
    conn.execute(update(forum_mails).values(due_at=None, lease_until=None, parked_at=None))


MARKS = {"jira": ["issues"], "zendesk": ["tickets"], "hubspot": ["contact", "company", "deal"]}
"""The watermarks of each reconciliation, but for those of the slower rounds, which are taken at once."""


def _read_again(
    conn: Connection, workspace: Workspace, system: str, since: datetime, *, now: datetime
) -> None:
    """The reconciliation hears what was missed."""
    connections.put_watermark_back(conn, workspace.id, system, MARKS[system], since)
    looks.ask(
        conn, workspace_id=workspace.id, system=system, kind=SYNC, object_id=EVERYTHING, now=now
    )  # fmt: skip


def conduct(app: Kithspark, claimed: Claimed) -> None:
    """Goes on with the next step of one workspace's restore, once the step before is done."""
    with transaction(app.engine) as conn:
        workspace, now = workspaces.hold(conn, claimed.workspace_id), app.clock()
        how_far = restored.progress(conn, workspace)
        if how_far is None or not restored.SHELF.renew(conn, claimed, now=now, lease_s=app.settings.lease_s):
            raise Superseded(f"the restore of {workspace.slug} is another worker's")
        if how_far.reading_at is None and _vendors_are_read(conn, workspace, how_far.restored_at):
            restored.begin_reading(conn, workspace, now=now)
        elif how_far.reading_at is not None and how_far.left == 0:
            restored.finish(conn, workspace, now=now)
            restored.SHELF.done(conn, claimed)
            return
    raise TryLater("what was said since the backup is being read back", after_s=LOOKS_AGAIN_S)


def read_back(app: Kithspark, claimed: Claimed) -> None:
    """Reads one person's tickets for what we told them since the backup. Raises connectors.errors."""
    person = PersonId(claimed.row["person_id"])
    with reading(app.engine) as conn:
        workspace = workspaces.by_id(conn, claimed.workspace_id)
        account = accounts.connection_or_none(conn, app.vault, workspace.id, "zendesk")
        restore = restored.of(conn, workspace.id)
        readers = {name.removeprefix("zendesk:") for name in names_of(conn, workspace.id, person)
                   if name.startswith("zendesk:")}  # fmt: skip
        tickets = _tickets_of(conn, workspace, person)
    messages: list[recalling.Message] = []
    if account is not None and restore is not None:
        since = restore.backup_at - restored.OVERLAP
        with Rests(app.engine, app.clock).obeyed(account):
            client = accounts.zendesk(account)
            messages = messages_to(client, readers=readers, tickets=tickets, since=since)
    with transaction(app.engine) as conn:
        workspace, now = workspaces.hold(conn, claimed.workspace_id), app.clock()
        if not restored.READBACKS.done(conn, claimed):
            raise Superseded(f"the tickets of person {person} are read by another worker")
        if recalling.recall(conn, workspace, person, messages, now=now):
            world = World(conn, workspace.id)
            replanning.plan_now_or_soon(conn, workspace, world, {person}, now=now)


def _vendors_are_read(conn: Connection, workspace: Workspace, restored_at: datetime) -> bool:
    """Whether each vendor was reconciled since, and what the reconciliation asked for is read.

    What was parked is for a person and holds up nothing; what comes in meanwhile neither.
    """
    table = connections.connections
    syncs = select(table.c.system, table.c.last_sync_at).where(table.c.workspace_id == workspace.id)
    synced = {row.system: row.last_sync_at for row in conn.execute(syncs) if row.system in SYNCED}
    if any(at is None or at < restored_at for at in synced.values()):
        return False
    asked = looks.looks.c
    open_ = select(asked.due_at, asked.reason, asked.system).where(
        asked.workspace_id == workspace.id, asked.due_at.is_not(None), asked.kind != SYNC
    )
    return not any(
        row.reason or (row.due_at - synced[row.system]).total_seconds() <= FOLLOW_ON_S
        for row in conn.execute(open_)
        if row.system in synced
    )


SYNCED = ("jira", "zendesk")
"""Whose word decides what is true and where it is said. Amounts may come later."""


def _tickets_of(conn: Connection, workspace: Workspace, person: PersonId) -> set[str]:
    """Where we know that this person asked, is answered, or was about to be told."""
    asked = select(requests.c.origin, requests.c.reply_to).where(
        requests.c.workspace_id == workspace.id, requests.c.person_id == person
    )
    places = {place for row in conn.execute(asked) for place in row}
    on_their_way = select(notices.c.tried_places).where(
        notices.c.workspace_id == workspace.id, notices.c.person_id == person,
        notices.c.state.in_(UNDER_WAY),
    )  # fmt: skip
    places |= {place for tried in conn.scalars(on_their_way) for place in tried}
    return {place.removeprefix(TICKET) for place in places if place.startswith(TICKET)}
