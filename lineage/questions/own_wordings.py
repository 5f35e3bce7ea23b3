"""The operator's own templates of a workspace, with who set them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from lineage.outcomes import wordings
from lineage.terms import Kind
from store.rows import find_rows
from store.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class OwnWording:
    kind: Kind
    language: str
    template: str
    changed_by: str
    changed_at: datetime


def own_wordings(conn: Connection, workspace: Workspace) -> dict[tuple[Kind, str], OwnWording]:
    """By kind and language; of the others the words are ours."""
    return {
        (Kind(row.kind), row.language): OwnWording(
            Kind(row.kind), row.language, row.template, row.changed_by, row.changed_at
        )
        for row in find_rows(conn, wordings, workspace_id=workspace.id)
    }
