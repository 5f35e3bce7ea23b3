"""What link types and resolutions mean."""

import pytest

from connectors.jira.answers import LinkType, Resolution
from connectors.jira.mapping import LinkMapping, seed
from lineage.terms import EdgeKind


def test_names_suggest_what_link_types_mean() -> None:
    kinds = [
        LinkType("1", "Duplicate", "is duplicated by", "duplicates"),
        LinkType("2", "Issue split", "split from", "split to"),
        LinkType("3", "Work item split", "split from", "split to"),
        LinkType("4", "Cloners", "is cloned by", "clones"),
        LinkType("5", "Aufteilung", "split to", "split from"),
        LinkType("6", "Blocks", "is blocked by", "blocks"),
    ]
    mapping = seed(kinds, [])
    assert mapping.links == {
        "1": "merge", "2": "split", "3": "split", "4": "none", "5": "split", "6": "none",
    }  # fmt: skip
    assert mapping.backwards == {"5"}
    assert mapping.edge("1") is EdgeKind.MERGED
    assert mapping.edge("4") is mapping.edge("99") is None


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("Done", "delivered"),
        ("Fixed", "delivered"),
        ("RESOLVED ", "delivered"),
        ("Won't Do", "declined"),
        ("Won’t Fix", "declined"),
        ("Declined", "declined"),
        ("Cannot Reproduce", "declined"),
        ("Duplicate", "closed"),
        ("Parked by steering group", None),
    ],
)
def test_names_suggest_what_resolutions_mean(name: str, meaning: str | None) -> None:
    assert seed([], [Resolution("1", name)]).meaning("1") == meaning


def test_a_persons_word_counts_more_than_the_name() -> None:
    mapping = LinkMapping(links={"1": "merge"}, resolutions={"7": "delivered"})
    edited = mapping.edited(links={"1": "none", "4": "split"}, resolutions={"7": "declined"})
    assert edited.edge("1") is None
    assert edited.edge("4") is EdgeKind.SPLIT
    assert edited.meaning("7") == "declined"
    assert mapping.edge("1") is EdgeKind.MERGED


def test_a_word_that_means_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="split, merge or none"):
        LinkMapping().edited(links={"1": "join"})
    with pytest.raises(ValueError, match="delivered, declined or closed"):
        LinkMapping().edited(resolutions={"1": "done"})
