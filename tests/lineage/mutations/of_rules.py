"""Where asks rest and how far they are: each rule broken once."""

from fractions import Fraction
from typing import Any

from lineage import carriers, children, graph, links, merging, standing
from lineage.terms import Standing
from tests.lineage.mutations import histories
from tests.lineage.mutations.mutation import Mutation
from tests.lineage.twin.broken import FAR, RESTS, SHARES

_assemble, _state_of = graph._assemble, standing.state_of


def _by_youngest(edge: Any) -> tuple[int, str]:
    return -int(edge.link_id), ""


def _all_parts(walk: Any, whole: Any) -> Any:
    return walk._flow.splits[whole]


def _first_part(walk: Any, whole: Any) -> Any:
    parts, chosen = walk._flow.splits[whole], walk._chosen.get(whole)
    return tuple(p for p in parts if chosen is None or p.node.item in chosen) or parts[:1]


def _by_name_only(walk: Any, whole: Any) -> Any:
    parts, chosen = walk._flow.splits[whole], walk._chosen.get(whole, frozenset())
    return tuple(part for part in parts if part.node.item in chosen) or parts


def _one_share_each(walk: Any, node: Any) -> Any:
    for part in walk._flow.splits.get(node.item, ()) if not node.own else ():
        yield part.node, Fraction(1), part.edge


def _one_end_is_enough(conn: Any, workspace_id: int, item: Any, known: Any, touched: Any, now: Any) -> bool:
    links._set(conn, workspace_id, known.link_id, {"removed_at": now})
    touched.links.add((known.src, known.dst))
    touched.items |= {known.src, known.dst}
    return True


OF_RULES = {
    "every part gets the whole": Mutation(
        SHARES, carriers._Walk, "_hand_on", _one_share_each, histories.thirds),
    "the youngest merge counts": Mutation(
        RESTS, graph, "link_order", _by_youngest, histories.two_merges),
    "the youngest link of a circle counts": Mutation(
        RESTS, graph, "link_order", _by_youngest, histories.circle),
    "a part merged back stays a part": Mutation(
        RESTS, graph, "_merged_back", lambda edges, splits: frozenset(), histories.merged_back),
    "a container keeps a part": Mutation(
        RESTS, graph, "_assemble", lambda a, facts, s: _assemble(a, {}, s), histories.container),
    "nobody is narrowed": Mutation(
        RESTS, carriers._Walk, "_wanted", _all_parts, histories.narrowed),
    "who chose what is gone gets the first part": Mutation(
        RESTS, carriers._Walk, "_wanted", _first_part, histories.unheeded),
    "choosing what was merged back means nothing": Mutation(
        RESTS, carriers._Walk, "_wanted", _by_name_only, histories.merged_back),
    "a merge of the own part goes nowhere": Mutation(
        RESTS, graph, "_assemble",
        lambda a, facts, s: _assemble(
            a._replace(edges=[e for e in a.edges if e.kind == "split"]), facts, s),
        histories.own_part_is_a_duplicate),
    "one end is enough to remove a link": Mutation(
        RESTS, links, "_not_listed", _one_end_is_enough, histories.hidden_end),
    "what an end said before it was deleted takes a link away": Mutation(
        RESTS, links, "_is_lost", lambda known: False, histories.deleted_end),
    "the children of an issue are never its parts": Mutation(
        RESTS, children, "_listed", lambda conn, workspace_id, parent: (), histories.family),
    "of two who are one, the choice of one is lost": Mutation(
        RESTS, merging, "_want_what_either_wants",
        lambda conn, workspace_id, keep, gone, now: conn.exec_driver_sql("DELETE FROM choices"),
        histories.users_are_one),
    "an own part that closed first is out": Mutation(
        FAR, standing, "carrier_state",
        lambda node, states, flow, *, keeps: states[node.item], histories.closed_first),
    "a part that is a duplicate is closed": Mutation(
        FAR, standing, "_ends", lambda nodes, flow: nodes,
        histories.closed_first_and_a_part_is_a_duplicate),
    "one out and one declined waits for more": Mutation(
        FAR, standing, "_standing",
        lambda carriers, delivered, *, withdrawn: Standing.PART_DELIVERED, histories.one_out_one_declined),
    "an unmapped resolution is a delivery": Mutation(
        FAR, standing, "state_of",
        lambda **said: _state_of(**said | {"resolution_id": None}), histories.unmapped),
    "done is out before its release": Mutation(
        FAR, standing, "state_of",
        lambda **said: _state_of(**said | {"on_release": False}), histories.unreleased),
}  # fmt: skip
