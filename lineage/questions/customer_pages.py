"""Requesters' own pages: whose page a link opens; and as colleagues see them, what is said there."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from lineage import follow_links, follow_tokens, people
from lineage.batches import batched
from lineage.questions.follow_views import CustomerPage, OpenedPage, Remark
from lineage.remark_rows import remarks
from lineage.tables import persons, requests
from lineage.terms import PersonId, RequestId
from lineage.world import CHUNK
from store import installation
from store.workspaces import Workspace

MOST = 200


def opened_by(conn: Connection, token: str) -> OpenedPage | None:
    """The request whose page this token opens.

    None for one that was made up, was revoked, or belongs to somebody who asked to be forgotten: each is
    looked for in the same way.
    """
    named = follow_tokens.read(installation.load(conn).follow_key, token)
    query = (
        select(
            requests.c.origin, requests.c.language, requests.c.person_id, persons.c.language.label("spoken")
        )
        .join(persons, persons.c.id == requests.c.person_id)
        .where(requests.c.workspace_id == named.workspace, requests.c.id == named.request)
        .where(requests.c.link_number == named.number, persons.c.erased_at.is_(None))
    )
    row = conn.execute(query).first()
    if row is None:
        return None
    request, person = RequestId(named.request), PersonId(row.person_id)
    return OpenedPage(named.workspace, request, person, row.origin, row.language or row.spoken)


def pages_of_ticket(conn: Connection, workspace: Workspace, ticket: str) -> list[CustomerPage]:
    """Of the requests made in this ticket or answered there now, the oldest first."""
    place = f"zendesk:ticket:{ticket}"
    return _pages(conn, workspace, or_(requests.c.origin == place, requests.c.reply_to == place))


def pages_of_person(conn: Connection, workspace: Workspace, email: str) -> list[CustomerPage]:
    """Of everything that the person with this proven address asked for."""
    person = people.by_address(conn, workspace.id, "email", email)
    return [] if person is None else _pages(conn, workspace, requests.c.person_id == person)


def misunderstood(conn: Connection, workspace: Workspace) -> list[CustomerPage]:
    """Those whose requester says that it was not what they meant, until somebody dealt with it."""
    said = select(remarks.c.request_id).where(
        remarks.c.workspace_id == workspace.id, remarks.c.settled_at.is_(None)
    )
    return _pages(conn, workspace, requests.c.id.in_(said))


def open_remarks(
    conn: Connection, workspace: Workspace, of: Collection[RequestId]
) -> dict[RequestId, tuple[Remark, ...]]:
    """What the requesters said of these requests and nobody dealt with yet, oldest first."""
    query = (
        select(remarks)
        .where(remarks.c.workspace_id == workspace.id, remarks.c.settled_at.is_(None))
        .order_by(remarks.c.at, remarks.c.id)
    )
    found: dict[RequestId, list[Remark]] = defaultdict(list)
    for chunk in batched(of, CHUNK):
        for row in conn.execute(query.where(remarks.c.request_id.in_(chunk))):
            found[RequestId(row.request_id)].append(Remark(row.words, row.at))
    return {request: tuple(said) for request, said in found.items()}


def _pages(conn: Connection, workspace: Workspace, condition: ColumnElement[bool]) -> list[CustomerPage]:
    query: Any = (
        select(requests, persons.c.name, persons.c.erased_at)
        .join(persons, persons.c.id == requests.c.person_id)
        .where(requests.c.workspace_id == workspace.id, condition)
        .order_by(requests.c.asked_at, requests.c.id)
        .limit(MOST)
    )
    rows, links = conn.execute(query).all(), follow_links.load(conn)
    said = open_remarks(conn, workspace, [RequestId(row.id) for row in rows])
    return [
        CustomerPage(
            RequestId(row.id), row.origin, row.name, row.subject, row.asked_at,
            None if row.erased_at else links.to(row), row.withdrawn_at, said.get(RequestId(row.id), ()),
        )
        for row in rows
    ]  # fmt: skip
