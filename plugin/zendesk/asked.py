"""What a ticket asked for, in the requester's own words, as first seen."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from lineage.likeness.embedding_tables import embedding_rounds, request_embeddings
from lineage.likeness.vectors import Embedded, unpack
from lineage.tables import requests
from store.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Asked:
    """`as_model`: what the connected model makes of it, where the worker has asked it already."""

    subject: str
    words: str
    as_model: Embedded | None = None


def asked(conn: Connection, workspace: Workspace, ticket: str) -> Asked | None:
    """None for a ticket that we have never seen."""
    made, here, rounds = request_embeddings.c, requests.c, embedding_rounds.c
    of_now = (rounds.workspace_id == made.workspace_id) & (rounds.run == made.run)
    query = (
        select(here.subject, here.words, rounds.run, made.vector)
        .outerjoin(
            request_embeddings, (made.workspace_id == here.workspace_id) & (made.request_id == here.id)
        )
        .outerjoin(embedding_rounds, of_now)
        .where(here.workspace_id == workspace.id, here.origin == f"zendesk:ticket:{ticket}")
    )
    row = conn.execute(query).first()
    if row is None:
        return None
    return Asked(
        row.subject, row.words, Embedded(row.run, unpack(row.vector)) if row.run and row.vector else None
    )


def tickets_answered_in(conn: Connection, workspace: Workspace, ticket: str) -> list[str]:
    """The other tickets whose requests are answered in this one: merged into it, or followed up by it."""
    here, tickets = f"zendesk:ticket:{ticket}", "zendesk:ticket:"
    query = select(requests.c.origin).where(
        requests.c.workspace_id == workspace.id,
        requests.c.reply_to == here,
        requests.c.origin != here,
        requests.c.origin.startswith(tickets, autoescape=True),
    )
    return [origin.removeprefix(tickets) for origin in conn.scalars(query)]
