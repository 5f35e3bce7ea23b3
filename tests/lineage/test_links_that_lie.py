"""A tracker that gives one link id to several links: each pair of ends is a link of its own (rule 9)."""

from dataclasses import replace
from itertools import permutations

from sqlalchemy import delete, select

from lineage.seen import EdgeSeen
from lineage.tables import edges
from lineage.terms import EdgeKind
from tests.lineage.recompute import derived, differs_from_a_full_recompute
from tests.lineage.story import Story

KEYS = ("KS-1", "KS-2", "KS-3", "KS-4")


def link(story: Story, kind: EdgeKind, src: str, dst: str, link_id: str = "1001") -> EdgeSeen:
    return EdgeSeen(link_id, kind, story.id(src), story.id(dst), dst, story.now)


def read(story: Story, key: str, *links: EdgeSeen) -> bool:
    """The issue is read, and lists just these links."""
    story.later()
    story.tracker.change(key, at=story.now)
    return story.record(replace(story.tracker.seen(key), edges=links))


def begin(story: Story) -> None:
    story.issue(*KEYS)
    for who, key in zip(("Ana", "Bo", "Cy", "Di"), KEYS, strict=True):
        story.ask(who, key, org="Acme")
    story.company("Acme", customer=100_001, of=["Ana"])


def test_two_links_of_one_issue_with_one_id_both_stand(story: Story) -> None:
    begin(story)
    two, three = (link(story, EdgeKind.SPLIT, "KS-1", part) for part in ("KS-2", "KS-3"))
    read(story, "KS-1", two, three)
    read(story, "KS-3", three)
    read(story, "KS-2", two)
    assert story.shares("101") == {"KS-1 itself": "1/3", "KS-2": "1/3", "KS-3": "1/3"}
    assert differs_from_a_full_recompute(story) == []


def test_two_links_of_four_issues_with_one_id_both_stand_and_go_each_by_itself(story: Story) -> None:
    begin(story)
    one, other = link(story, EdgeKind.MERGED, "KS-1", "KS-2"), link(story, EdgeKind.MERGED, "KS-3", "KS-4")
    read(story, "KS-1", one)
    read(story, "KS-3", other)
    read(story, "KS-4", other)
    assert (story.shares("101"), story.shares("103")) == ({"KS-2": "1"}, {"KS-4": "1"})
    read(story, "KS-1")
    read(story, "KS-2")
    assert (story.shares("101"), story.shares("103")) == ({"KS-1": "1"}, {"KS-4": "1"})
    read(story, "KS-3")
    read(story, "KS-4")
    assert story.shares("103") == {"KS-3": "1"}
    assert differs_from_a_full_recompute(story) == []


def test_reading_what_lies_again_says_nothing_new(story: Story) -> None:
    begin(story)
    two, three = (link(story, EdgeKind.MERGED, "KS-1", of) for of in ("KS-2", "KS-3"))
    for key, links in (("KS-1", (two, three)), ("KS-2", (two,)), ("KS-3", (three,))):
        read(story, key, *links)
    before = story.conn.execute(select(edges)).all()
    assert not read(story, "KS-1", three, two)
    assert story.conn.execute(select(edges)).all() == before


def test_the_order_in_which_they_are_heard_changes_nothing(story: Story) -> None:
    begin(story)
    says = {
        "KS-1": [link(story, EdgeKind.MERGED, "KS-1", "KS-3"), link(story, EdgeKind.MERGED, "KS-1", "KS-2")],
        "KS-2": [link(story, EdgeKind.MERGED, "KS-1", "KS-2")],
        "KS-3": [link(story, EdgeKind.MERGED, "KS-1", "KS-3")],
        "KS-4": [link(story, EdgeKind.SPLIT, "KS-4", "KS-1")],
    }
    found = []
    for order in permutations(KEYS[:3]):
        for key in ("KS-4", *order):
            read(story, key, *says[key])
        found.append(derived(story))
        for key in KEYS:
            read(story, key)
        story.conn.execute(delete(edges))  # all of them are removed: each order meets them for the first time
    assert all(one == found[0] for one in found)
    assert found[0]["passes"]
