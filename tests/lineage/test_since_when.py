"""Since when an ask rests where it rests, and a part is wanted: beside the obvious slow way."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lineage.carriers import Chosen, rest
from lineage.graph import Edge, SplitFacts, flow
from lineage.past import Past, Stood
from lineage.terms import ItemId
from lineage.wishes import EVERYTHING
from tests.lineage.random_links import DAY, ITEMS, choices, facts, item_ids, links

BEFORE = DAY - timedelta(days=1)
quick = settings(max_examples=300, deadline=None)


@st.composite
def link_histories(draw: st.DrawFn) -> list[Stood]:
    """Links that came at some day, of which some went again."""
    stays = st.none() | st.integers(1, 10).map(lambda days: timedelta(days=days, hours=1))
    return [Stood(edge, edge.at + stay if (stay := draw(stays)) else None) for edge in draw(links)]


def standing_at(history: list[Stood], day: datetime) -> list[Edge]:
    """The links that stand at the end of this moment."""
    return [one.edge for one in history if one.edge.at <= day and (one.until is None or one.until > day)]


@quick
@given(link_histories(), facts, item_ids, choices)
def test_an_ask_is_never_taken_to_rest_somewhere_for_longer_than_it_does(
    history: list[Stood], said: dict[ItemId, SplitFacts], start: ItemId, chosen: Chosen
) -> None:
    moments = sorted({at for one in history for at in (one.edge.at, one.until) if at})
    days = [BEFORE, *moments]
    rests = [rest(start, BEFORE, flow(standing_at(history, day), said), chosen) for day in days]
    on = [{node.item for node in one.shares} for one in rests]
    around = Past(history, said).around(start)
    for node, known in rests[-1].since.items():
        came = max(day for turn, day in enumerate(days) if turn == 0 or node.item not in on[turn - 1])
        assert around.since(node.item, chosen, known=known, after=BEFORE) >= came


@quick
@given(st.lists(st.none() | st.frozensets(item_ids, min_size=1), max_size=6))
def test_a_part_is_wanted_since_it_was_wanted_without_a_break(said: list[frozenset[ItemId] | None]) -> None:
    wish, wanted = EVERYTHING, dict[ItemId, datetime | None].fromkeys(ITEMS)
    for day, parts in enumerate(said):
        at = DAY + timedelta(days=day)
        wish = wish.then(parts, at)
        wanted = {item: wanted.get(item, at) for item in ITEMS if parts is None or item in parts}
        assert {item: wish.since(item) for item in ITEMS if wish.wants(item)} == wanted
