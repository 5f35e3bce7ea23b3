"""What is taken over from elsewhere: links that stand already, and what people said in other places.

It counts from the day on which it was said. Of what had become of it by the import nobody is told by itself:
whoever asked may have heard it long ago (`news.py`). What is known here already is left as it is, what was
taken back here too: an import brings nothing back.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from lineage import people
from lineage.changes import PersonSeen
from lineage.errors import Unknown
from lineage.item_rows import must_know
from lineage.operator_changes import FindingImported, LinkImported
from lineage.organisations import company_of, company_said
from lineage.tables import asks, requests
from lineage.terms import AskId, PersonId, RequestId
from lineage.touched import Touched, Wanted
from store.rows import find_row, insert_row
from store.workspaces import Workspace


def link_imported(conn: Connection, workspace: Workspace, change: LinkImported, _now: datetime) -> Touched:
    """A ticket that was linked elsewhere asks for an item. Raises Unknown for one that nobody has read."""
    must_know(conn, workspace.id, change.item)
    request = find_row(conn, requests, workspace_id=workspace.id, origin=str(change.origin))
    if request is None:
        raise Unknown(f"Nothing is known of {change.origin}: look at it first (`kithspark look`).")
    touched = Touched(changed=False)
    if request.withdrawn_at is None:
        _ask(conn, request, change, touched)
    return touched


def finding_imported(
    conn: Connection, workspace: Workspace, change: FindingImported, now: datetime
) -> Touched:
    """Somebody asked for an item where we cannot answer: it counts, for the company that was named."""
    must_know(conn, workspace.id, change.item)
    touched = Touched(changed=False)
    seen = PersonSeen("email", change.email.lower(), change.name, (change.email,))
    known = find_row(conn, requests, workspace_id=workspace.id, origin=str(change.origin))
    if known is None:
        asker = people.person(conn, workspace.id, seen, touched, now)
        company = company_said(conn, workspace.id, asker, change.company) if change.company else None
        insert_row(conn, requests, {
            "workspace_id": workspace.id, "origin": str(change.origin), "person_id": asker,
            "company_id": company or company_of(conn, workspace.id, asker, None), "words": change.words,
            "subject": "", "asked_at": change.at, "reply_to": str(change.origin),
            "reply_to_person_id": asker,
        })  # fmt: skip
        known = find_row(conn, requests, workspace_id=workspace.id, origin=str(change.origin))
    assert known is not None
    if known.withdrawn_at is None:
        _ask(conn, known, change, touched)
    return touched


def _ask(
    conn: Connection, request: Row[Any], change: LinkImported | FindingImported, touched: Touched
) -> None:
    """Nothing where it asks for this already, or did until somebody took that back."""
    row = {"workspace_id": request.workspace_id, "request_id": request.id, "item_id": change.item}
    if find_row(conn, asks, **row) is not None:
        return
    linked = {"linked_at": change.at, "linked_by": change.by, "imported_at": change.as_of}
    touched.asks.add(AskId(insert_row(conn, asks, row | linked)))
    touched.changed = True
    touched.persons.add(PersonId(request.person_id))
    for email in people.emails_behind(conn, request.workspace_id, RequestId(request.id)):
        touched.wanted.add(Wanted("hubspot", "email", email))
