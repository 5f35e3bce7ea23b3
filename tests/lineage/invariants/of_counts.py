"""How much items count: the engine beside the model, and beside its own rows."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from lineage.outcomes import claims, demands, passes, portions, pushes
from lineage.questions import DemandView, asks_on, demand
from lineage.tables import asks, companies
from tests.lineage.invariants.now import Now
from tests.lineage.model.counting import Demand
from tests.lineage.model.facts import Amounts, Item


def they_count_what_the_model_says(now: Now) -> Iterator[str]:
    """The whole ranking; and of one issue, another each time, all that can be asked about it."""
    due = {item: one for item in now.twin.facts.issues if (one := now.counting.demand(item)).ranked}
    if now.ranked.keys() != due.keys():
        yield f"the engine ranks {sorted(now.ranked)}, the model {sorted(due)}"
        return
    for item, view in now.ranked.items():
        yield from _of_demand(item, view, due[item])
    known = sorted(now.twin.facts.issues)
    if known:
        yield from _closely(now, known[len(now.twin.said) % len(known)])


def _closely(now: Now, item: Item) -> Iterator[str]:
    story = now.story
    view = demand(story.conn, story.workspace, story.id(item))
    here = {now.named[ask.ask_id] for ask in asks_on(story.conn, story.workspace, story.id(item))}
    assert view is not None
    due = now.counting.asks_on(item)
    if here != due:
        yield f"on {item} are {sorted(here)} for the engine, {sorted(due)} for the model"
    yield from _of_demand(item, view, now.counting.demand(item))


def _of_demand(item: Item, view: DemandView, due: Demand) -> Iterator[str]:
    found = due._replace(
        requesters=view.requesters,
        companies=view.companies,
        votes=view.votes,
        reach=Amounts(view.reach_customer.minor, view.reach_pipeline.minor),
        credit=Amounts(view.customer.minor, view.pipeline.minor),
        score=view.score,
        oldest_at=view.oldest_at,
    )
    if found != due:
        yield f"{item} counts {found} for the engine, {due} for the model"


def the_parts_add_up(now: Now) -> Iterator[str]:
    """What each company hands on from a place is all that it carries there."""
    given: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for row in now.story.conn.execute(select(portions)):
        of = given[row.company_id, row.giver_id, row.giver_own]
        of[0] += row.customer
        of[1] += row.pipeline
    for row in now.story.conn.execute(select(claims)):
        handed = given.get((row.company_id, row.item_id, row.own))
        if handed and handed != [row.customer, row.pipeline]:
            yield f"company {row.company_id} hands on {handed} of [{row.customer}, {row.pipeline}]"


def nobody_is_above_their_amount(now: Now) -> Iterator[str]:
    query = select(claims, companies).join(companies, companies.c.id == claims.c.company_id)
    for row in now.story.conn.execute(query):
        if row.customer > row.customer_minor or row.pipeline > row.pipeline_minor:
            yield f"{row.name} carries {row.customer} and {row.pipeline} on {row.item_id}"


def counts_equal_a_recount(now: Now) -> Iterator[str]:
    """Each person, company and vote once, by the asks that pass an item."""
    query = (
        select(passes.c.item_id, passes.c.person_id, passes.c.company_id, passes.c.weight, passes.c.vote)
        .add_columns(asks.c.request_id, companies.c.customer_minor, companies.c.pipeline_minor)
        .join_from(passes, asks, asks.c.id == passes.c.ask_id)
        .join(companies, companies.c.id == passes.c.company_id, isouter=True)
        .where(passes.c.own.is_(False), passes.c.weight > 0)
    )
    here: dict[str, list[Any]] = defaultdict(list)
    for row in now.story.conn.execute(query):
        here[row.item_id].append(row)
    for row in now.story.conn.execute(select(demands)):
        proven = [one for one in here[row.item_id] if one.weight == 2]
        known = {one.company_id: (one.customer_minor, one.pipeline_minor) for one in proven if one.company_id}
        people, votes = (
            {one.person_id for one in proven},
            {one.request_id for one in here[row.item_id] if one.vote},
        )
        customer, pipeline = (sum(worth[which] for worth in known.values()) for which in (0, 1))
        due = (len(people), len(known), len(votes), customer, pipeline)
        found = (row.requesters, row.companies, row.votes, row.reach_customer, row.reach_pipeline)
        if found != due:
            yield f"{row.item_id} counts {found}, recounted {due}"


def what_differs_is_pushed(now: Now) -> Iterator[str]:
    """Since it was last looked."""
    query = select(demands, func.coalesce(pushes.c.rev, 0).label("rev")).join_from(
        demands, pushes, pushes.c.item_id == demands.c.item_id, isouter=True
    )
    before, last = now.twin.pushed, dict(now.twin.pushed)
    for row in now.story.conn.execute(query).mappings():
        counts = {name: value for name, value in row.items() if name != "rev"}
        known, rev = before.get(row["item_id"], ({}, 0))
        if counts != known and row["rev"] <= rev:
            yield f"{row['item_id']} counts otherwise, and no push was asked for"
        last[row["item_id"]] = (counts, row["rev"])
    now.twin.pushed = last
