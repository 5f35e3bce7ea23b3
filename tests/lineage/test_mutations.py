"""Each rule broken once: a short history must then tell the engine from the model, or the check is blind.

A mutation is one line of the table: what is wrong, where, what stands there instead, and a history.
"""

import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from lineage import carriers, credit, graph, links, news, standing
from lineage.counting import passing
from lineage.counting.passing import Weight
from lineage.terms import Standing
from tests.lineage.conftest import Stage
from tests.lineage.model.facts import Amounts
from tests.lineage.random_history import told_twice
from tests.lineage.twin.comparing import differences
from tests.lineage.twin.twin import Twin

pytestmark = pytest.mark.long


class Mutation(NamedTuple):
    breaks: str
    where: Any
    name: str
    wrong: Any
    history: Callable[[Twin], object]


def two_merges(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.merges("KS-1", into="KS-2")
    t.merges("KS-1", into="KS-3")


def circle(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.merges("KS-1", into="KS-2")
    t.merges("KS-2", into="KS-1")


def merged_back(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.splits("KS-1", "KS-2", "KS-3")
    t.merges("KS-2", into="KS-1")
    t.wants("Ana", "KS-1", "KS-2")


def narrowed(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.asks("Bo", "KS-1")
    t.is_worth("Acme", Amounts(100_001, 7))
    t.splits("KS-1", "KS-2", "KS-3")
    t.wants("Ana", "KS-1", "KS-3")


def unheeded(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.splits("KS-1", "KS-2")
    t.wants("Ana", "KS-1", "KS-9")


def container(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.splits("KS-1", "KS-2", "KS-3")
    t.keeps("KS-1", part=False)


def own_part_is_a_duplicate(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.splits("KS-1", "KS-2")
    t.merges("KS-1", into="KS-9")


def thirds(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.is_worth("Acme", Amounts(100_001, 7))
    t.splits("KS-1", "KS-2", "KS-3")


def merged_askers(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.asks("Bo", "KS-2")
    t.is_worth("Acme", Amounts(100_001, 7))
    t.merges("KS-1", into="KS-3")
    t.merges("KS-2", into="KS-3")


def colleague(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.is_staff("Ana", staff=True)


def closed_first(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.splits("KS-1", "KS-2")
    t.closes("KS-1")


def closed_first_and_a_part_is_a_duplicate(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.splits("KS-1", "KS-2")
    t.merges("KS-2", into="KS-9")
    t.closes("KS-2", "closed as a duplicate")
    t.closes("KS-1")


def one_out_one_declined(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.splits("KS-1", "KS-2")
    t.closes("KS-1")
    t.closes("KS-2", "declined")


def unmapped(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.closes("KS-1", "closed as nobody knows what")


def unreleased(t: Twin) -> None:
    t.policy(deliver="release")
    t.asks("Ana", "KS-1")
    t.belongs_to("KS-1", "1.0")
    t.closes("KS-1")


def hidden_end(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.splits("KS-1", "KS-2")
    t.hides("KS-2")
    t.disconnects("KS-1", "KS-2")


def told_and_read_again(t: Twin) -> None:
    t.asks("Ana", "KS-1")
    t.closes("KS-1")
    t.sends()
    t.asks("Ana", "KS-9")
    t.merges("KS-9", into="KS-1")
    t.decides(yes=True)
    t.sends()
    t.sends()


def _weights_of_sizes(node: Any, flow: Any, given: Any) -> list[int]:
    return [part.size for part in flow.splits[node.item]]


def _all_parts(walk: Any, whole: Any) -> Any:
    return walk._flow.splits[whole]


def _first_part(walk: Any, whole: Any) -> Any:
    parts, chosen = walk._flow.splits[whole], walk._chosen.get(whole)
    return tuple(p for p in parts if chosen is None or p.node.item in chosen) or parts[:1]


def _by_name_only(walk: Any, whole: Any) -> Any:
    parts, chosen = walk._flow.splits[whole], walk._chosen.get(whole, frozenset())
    return tuple(part for part in parts if part.node.item in chosen) or parts


_real_assemble, _real_state_of = graph._assemble, standing.state_of

MUTATIONS = {
    "the youngest merge counts": Mutation(
        "rule 2", graph, "link_order", lambda edge: (-int(edge.link_id), ""), two_merges),
    "the youngest link of a circle counts": Mutation(
        "rule 10", graph, "link_order", lambda edge: (-int(edge.link_id), ""), circle),
    "a part merged back stays a part": Mutation(
        "rule 7", graph, "_merged_back", lambda edges, splits: frozenset(), merged_back),
    "a container keeps a part": Mutation(
        "rule 3", graph, "_assemble", lambda a, facts, s: _real_assemble(a, {}, s), container),
    "nobody is narrowed": Mutation(
        "rule 5", carriers._Walk, "_wanted", _all_parts, narrowed),
    "who chose what is gone gets the first part": Mutation(
        "rule 5: set aside", carriers._Walk, "_wanted", _first_part, unheeded),
    "choosing what was merged back means nothing": Mutation(
        "rule 7", carriers._Walk, "_wanted", _by_name_only, merged_back),
    "a merge of the own part goes nowhere": Mutation(
        "rule 6", graph, "_assemble",
        lambda a, facts, s: _real_assemble(
            a._replace(edges=[e for e in a.edges if e.kind == "split"]), facts, s),
        own_part_is_a_duplicate),
    "each part is rounded down by itself": Mutation(
        "parts equal the whole", credit, "telescoped",
        lambda amount, by: [amount * one // sum(by) for one in by], thirds),
    "what comes together is not capped": Mutation(
        "no company above its amount", credit, "carries",
        lambda worth, inflow, *, direct: worth if direct else inflow, merged_askers),
    "a narrowed colleague shifts no money": Mutation(
        "credit follows the summed shares", credit, "weights", _weights_of_sizes, narrowed),
    "colleagues count": Mutation(
        "staff never count", passing, "weight_of", lambda ask: Weight.FULL, colleague),
    "an own part that closed first is out": Mutation(
        "rule 3: closed until said", standing, "carrier_state",
        lambda node, states, flow, *, keeps: states[node.item], closed_first),
    "a part that is a duplicate is closed": Mutation(
        "rule 3: still open", standing, "_ends", lambda nodes, flow: nodes,
        closed_first_and_a_part_is_a_duplicate),
    "one out and one declined waits for more": Mutation(
        "delivered_in_part", standing, "_standing",
        lambda carriers, delivered, *, withdrawn: Standing.PART_DELIVERED, one_out_one_declined),
    "an unmapped resolution is a delivery": Mutation(
        "closed asks a person", standing, "state_of",
        lambda **said: _real_state_of(**said | {"resolution_id": None}), unmapped),
    "done is out before its release": Mutation(
        "the release policy", standing, "state_of",
        lambda **said: _real_state_of(**said | {"on_release": False}), unreleased),
    "one end is enough to remove a link": Mutation(
        "rule 9", links, "_not_listed", None, hidden_end),
    "nothing was ever answered": Mutation(
        "told at most once", news.Answered, "__call__", lambda self, ask, item, happened: False,
        told_and_read_again),
}  # fmt: skip


def _one_end_is_enough(conn: Any, workspace_id: int, item: Any, known: Any, touched: Any, now: Any) -> bool:
    links._set(conn, workspace_id, known.link_id, {"removed_at": now})
    touched.links.add((known.src, known.dst))
    touched.items |= {known.src, known.dst}
    return True


def put_everywhere(patch: pytest.MonkeyPatch, where: Any, name: str, wrong: Any) -> None:
    """Instead of the right one, wherever it was imported."""
    right = getattr(where, name)
    patch.setattr(where, name, wrong)
    for module in [one for key, one in sys.modules.items() if key.startswith("lineage.")]:
        if getattr(module, name, None) is right:
            patch.setattr(module, name, wrong)


def wrong_after(stage: Stage, history: Callable[[Twin], object]) -> list[str]:
    """What differs at the end; an engine that fails on its own assertions differs too."""
    with stage() as story:
        twin = Twin(story)
        history(twin)
        return [*differences(twin, closely=twin.facts.issues), *map(str, told_twice(story))]


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_broken_rule_is_found(stage: Stage, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    one = MUTATIONS[name]
    assert wrong_after(stage, one.history) == [], "the history alone is no fault"
    put_everywhere(monkeypatch, one.where, one.name, one.wrong or _one_end_is_enough)
    try:
        found = wrong_after(stage, one.history)
    except AssertionError as own_check:
        found = [str(own_check)]
    assert found, f"{name}: nobody noticed that {one.breaks} is broken"
