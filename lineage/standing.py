"""How far an item, and how far an ask, has come. Only processes data."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lineage.graph import Flow, Node
from lineage.terms import ItemId, Standing, State

SETTLED = frozenset({State.DELIVERED, State.DECLINED, State.CLOSED, State.GONE})
"""States in which nobody works on an item any more."""

MEANINGS = {"delivered": State.DELIVERED, "declined": State.DECLINED, "closed": State.CLOSED}
"""What a resolution can be mapped to, by Jira's id for it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The standing of one ask: `delivered` of `parts` are out."""

    standing: Standing
    delivered: int
    parts: int


def state_of(
    *,
    category: str,
    resolution_id: str | None,
    meaning: str | None,
    on_release: bool,
    released: Collection[bool],
    gone: bool,
) -> State:
    """The state of one item, from Jira's status category and resolution (§4).

    `meaning` is what the workspace maps the resolution to; an unmapped one asks a person.
    `released` says of each fix version whether it is out; it counts only where the workspace says
    that delivered means released.
    """
    if gone:
        return State.GONE
    if category != "done":
        return State.STARTED if category == "indeterminate" else State.OPEN
    meant = MEANINGS.get(meaning or "", State.CLOSED) if resolution_id else State.DELIVERED
    if meant is State.DELIVERED and on_release and not all(released):
        return State.STARTED
    return meant


def carrier_state(node: Node, states: Mapping[ItemId, State], flow: Flow, *, keeps: bool | None) -> State:
    """The state in which a carrier counts.

    A split item that closed while a part is still open, and of which nobody has said whether it kept
    a part, says nothing: it reads as `closed` until a person answers (rule 3).
    """
    state = states[node.item]
    if not node.own or keeps is not None or state not in SETTLED:
        return state
    others = {part.node for part in flow.splits[node.item] if not part.node.own}
    return state if all(states[end.item] in SETTLED for end in _ends(others, flow)) else State.CLOSED


def _ends(nodes: Iterable[Node], flow: Flow) -> Iterator[Node]:
    """Where asks that pass these nodes come to rest: a part may be a duplicate of something that is open."""
    seen, waiting = set[Node](), list(nodes)
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if not node.own and node.item in flow.splits:
            waiting += [part.node for part in flow.splits[node.item]]
        elif merge := flow.merges.get(node):
            waiting.append(Node(merge.dst))
        else:
            yield node


def progress(carriers: Sequence[State], *, withdrawn: bool = False) -> Progress:
    """The first row of the table in §4 that fits.

    >>> progress([State.DELIVERED, State.OPEN])
    Progress(standing=<Standing.PART_DELIVERED: 'part_delivered'>, delivered=1, parts=2)
    """
    delivered = sum(state is State.DELIVERED for state in carriers)
    return Progress(_standing(carriers, delivered, withdrawn=withdrawn), delivered, len(carriers))


def _standing(carriers: Sequence[State], delivered: int, *, withdrawn: bool) -> Standing:
    declined = sum(state is State.DECLINED for state in carriers)
    if withdrawn:
        return Standing.WITHDRAWN
    if delivered == len(carriers):
        return Standing.DELIVERED
    if delivered:
        return (
            Standing.DELIVERED_IN_PART if delivered + declined == len(carriers) else Standing.PART_DELIVERED
        )
    if declined == len(carriers):
        return Standing.DECLINED
    return Standing.STARTED if State.STARTED in carriers else Standing.WAITING
