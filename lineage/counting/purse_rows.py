"""The rows of claims and portions: read for a few companies at a few nodes, and written where they differ."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import BindParameter, Connection, bindparam, delete, select

from lineage.batches import batched
from lineage.graph import Node
from lineage.outcomes import claims as claims_table
from lineage.outcomes import portions as portions_table
from lineage.tables import companies
from lineage.terms import NOTHING, CompanyId, ItemId, Worth
from lineage.world import CHUNK
from store.database import upsert_many


class Claim(NamedTuple):
    """One company at one node: how many of its asks pass, how many were linked right there, what came from
    elsewhere, and what it carries there.
    """

    asks: int
    direct: int
    inflow: Worth
    amount: Worth


NO_CLAIM = Claim(0, 0, NOTHING, NOTHING)

Claims: TypeAlias = dict[tuple[CompanyId, Node], Claim]
Portions: TypeAlias = dict[tuple[CompanyId, Node, Node], Worth]


def nodes_of(
    conn: Connection, workspace_id: int, wanted: Collection[CompanyId]
) -> dict[CompanyId, set[Node]]:
    """Every node that asks of these companies pass."""
    found: dict[CompanyId, set[Node]] = defaultdict(set)
    for chunk in batched(wanted, CHUNK):
        for row in conn.execute(_NODES, {"workspace": workspace_id, "companies": chunk}):
            found[CompanyId(row.company_id)].add(Node(ItemId(row.item_id), row.own))
    return found


def worth_of(conn: Connection, workspace_id: int, wanted: Collection[CompanyId]) -> dict[CompanyId, Worth]:
    """What these companies are worth now."""
    found = {}
    for chunk in batched(wanted, CHUNK):
        for row in conn.execute(_WORTH, {"workspace": workspace_id, "companies": chunk}):
            found[CompanyId(row.id)] = Worth(row.customer_minor, row.pipeline_minor)
    return {company: found.get(company, NOTHING) for company in wanted}


def claims(
    conn: Connection, workspace_id: int, nodes: Collection[Node], wanted: Collection[CompanyId]
) -> Claims:
    found: Claims = {}
    for row in _at(conn, _CLAIMS, workspace_id, nodes, wanted):
        inflow, amount = Worth(row.inflow_customer, row.inflow_pipeline), Worth(row.customer, row.pipeline)
        found[row.company_id, Node(row.item_id, row.own)] = Claim(row.asks, row.direct, inflow, amount)
    return found


def portions(
    conn: Connection, workspace_id: int, nodes: Collection[Node], wanted: Collection[CompanyId]
) -> Portions:
    """What these companies hand on from these nodes."""
    return {
        (row.company_id, Node(row.giver_id, row.giver_own), Node(row.heir_id, row.heir_own)): Worth(
            row.customer, row.pipeline
        )
        for row in _at(conn, _PORTIONS, workspace_id, nodes, wanted)
    }


def _at(
    conn: Connection, query: Any, workspace_id: int, nodes: Collection[Node], wanted: Collection[CompanyId]
) -> Iterable[Any]:
    for chunk in batched({node.item for node in nodes}, CHUNK):
        yield from conn.execute(
            query, {"workspace": workspace_id, "items": chunk, "companies": tuple(wanted)}
        )


def write_claims(
    conn: Connection, workspace_id: int, changed: Sequence[tuple[CompanyId, Node, Claim]]
) -> None:
    """A claim without asks is gone."""
    gone = [_claim_key(workspace_id, company, node) for company, node, claim in changed if not claim.asks]
    kept = [
        _claim_key(workspace_id, company, node)
        | {"asks": claim.asks, "direct": claim.direct, "inflow_customer": claim.inflow.customer}
        | {"inflow_pipeline": claim.inflow.pipeline, "customer": claim.amount.customer}
        | {"pipeline": claim.amount.pipeline}
        for company, node, claim in changed
        if claim.asks
    ]
    _delete(conn, claims_table, _CLAIM_KEY, gone)
    upsert_many(conn, claims_table, _CLAIM_KEY, kept)


def write_portions(conn: Connection, workspace_id: int, before: Portions, now: Portions) -> None:
    """Those that differ; a portion of nothing has no row."""
    gone = [_portion_key(workspace_id, *key) for key in before.keys() - now.keys()]
    kept = [
        _portion_key(workspace_id, *key) | {"customer": portion.customer, "pipeline": portion.pipeline}
        for key, portion in now.items()
        if before.get(key) != portion
    ]
    _delete(conn, portions_table, _PORTION_KEY, gone)
    upsert_many(conn, portions_table, _PORTION_KEY, kept)


def _delete(conn: Connection, table: Any, key: Sequence[str], gone: list[dict[str, Any]]) -> None:
    if gone:
        conn.execute(_deletion(table, tuple(key)), gone)


@cache
def _deletion(table: Any, key: tuple[str, ...]) -> Any:
    return delete(table).where(*(table.c[name] == bindparam(name) for name in key))


_CLAIM_KEY = ("workspace_id", "item_id", "own", "company_id")
_PORTION_KEY = ("workspace_id", "giver_id", "giver_own", "company_id", "heir_id", "heir_own")


def _claim_key(workspace_id: int, company: CompanyId, node: Node) -> dict[str, Any]:
    return {"workspace_id": workspace_id, "item_id": node.item, "own": node.own, "company_id": company}


def _portion_key(workspace_id: int, company: CompanyId, giver: Node, heir: Node) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id, "giver_id": giver.item, "giver_own": giver.own,
        "company_id": company, "heir_id": heir.item, "heir_own": heir.own,
    }  # fmt: skip


_items: BindParameter[Any] = bindparam("items", expanding=True)
_companies: BindParameter[Any] = bindparam("companies", expanding=True)
_CLAIMS = select(claims_table).where(
    claims_table.c.workspace_id == bindparam("workspace"),
    claims_table.c.item_id.in_(_items),
    claims_table.c.own.in_((False, True)),
    claims_table.c.company_id.in_(_companies),
)
_PORTIONS = select(portions_table).where(
    portions_table.c.workspace_id == bindparam("workspace"),
    portions_table.c.giver_id.in_(_items),
    portions_table.c.giver_own.in_((False, True)),
    portions_table.c.company_id.in_(_companies),
)
_NODES = select(claims_table.c.company_id, claims_table.c.item_id, claims_table.c.own).where(
    claims_table.c.workspace_id == bindparam("workspace"), claims_table.c.company_id.in_(_companies)
)
_WORTH = select(companies.c.id, companies.c.customer_minor, companies.c.pipeline_minor).where(
    companies.c.workspace_id == bindparam("workspace"), companies.c.id.in_(_companies)
)
