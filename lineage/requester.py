"""What requesters do on their own page: they take a request back, or say that it was misunderstood."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from lineage.errors import Unknown
from lineage.outcomes import notices
from lineage.recipients import ANSWERABLE
from lineage.remark_rows import remarks
from lineage.requester_changes import LinkRevoked, NotMeant, RemarksSettled, RequestResumed, RequestWithdrawn
from lineage.tables import asks, requests
from lineage.terms import AskId, Origin, PersonId
from lineage.touched import UNCHANGED, Touched
from lineage.wording import remark_note
from store.rows import find_row, find_rows, insert_row, update_rows
from store.workspaces import Workspace


def request_withdrawn(
    conn: Connection, workspace: Workspace, change: RequestWithdrawn, _now: datetime
) -> Touched:
    """Nothing of this request counts or is told; its asks stay as they are, so that it can be resumed."""
    row = _request(conn, workspace, change.origin)
    return UNCHANGED if row.withdrawn_at is not None else _need(conn, row, withdrawn_at=change.at)


def request_resumed(
    conn: Connection, workspace: Workspace, change: RequestResumed, _now: datetime
) -> Touched:
    row = _request(conn, workspace, change.origin)
    return UNCHANGED if row.withdrawn_at is None else _need(conn, row, withdrawn_at=None)


def not_meant(conn: Connection, workspace: Workspace, change: NotMeant, now: datetime) -> Touched:
    """Kept until somebody dealt with it; an open ticket in which they asked gets a note as well."""
    row = _request(conn, workspace, change.origin)
    here = (remarks.c.workspace_id == workspace.id, remarks.c.request_id == row.id)
    said = select(remarks.c.id).where(*here, remarks.c.words == change.words, remarks.c.settled_at.is_(None))
    if conn.scalar(said) is not None:
        return UNCHANGED
    values = {"workspace_id": workspace.id, "request_id": row.id, "words": change.words, "at": change.at}
    made = insert_row(conn, remarks, values)
    if row.reply_to.startswith("zendesk:ticket:") and row.reply_state in ANSWERABLE:
        _write_note(conn, row, f"remark:{made}", change.words, workspace.policy.notes_in, now)
    return Touched()


def remarks_settled(
    conn: Connection, workspace: Workspace, change: RemarksSettled, _now: datetime
) -> Touched:
    row = _request(conn, workspace, change.origin)
    open_ = (remarks.c.request_id == row.id, remarks.c.settled_at.is_(None))
    settled = update(remarks).where(remarks.c.workspace_id == workspace.id, *open_)
    done = conn.execute(settled.values(settled_at=change.at, settled_by=change.by)).rowcount
    return Touched(changed=bool(done))


def link_revoked(conn: Connection, workspace: Workspace, change: LinkRevoked, _now: datetime) -> Touched:
    """What waits to be said to this person is worded anew, with the new link."""
    row = _request(conn, workspace, change.origin)
    _set(conn, row, {"link_number": row.link_number + 1})
    return Touched(persons={PersonId(row.person_id)})


def _request(conn: Connection, workspace: Workspace, origin: Origin) -> Row[Any]:
    found = find_row(conn, requests, workspace_id=workspace.id, origin=str(origin))
    if found is None:
        raise Unknown(f"Nothing is known of {origin}: look at it first (`kithspark look`).")
    return found


def _need(conn: Connection, row: Row[Any], *, withdrawn_at: datetime | None) -> Touched:
    _set(conn, row, {"withdrawn_at": withdrawn_at})
    made = find_rows(conn, asks, workspace_id=row.workspace_id, request_id=row.id)
    return Touched(asks={AskId(ask.id) for ask in made}, persons={PersonId(row.person_id)})


def _write_note(conn: Connection, row: Row[Any], mark: str, words: str, language: str, now: datetime) -> None:
    text = remark_note(words, language)
    values = {
        "workspace_id": row.workspace_id, "person_id": row.person_id, "lane": "note", "kind": "note",
        "state": "queued", "facts": [{"mark": mark, "item": ""}], "place": row.reply_to, "language": language,
        "text": text, "html": "", "digest": "", "created_at": now, "tried_places": [], "due_at": now,
    }  # fmt: skip
    conn.execute(insert(notices).values(values))


def _set(conn: Connection, row: Row[Any], values: dict[str, Any]) -> None:
    update_rows(conn, requests, values, workspace_id=row.workspace_id, id=row.id)
