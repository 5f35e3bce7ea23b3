"""How far an ask is, by the letter: the state of each item it rests on, and the first row that fits."""

from collections.abc import Iterable
from typing import NamedTuple

from tests.lineage.model.facts import Facts, Item
from tests.lineage.model.resting import Node, Where


class Progress(NamedTuple):
    standing: str
    delivered: int
    parts: int


def state_of(facts: Facts, item: Item) -> str:
    issue = facts.issues[item]
    if issue.deleted:
        return "gone"
    if issue.category != "done":
        return {"new": "open", "indeterminate": "started"}[issue.category]
    state = issue.resolution or "delivered"
    waits = facts.on_release and not facts.released >= set(issue.versions)
    return "started" if state == "delivered" and waits else state


def state_at(where: Where, node: Node) -> str:
    """An own part that closed before the others, of which nobody said what it is, asks a person first."""
    state = state_of(where.facts, node.item)
    first = any(_is_open(where, part) for part in where.parts(Node(node.item)) if not part.own)
    unsaid = node.own and node.item not in where.facts.keeps
    return "closed" if state in ("delivered", "declined") and unsaid and first else state


def _is_open(where: Where, node: Node) -> bool:
    """Whether something is open of what it leads to: a part may be a duplicate, or split in its turn."""
    heir = where.heir(node)
    onward = where.parts(node) or ([heir] if heir else [])
    return any(_is_open(where, one) for one in onward) or (
        not onward and state_of(where.facts, node.item) in ("open", "started")
    )


def progress(where: Where, nodes: Iterable[Node]) -> Progress:
    states = [state_at(where, node) for node in nodes]
    out, no, parts = states.count("delivered"), states.count("declined"), len(states)
    rows = [
        (out == parts, "delivered"),
        (bool(out) and out + no < parts, "part_delivered"),
        (bool(out), "delivered_in_part"),
        (no == parts, "declined"),
        ("started" in states, "started"),
        (True, "waiting"),
    ]
    return Progress(next(name for fits, name in rows if fits), out, parts)
