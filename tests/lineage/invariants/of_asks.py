"""Where asks rest and how far they are: the engine beside the model."""

from collections.abc import Iterator
from fractions import Fraction

from lineage.questions import AskView
from tests.lineage.invariants.now import Now
from tests.lineage.model.facts import Ask
from tests.lineage.model.resting import Node
from tests.lineage.model.standing import Progress, progress


def shares_sum_to_one(now: Now) -> Iterator[str]:
    for ask, view in now.asks.items():
        total = sum(Fraction(one.share) for one in view.carriers)
        if view.carriers and total != 1:
            yield f"{_said(ask)}: its shares sum to {total}"


def they_rest_where_the_model_says(now: Now) -> Iterator[str]:
    if now.asks.keys() != now.twin.facts.asks.keys():
        yield f"the engine has the asks {sorted(now.asks)}, the model {sorted(now.twin.facts.asks)}"
        return
    for ask, view, due in _standing(now):
        shares = {Node(one.item.key, one.own): Fraction(one.share) for one in view.carriers}
        if shares != due:
            yield f"{_said(ask)}: the engine has {_places(shares)}, the model {_places(due)}"


def they_are_as_far_as_the_model_says(now: Now) -> Iterator[str]:
    for ask, view, due in _standing(now):
        withdrawn = Progress("withdrawn", 0, 0)
        found = Progress(view.standing.value, view.delivered, view.parts)
        expected = progress(now.where, due) if due else withdrawn
        if found != expected:
            yield f"{_said(ask)}: the engine has {found}, the model {expected}"


def _standing(now: Now) -> Iterator[tuple[Ask, AskView, dict[Node, Fraction]]]:
    """Each ask that both know, and its shares in the model; none where it does not stand."""
    facts = now.twin.facts
    for ask in now.asks.keys() & facts.asks.keys():
        made = facts.requests[ask[0]]
        stands = facts.asks[ask] and not made.withdrawn
        yield ask, now.asks[ask], now.where.way(made.person, ask[1]).shares if stands else {}


def _said(ask: Ask) -> str:
    return f"{ask[0]} on {ask[1]}"


def _places(shares: dict[Node, Fraction]) -> str:
    every = (f"{share} on {node.item}{' itself' * node.own}" for node, share in sorted(shares.items()))
    return ", ".join(every) or "nothing"
