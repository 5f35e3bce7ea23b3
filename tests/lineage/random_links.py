"""Random links, choices and claims over a handful of items, for property tests of the pure rules."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from lineage.carriers import rest
from lineage.credit import Claim
from lineage.graph import Edge, Flow, SplitFacts, flow
from lineage.terms import AskId, CompanyId, EdgeKind, ItemId, PersonId, Worth

DAY = datetime(2026, 1, 1, tzinfo=UTC)
ITEMS = tuple(ItemId(str(number)) for number in range(6))

item_ids = st.sampled_from(ITEMS)
links = st.lists(
    st.builds(
        Edge,
        link_id=st.integers(1, 30).map(str),
        kind=st.sampled_from(EdgeKind),
        src=item_ids,
        dst=item_ids,
        at=st.integers(0, 20).map(lambda days: DAY + timedelta(days=days)),
    ),
    max_size=9,
    unique_by=lambda edge: edge.link_id,
)
facts = st.dictionaries(
    item_ids,
    st.builds(SplitFacts, st.sampled_from([None, True, False]), st.dictionaries(item_ids, st.integers(1, 5))),
)
choices = st.dictionaries(item_ids, st.frozensets(item_ids, min_size=1, max_size=3))
amounts = st.integers(0, 10**12)
worths = st.builds(Worth, amounts, amounts)


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    return flow(draw(links), draw(facts))


@st.composite
def claims(draw: st.DrawFn, where: Flow, *, start: ItemId | None = None) -> list[Claim]:
    """A few asks of one company, with or without choices."""
    made = []
    for number in range(draw(st.integers(1, 5))):
        item = start or draw(item_ids)
        chosen = draw(st.just({}) | choices)
        resting = rest(item, DAY, where, chosen)
        person = PersonId(draw(st.integers(1, 3)))
        made.append(Claim(AskId(number), person, CompanyId(1), item, None, resting))
    return made
