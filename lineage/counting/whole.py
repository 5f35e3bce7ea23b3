"""The same rows worked out from nothing, island by island: what `rebuild` compares with, and writes.

It uses the rules as they stand in `carriers` and `credit`, on every ask of an island at once, and none of the
differences. Where the two ways disagree, one of them is wrong.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table, bindparam, delete, insert, select

from lineage.ask_rows import AskRow
from lineage.batches import batched
from lineage.counting import purse_rows
from lineage.counting.passing import Pass, Weight, passes_of, weight_of
from lineage.counting.sums import Sums, row_of, weights_of
from lineage.credit import Carried, Claim, carried
from lineage.graph import Node
from lineage.outcomes import claims, demands, passes, portions
from lineage.terms import NOTHING, CompanyId, ItemId, PersonId, Worth
from lineage.world import CHUNK, World
from store.workspaces import Workspace

Key: TypeAlias = tuple[Any, ...]
Rows: TypeAlias = dict[Key, dict[str, Any]]

TABLES: Mapping[str, tuple[Table, str]] = {
    "passes": (passes, "item_id"),
    "claims": (claims, "item_id"),
    "portions": (portions, "giver_id"),
    "demands": (demands, "item_id"),
}
"""Every derived table, and the column that says to which item a row belongs."""


def expected(
    conn: Connection, workspace: Workspace, world: World, items: Collection[ItemId]
) -> dict[str, Rows]:
    """What every derived row of these whole islands has to be. They are loaded with all their asks."""
    rows = [ask for ask in world.asks.values() if ask.item in items]
    gone_by = [one for ask in rows for one in passes_of(world, ask)]
    money = _money(conn, workspace.id, world, rows)
    worth = purse_rows.worth_of(conn, workspace.id, money)
    values = {
        "passes": [_pass(workspace.id, one) for one in gone_by],
        "claims": _claims(workspace.id, money, gone_by),
        "portions": _portions(workspace.id, money),
        "demands": _demands(workspace, world, gone_by, money, worth),
    }
    return {name: {_key(TABLES[name][0], row): row for row in of} for name, of in values.items()}


def kept(conn: Connection, workspace_id: int, items: Collection[ItemId]) -> dict[str, Rows]:
    """Every derived row of these items as it is."""
    found: dict[str, Rows] = {name: {} for name in TABLES}
    for name, (table, column) in TABLES.items():
        for chunk in batched(items, CHUNK):
            query = select(table).where(table.c.workspace_id == workspace_id, table.c[column].in_(chunk))
            found[name] |= {_key(table, row): dict(row) for row in conn.execute(query).mappings()}
    return found


def mend(
    conn: Connection, before: Mapping[str, Rows], after: Mapping[str, Rows]
) -> dict[ItemId, dict[str, Any] | None]:
    """Write what differs; the items that count otherwise now, and their rows."""
    for name, (table, _) in TABLES.items():
        wrong = [key for key, row in before[name].items() if after[name].get(key) != row]
        fresh = [row for key, row in after[name].items() if before[name].get(key) != row]
        columns = table.primary_key.columns
        gone = delete(table).where(*(column == bindparam(f"key_{column.name}") for column in columns))
        if wrong:
            names = [f"key_{column.name}" for column in columns]
            conn.execute(gone, [dict(zip(names, key, strict=True)) for key in wrong])
        for some in batched(fresh, 10 * CHUNK):
            conn.execute(insert(table), list(some))
    old, new = before["demands"], after["demands"]
    return {ItemId(key[1]): new.get(key) for key in old.keys() | new.keys() if old.get(key) != new.get(key)}


def _key(table: Table, row: Mapping[Any, Any]) -> Key:
    return tuple(row[column.name] for column in table.primary_key.columns)


def _money(
    conn: Connection, workspace_id: int, world: World, rows: Iterable[AskRow]
) -> dict[CompanyId, Carried]:
    of: dict[CompanyId, list[Claim]] = defaultdict(list)
    for ask in rows:
        if ask.company is not None and weight_of(ask) == Weight.FULL:
            vote, rest = ask.request if ask.vote else None, world.way_of(ask)
            of[ask.company].append(Claim(ask.ask, ask.person, ask.company, ask.item, vote, rest))
    worth = purse_rows.worth_of(conn, workspace_id, of)
    return {company: carried(asked, world.flow, worth[company]) for company, asked in of.items()}


def _pass(workspace_id: int, one: Pass) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id, "ask_id": one.ask, "item_id": one.node.item, "own": one.node.own,
        "person_id": one.person, "company_id": one.company, "weight": int(one.weight), "vote": one.vote,
        "direct": one.direct, "asked_at": one.asked_at,
    }  # fmt: skip


def _claims(
    workspace_id: int, money: Mapping[CompanyId, Carried], gone_by: Iterable[Pass]
) -> list[dict[str, Any]]:
    asks: dict[tuple[CompanyId, Node], int] = defaultdict(int)
    direct: dict[tuple[CompanyId, Node], int] = defaultdict(int)
    for one in gone_by:
        if one.company is not None and one.weight == Weight.FULL:
            asks[one.company, one.node] += 1
            direct[one.company, one.node] += one.direct
    found = []
    for (company, node), count in asks.items():
        inflow, amount = _inflow(money[company], node), money[company].amounts[node]
        found.append(
            {"workspace_id": workspace_id, "item_id": node.item, "own": node.own, "company_id": company}
            | {"asks": count, "direct": direct[company, node], "inflow_customer": inflow.customer}
            | {"inflow_pipeline": inflow.pipeline, "customer": amount.customer, "pipeline": amount.pipeline}
        )
    return found


def _inflow(money: Carried, node: Node) -> Worth:
    return _sum(portion for (_, heir), portion in money.portions.items() if heir == node)


def _portions(workspace_id: int, money: Mapping[CompanyId, Carried]) -> list[dict[str, Any]]:
    return [
        {
            "workspace_id": workspace_id, "giver_id": giver.item, "giver_own": giver.own,
            "company_id": company, "heir_id": heir.item, "heir_own": heir.own,
            "customer": portion.customer, "pipeline": portion.pipeline,
        }
        for company, of in money.items()
        for (giver, heir), portion in of.portions.items()
        if portion != NOTHING
    ]  # fmt: skip


def _demands(
    workspace: Workspace,
    world: World,
    gone_by: Iterable[Pass],
    money: Mapping[CompanyId, Carried],
    worth: Mapping[CompanyId, Worth],
) -> list[dict[str, Any]]:
    by_item: dict[ItemId, list[Pass]] = defaultdict(list)
    for one in gone_by:
        if one.weight != Weight.NOTHING:
            by_item[one.node.item].append(one)
    amounts: dict[Node, Worth] = defaultdict(lambda: NOTHING)
    for of in money.values():
        for node, amount in of.amounts.items():
            amounts[node] = _sum((amounts[node], amount))
    weights = weights_of(workspace)
    found = []
    for item, passing in by_item.items():
        sums = _recounted(item, passing, amounts, worth)
        oldest = min(one.asked_at for one in passing)
        key = {"workspace_id": workspace.id, "item_id": item}
        found.append(key | row_of(world, item, sums, oldest, weights))
    return found


def _recounted(
    item: ItemId, passing: Collection[Pass], amounts: Mapping[Node, Worth], worth: Mapping[CompanyId, Worth]
) -> Sums:
    here = [one for one in passing if not one.node.own]
    counting = [one for one in here if one.weight == Weight.FULL]
    people: set[PersonId] = {one.person for one in counting}
    votes = {one.request for one in here if one.vote}
    companies: set[CompanyId] = {one.company for one in counting if one.company is not None}
    reach = _sum(worth[company] for company in companies)
    whole, own = amounts.get(Node(item), NOTHING), amounts.get(Node(item, own=True), NOTHING)
    return Sums(
        len(here), len(passing) - len(here), len(people), len(companies), len(votes),
        *reach, *whole, *own,
    )  # fmt: skip


def _sum(worths: Iterable[Worth]) -> Worth:
    customer = pipeline = 0
    for one in worths:
        customer += one.customer
        pipeline += one.pipeline
    return Worth(customer, pipeline)
