"""What a ticket asked for, in the requester's own words, as first seen."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from lineage.tables import requests
from store.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Asked:
    subject: str
    words: str


def asked(conn: Connection, workspace: Workspace, ticket: str) -> Asked | None:
    """None for a ticket that we have never seen."""
    query = select(requests.c.subject, requests.c.words).where(
        requests.c.workspace_id == workspace.id, requests.c.origin == f"zendesk:ticket:{ticket}"
    )
    row = conn.execute(query).first()
    return Asked(row.subject, row.words) if row else None
