"""What the company behind each request is worth, for the rows of the panel."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from lineage.tables import companies, requests
from lineage.terms import Money
from store.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Worth:
    """The company's full amounts: won and in term, and open."""

    customer: Money
    pipeline: Money


def worth(conn: Connection, workspace: Workspace, wanted: Collection[int]) -> dict[int, Worth]:
    """By request id; requests without a company are left out."""
    query = (
        select(requests.c.id, companies.c.customer_minor, companies.c.pipeline_minor)
        .join(companies, companies.c.id == requests.c.company_id)
        .where(requests.c.workspace_id == workspace.id, companies.c.workspace_id == workspace.id)
        .where(requests.c.id.in_(list(wanted)))
    )
    currency = workspace.policy.currency
    return {
        row.id: Worth(Money(row.customer_minor, currency), Money(row.pipeline_minor, currency))
        for row in conn.execute(query)
    }
