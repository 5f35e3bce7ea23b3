"""How persons are reached, as screens show it."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from lineage.batches import batched
from lineage.tables import addresses
from lineage.terms import PersonId
from lineage.world import CHUNK
from store.workspaces import Workspace


def emails_of(conn: Connection, workspace: Workspace, askers: Iterable[PersonId]) -> dict[PersonId, str]:
    """The first proven address of each of these persons who has one."""
    found: dict[PersonId, str] = {}
    for chunk in batched(askers, CHUNK):
        query = (
            select(addresses.c.person_id, addresses.c.value)
            .where(addresses.c.workspace_id == workspace.id, addresses.c.person_id.in_(chunk))
            .where(addresses.c.kind == "email")
            .order_by(addresses.c.rank, addresses.c.value)
        )
        for row in conn.execute(query):
            found.setdefault(PersonId(row.person_id), row.value)
    return found
