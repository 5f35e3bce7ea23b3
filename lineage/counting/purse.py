"""The money of companies, node by node: what differs is pushed down the links, and nothing else is looked at.

A company's money goes its own way, whatever the others have: `carries` and `shared_out` (lineage/credit.py)
say how much is at a node and what each heir gets. What a node got from elsewhere is kept, so that only the
nodes below a change are worked out again, however many stand above.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from lineage.batches import batched
from lineage.counting import purse_rows as rows
from lineage.counting.passing import Difference, Weight
from lineage.counting.purse_rows import Claim
from lineage.counting.shares import shares_of_the_narrowed
from lineage.credit import carries, shared_out
from lineage.graph import Flow, Node
from lineage.terms import NOTHING, CompanyId, ItemId, Worth
from lineage.world import CHUNK, World


@dataclass(slots=True)
class Moved:
    """By how much the sums of each item differ now."""

    companies: dict[ItemId, int] = field(default_factory=lambda: defaultdict(int))
    reach: dict[ItemId, Worth] = field(default_factory=lambda: defaultdict(lambda: NOTHING))
    amounts: dict[Node, Worth] = field(default_factory=lambda: defaultdict(lambda: NOTHING))


def settle(
    conn: Connection,
    workspace_id: int,
    world: World,
    difference: Difference,
    revalued: Mapping[CompanyId, Worth],
) -> Moved:
    """Bring the money up to date where asks came and went, ways changed, or a company is `revalued`.

    `revalued` says what those companies were worth before.
    """
    touched = rows.nodes_of(conn, workspace_id, revalued)
    for row in difference.followed:
        if row.company is not None:
            touched[row.company].add(row.node)
    moved = Moved()
    counts = _counts(difference)
    for chunk in batched(sorted(touched), CHUNK):
        worth = rows.worth_of(conn, workspace_id, chunk)
        purse = _Purse(conn, workspace_id, world, {one: touched[one] for one in chunk}, worth)
        purse.count(counts)
        purse.push_down()
        purse.write()
        _add_up(purse, worth, revalued, moved)
    return moved


def _counts(difference: Difference) -> dict[tuple[CompanyId, Node], tuple[int, int]]:
    """By how many asks, and by how many that were linked right there, each company passes a node more."""
    counts: dict[tuple[CompanyId, Node], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for sign, changed in ((1, difference.gained), (-1, difference.lost)):
        for row in changed:
            if row.company is not None and row.weight == Weight.FULL:
                asks, direct = counts[row.company, row.node]
                counts[row.company, row.node] = (asks + sign, direct + sign * row.direct)
    return counts


class _Purse:
    """The claims and portions of a few companies, around the nodes that were touched."""

    def __init__(
        self,
        conn: Connection,
        workspace_id: int,
        world: World,
        touched: Mapping[CompanyId, set[Node]],
        worth: Mapping[CompanyId, Worth],
    ) -> None:
        self._conn, self._workspace, self._world, self._worth = conn, workspace_id, world, worth
        self._pending = {company: set(nodes) for company, nodes in touched.items()}
        starts = {node for nodes in touched.values() for node in nodes}
        world.load_links({node.item for node in starts})
        near = _below(starts, world.flow)
        self._portions = rows.portions(conn, workspace_id, near, touched)
        self.portions_before = dict(self._portions)
        strangers = {heir for _, _, heir in self._portions} - near  # heirs that are none any more
        if strangers:
            world.load_links({node.item for node in strangers})
            near = _below(starts | strangers, world.flow)
            self._portions = rows.portions(conn, workspace_id, near, touched)
            self.portions_before = dict(self._portions)
        self._order = _givers_first(near, world.flow)
        self._claims = rows.claims(conn, workspace_id, near, touched)
        self.claims_before = dict(self._claims)
        self._shared_by = shares_of_the_narrowed(conn, workspace_id, world, near, touched)

    def count(self, counts: Mapping[tuple[CompanyId, Node], tuple[int, int]]) -> None:
        """Take note of asks that came and went."""
        for company, nodes in self._pending.items():
            for node in nodes:
                asks, direct = counts.get((company, node), (0, 0))
                claim = self._claim(company, node)
                self._claims[company, node] = claim._replace(
                    asks=claim.asks + asks, direct=claim.direct + direct
                )

    def push_down(self) -> None:
        """Work out every node that something changed for, each after all that give to it."""
        self._take_back_what_goes_nowhere()
        for node in self._order:
            for company, pending in self._pending.items():
                if node in pending:
                    self._work_out(company, node)

    def changed_claims(self) -> Iterator[tuple[CompanyId, Node, Claim, Claim]]:
        """Each claim that differs: before and now."""
        for (company, node), claim in self._claims.items():
            before = self.claims_before.get((company, node), rows.NO_CLAIM)
            if claim != before:
                yield company, node, before, claim

    def claims_now(self) -> Iterable[tuple[tuple[CompanyId, Node], Claim]]:
        return self._claims.items()

    def write(self) -> None:
        changed = [(company, node, now) for company, node, _, now in self.changed_claims()]
        rows.write_claims(self._conn, self._workspace, changed)
        rows.write_portions(self._conn, self._workspace, self.portions_before, self._portions)

    def _take_back_what_goes_nowhere(self) -> None:
        """Portions along ways that do not stand any more."""
        flow = self._world.flow
        for (company, giver, heir), portion in list(self._portions.items()):
            if heir not in _heirs(giver, flow):
                del self._portions[company, giver, heir]
                self._pass_on(company, heir, _minus(NOTHING, portion))

    def _work_out(self, company: CompanyId, node: Node) -> None:
        claim, worth = self._claim(company, node), self._worth[company]
        amount = carries(worth, claim.inflow, direct=claim.direct > 0)
        self._claims[company, node] = claim._replace(amount=amount)
        wanted: dict[Node, Worth] = {}
        if claim.asks:
            shared_by = self._shared_by.get((company, node))
            wanted = dict(shared_out(node, amount, self._world.flow, shared_by))
        for heir in _heirs(node, self._world.flow):
            now = wanted.get(heir, NOTHING)
            more = _minus(now, self._portions.pop((company, node, heir), NOTHING))
            if now != NOTHING:
                self._portions[company, node, heir] = now
            if more != NOTHING:
                self._pass_on(company, heir, more)

    def _pass_on(self, company: CompanyId, heir: Node, more: Worth) -> None:
        claim = self._claim(company, heir)
        self._claims[company, heir] = claim._replace(inflow=_plus(claim.inflow, more))
        self._pending[company].add(heir)

    def _claim(self, company: CompanyId, node: Node) -> Claim:
        return self._claims.get((company, node), rows.NO_CLAIM)


def _add_up(
    purse: _Purse, worth: Mapping[CompanyId, Worth], revalued: Mapping[CompanyId, Worth], moved: Moved
) -> None:
    """What the changed claims mean for the sums of their items."""
    for _, node, before, now in purse.changed_claims():
        moved.amounts[node] = _plus(moved.amounts[node], _minus(now.amount, before.amount))
        if not node.own:
            moved.companies[node.item] += bool(now.asks) - bool(before.asks)
    for (company, node), now in purse.claims_now():
        before = purse.claims_before.get((company, node), rows.NO_CLAIM)
        reached = worth[company] if now.asks else NOTHING
        reached_before = revalued.get(company, worth[company]) if before.asks else NOTHING
        if not node.own and reached != reached_before:
            moved.reach[node.item] = _plus(moved.reach[node.item], _minus(reached, reached_before))


def _heirs(node: Node, flow: Flow) -> list[Node]:
    if not node.own and node.item in flow.splits:
        return [part.node for part in flow.splits[node.item]]
    merge = flow.merges.get(node)
    return [Node(merge.dst)] if merge else []


def _below(starts: Iterable[Node], flow: Flow) -> set[Node]:
    found, waiting = set(starts), list(starts)
    while waiting:
        fresh = set(_heirs(waiting.pop(), flow)) - found
        found |= fresh
        waiting += fresh
    return found


def _givers_first(nodes: Collection[Node], flow: Flow) -> list[Node]:
    """The flow has no circle; each node comes after all that give to it."""
    done: dict[Node, None] = {}
    waiting = [(node, False) for node in nodes]
    while waiting:
        node, left = waiting.pop()
        if left:
            done[node] = None
        elif node not in done:
            waiting.append((node, True))
            waiting += [(heir, False) for heir in _heirs(node, flow)]
    return list(reversed(done))


def _plus(one: Worth, other: Worth) -> Worth:
    return Worth(one.customer + other.customer, one.pipeline + other.pipeline)


def _minus(one: Worth, other: Worth) -> Worth:
    return Worth(one.customer - other.customer, one.pipeline - other.pipeline)
