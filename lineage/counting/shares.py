"""How a company's money is shared out at the splits where one of its people wants only some parts (§3)."""

from collections import defaultdict
from collections.abc import Collection
from fractions import Fraction

from sqlalchemy import Connection, bindparam, select

from lineage.batches import batched
from lineage.counting.passing import Weight
from lineage.credit import weights
from lineage.graph import Node
from lineage.outcomes import passes
from lineage.tables import choices
from lineage.terms import AskId, CompanyId, ItemId
from lineage.world import CHUNK, World


def shares_of_the_narrowed(
    conn: Connection,
    workspace_id: int,
    world: World,
    nodes: Collection[Node],
    companies: Collection[CompanyId],
) -> dict[tuple[CompanyId, Node], list[int]]:
    """By company and split item, the weights of the parts; none where nobody there is narrowed.

    Only of such companies is every ask at the item looked at; all others share by the sizes.
    """
    split = {node.item for node in nodes if not node.own and node.item in world.flow.splits}
    found = {}
    for item, narrowed in _narrowed(conn, workspace_id, world, split, set(companies)).items():
        for company, asks in _all_asks(conn, workspace_id, item, narrowed).items():
            world.load_asks(asks)
            given: dict[tuple[Node, Node], Fraction] = defaultdict(Fraction)
            for ask in asks:
                for way, share in world.rest(ask).given.items():
                    given[way] += share
            found[company, Node(item)] = weights(Node(item), world.flow, given)
    return found


def _narrowed(
    conn: Connection,
    workspace_id: int,
    world: World,
    split: Collection[ItemId],
    companies: Collection[CompanyId],
) -> dict[ItemId, set[CompanyId]]:
    """The companies that have an ask there whose narrowing takes effect."""
    chosen = [
        (ItemId(row.item_id), AskId(row.ask_id), CompanyId(row.company_id))
        for chunk in batched(split, CHUNK)
        for row in conn.execute(_CHOSEN, {"workspace": workspace_id, "items": chunk})
        if row.company_id in companies
    ]
    world.load_asks({ask for _, ask, _ in chosen})
    found: dict[ItemId, set[CompanyId]] = defaultdict(set)
    for item, ask, company in chosen:
        if item in world.rest(ask).narrowed:
            found[item].add(company)
    return found


def _all_asks(
    conn: Connection, workspace_id: int, item: ItemId, companies: Collection[CompanyId]
) -> dict[CompanyId, list[AskId]]:
    found: dict[CompanyId, list[AskId]] = defaultdict(list)
    for chunk in batched(companies, CHUNK):
        values = {"workspace": workspace_id, "item": item, "companies": chunk}
        for row in conn.execute(_OF_COMPANIES, values):
            found[CompanyId(row.company_id)].append(AskId(row.ask_id))
    return found


_counts = (
    passes.c.workspace_id == bindparam("workspace"),
    passes.c.own.is_(False),
    passes.c.weight == Weight.FULL,
)
_CHOSEN = (
    select(passes.c.item_id, passes.c.ask_id, passes.c.company_id)
    .join(
        choices,
        (choices.c.workspace_id == passes.c.workspace_id)
        & (choices.c.item_id == passes.c.item_id)
        & (choices.c.person_id == passes.c.person_id),
    )
    .where(*_counts, choices.c.item_id.in_(bindparam("items", expanding=True)))
)
_OF_COMPANIES = select(passes.c.ask_id, passes.c.company_id).where(
    *_counts,
    passes.c.item_id == bindparam("item"),
    passes.c.company_id.in_(bindparam("companies", expanding=True)),
)
