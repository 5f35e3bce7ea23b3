"""The engine's answers, by its public questions, beside the model's: each difference is a sentence."""

from collections.abc import Iterable
from fractions import Fraction

from sqlalchemy import select

from lineage.questions import AskView, DemandView, ask_views, asks_on, demand, ranking
from lineage.tables import asks
from lineage.terms import AskId
from tests.lineage.model.counting import Counting, Demand
from tests.lineage.model.facts import Amounts, Item
from tests.lineage.model.resting import Node, Where
from tests.lineage.model.standing import Progress, progress
from tests.lineage.twin.twin import Twin


def differences(twin: Twin, *, closely: Iterable[Item]) -> list[str]:
    """All asks and the ranking are compared; whatever can be asked about an item only for those `closely`."""
    counting = Counting(Where(twin.facts))
    return [
        *_of_asks(twin, counting.where),
        *_of_the_ranking(twin, counting),
        *(one for item in closely for one in _of_item(twin, counting, item)),
    ]


def views(twin: Twin) -> dict[tuple[str, Item], AskView]:
    """Every ask, as the engine answers it, by request and issue as the model names them."""
    ids = [AskId(ask) for ask in twin.story.conn.scalars(select(asks.c.id))]
    return {
        (name(view), view.item.key): view for view in ask_views(twin.story.conn, twin.story.workspace, ids)
    }


def name(view: AskView) -> str:
    _, what, ident = view.origin.split(":", 2)
    return ident if what == "ticket" else f"vote of {view.person_name} for {ident.split(':')[0]}"


def _of_asks(twin: Twin, where: Where) -> list[str]:
    found = views(twin)
    if found.keys() != twin.facts.asks.keys():
        return [f"the engine has the asks {sorted(found)}, the model {sorted(twin.facts.asks)}"]
    return [
        f"{request} on {item}: {one}"
        for (request, item), stands in twin.facts.asks.items()
        for one in _of_ask(twin, where, found[request, item], request, stands=stands)
    ]


def _of_ask(twin: Twin, where: Where, view: AskView, request: str, *, stands: bool) -> list[str]:
    made = twin.facts.requests[request]
    if made.withdrawn or not stands:
        return [] if view.standing == "withdrawn" and not view.carriers else ["it should be withdrawn"]
    shares = {Node(one.item.key, one.own): Fraction(one.share) for one in view.carriers}
    expected = where.way(made.person, view.item.key).shares
    so_far = Progress(view.standing.value, view.delivered, view.parts)
    if shares != expected:
        return [f"the engine has {_said(shares)}, the model {_said(expected)}"]
    if so_far != (due := progress(where, expected)):
        return [f"the engine has {so_far}, the model {due}"]
    return []


def _said(shares: dict[Node, Fraction]) -> str:
    return ", ".join(
        f"{share} on {node.item}{' itself' * node.own}" for node, share in sorted(shares.items())
    )


def _of_the_ranking(twin: Twin, counting: Counting) -> list[str]:
    found = {view.item.key: view for view in ranking(twin.story.conn, twin.story.workspace)}
    due = {item: demand for item in twin.facts.issues if (demand := counting.demand(item)).ranked}
    if found.keys() != due.keys():
        return [f"the engine ranks {sorted(found)}, the model {sorted(due)}"]
    return [one for item in found for one in _of_demand(item, found[item], due[item])]


def _of_item(twin: Twin, counting: Counting, item: Item) -> list[str]:
    story = twin.story
    view = demand(story.conn, story.workspace, story.id(item))
    here = {(name(ask), ask.item.key) for ask in asks_on(story.conn, story.workspace, story.id(item))}
    assert view is not None
    due = counting.asks_on(item)
    wrong = (
        [f"on {item} are {sorted(here)} for the engine, {sorted(due)} for the model"] if here != due else []
    )
    return wrong + _of_demand(item, view, counting.demand(item))


def _of_demand(item: Item, view: DemandView, due: Demand) -> list[str]:
    found = due._replace(
        requesters=view.requesters,
        companies=view.companies,
        votes=view.votes,
        reach=Amounts(view.reach_customer.minor, view.reach_pipeline.minor),
        credit=Amounts(view.customer.minor, view.pipeline.minor),
        oldest_at=view.oldest_at,
    )
    return [] if found == due else [f"{item} counts {found} for the engine, {due} for the model"]
