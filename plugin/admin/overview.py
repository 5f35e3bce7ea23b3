"""The overview: each vendor's last word, what waits, and everything that was given up, with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from connectors.jira import push
from lineage import outbox, questions, restored
from lineage.errors import LineageError
from lineage.wording.catalogue import later
from plugin import app_state, identity, queue
from plugin.admin.workspace import around, named, say
from plugin.errors import Missing
from plugin.forum import mails, moderation
from plugin.freshness import SYSTEMS
from plugin.identity import Operator
from plugin.imports import tables as import_tables
from plugin.said import said
from plugin.translating import gettext as _
from store import connections, inbox, looks, rests, workspaces
from store.database import reading, transaction
from store.vendors import Behind, behind
from store.waiting import Counts, Parked, Shelf
from store.workspaces import Workspace

routes = Blueprint("overview", __name__)

SHELVES: Mapping[str, tuple[Shelf, str]] = {
    "inbox": (inbox.SHELF, later("Deliveries heard, not yet understood")),
    "looks": (looks.SHELF, later("Things to read from a vendor")),
    "notices": (outbox.SHELF, later("Replies")),
    "pushes": (push.SHELF, later("Demand to write on Jira issues")),
    "restores": (restored.SHELF, later("Restores from a backup")),
    "readbacks": (restored.READBACKS, later("Persons whose tickets are read back after a restore")),
    "imports": (import_tables.SHELF, later("Imports under way")),
    "moderate": (moderation.SHELF, later("Forum posts to check")),
    "mail": (mails.SHELF, later("Sign-in mails")),
}
"""Each shelf of waiting rows by name, and what lies on it in words."""

SILENT_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Vendor:
    """One connection. `silent`: connected for a day and heard nothing for a day.

    `trouble`: why nothing gets through, else empty. `rests_until`: the account asked for a rest until then.
    """

    name: str
    system: str
    url: str
    last_event_at: datetime | None
    last_sync_at: datetime | None
    silent: bool
    behind: Behind
    trouble: str
    rests_until: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    name: str
    what: str
    counts: Counts
    parked: Sequence[Parked]


@routes.get("/")
@identity.operators_only
def start(operator: Operator) -> ResponseReturnValue:
    with reading(app_state.current().engine) as conn:
        every = workspaces.list_all(conn)
    if len(every) == 1:
        return redirect(url_for("admin.overview.overview", slug=every[0].slug), 303)
    return render_template("admin/workspaces.html", every=every, operator=operator)


@routes.get("/<slug>/")
@identity.operators_only
def overview(operator: Operator, slug: str) -> ResponseReturnValue:
    state = app_state.current()
    with reading(state.engine) as conn:
        workspace = named(conn, slug)
        vendors = _vendors(conn, workspace)
        how_far = restored.progress(conn, workspace)
        shelves = [
            Waiting(
                name,
                what,
                shelf.counts(conn, now=state.clock(), workspace_id=workspace.id),
                _failed(conn, workspace, shelf),
            )
            for name, (shelf, what) in SHELVES.items()
        ]
    now = state.clock()
    reading_back = how_far if how_far is not None and how_far.finished_at is None else None
    return render_template(
        "admin/overview.html", vendors=vendors, shelves=shelves, reading_back=reading_back,
        ends_at=reading_back and reading_back.ends_at(now), **around(operator, workspace),
    )  # fmt: skip


@routes.post("/<slug>/parked/<shelf>/<int:row>/<any(retry, dismiss):act>")
@identity.operators_only
def settle(operator: Operator, slug: str, shelf: str, row: int, act: str) -> ResponseReturnValue:
    state = app_state.current()
    if shelf not in SHELVES:
        raise Missing
    try:
        with transaction(state.engine) as conn:
            workspace = named(conn, slug)
            if shelf == "notices":
                words = queue.settle_notice(conn, workspace, row, act, by=operator.email, now=state.clock())
            else:
                words = _settle(conn, workspace, SHELVES[shelf][0], row, act, now=state.clock())
        say(words)
    except LineageError as error:
        say(said(str(error)))
    state.wake()
    return redirect(url_for("admin.overview.overview", slug=slug), 303)


def _settle(
    conn: Connection, workspace: Workspace, shelf: Shelf, row: int, act: str, *, now: datetime
) -> str:
    if act == "retry":
        done = shelf.retry(conn, row, workspace_id=workspace.id, now=now)
    else:
        done = shelf.dismiss(conn, row, workspace_id=workspace.id)
    words = _("It is tried again now.") if act == "retry" else _("Dismissed.")
    return words if done else _("Somebody else settled that already.")


def _failed(conn: Connection, workspace: Workspace, shelf: Shelf) -> Sequence[Parked]:
    """What waits for approval is parked too, but did not fail."""
    parked = shelf.parked(conn, workspace_id=workspace.id)
    if shelf is not outbox.SHELF:
        return parked
    waiting = {one.id for one in questions.notices(conn, workspace, state="awaiting_approval")}
    return [one for one in parked if one.id not in waiting]


def _vendors(conn: Connection, workspace: Workspace) -> list[Vendor]:
    state = app_state.current()
    late, found = behind(conn, workspace.id, now=state.clock()), []
    for system in connections.systems_of(conn, workspace.id):
        one = connections.load(conn, state.vault, workspace.id, system)
        heard = max(filter(None, (one.last_event_at, one.last_sync_at)), default=workspace.created_at)
        silent = system in SYSTEMS and heard < state.clock() - SILENT_AFTER
        name = SYSTEMS.get(system, "OpenAI")
        lag, rest = late.get(system, Behind()), rests.until(conn, workspace.id, system, rests.CALLS)
        rests_until = rest if rest is not None and rest > state.clock() else None
        found.append(
            Vendor(
                name,
                system,
                one.url,
                one.last_event_at,
                one.last_sync_at,
                silent,
                lag,
                one.trouble,
                rests_until,
            )
        )
    return found
