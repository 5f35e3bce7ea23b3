"""What would follow if an engineer did something: the same as what follows once it is done."""

import pytest
from sqlalchemy import select

from lineage import questions
from lineage.changes import Titled
from lineage.decided import decisions
from lineage.engineer_changes import Assigned, PutBack
from lineage.outcomes import demands
from lineage.questions import Following, NewPart, Supposed
from lineage.terms import ItemId
from tests.lineage.random_history import differences
from tests.lineage.story import Story


@pytest.fixture
def asked(story: Story) -> Story:
    """Ana of Acme (100.01 won), Bo of Acme and Cy ask for KS-1."""
    story.issue("KS-1")
    story.ask("Ana", "KS-1", org="Acme")
    story.ask("Bo", "KS-1", org="Acme")
    story.ask("Cy", "KS-1")
    story.company("Acme", customer=10_001, of=["Ana"])
    return story


def would(story: Story, **supposed: object) -> Following:
    what = Supposed(story.id("KS-1"), **supposed)  # type: ignore[arg-type]
    return questions.following(story.conn, story.workspace, what, now=story.now)


def people(story: Story, found: Following) -> dict[str, int | None]:
    return {
        place.key + (" itself" if place.own else ""): place.after.people if place.after else None
        for place in found.places
    }


def test_what_is_counted_before_is_what_is_counted_after(asked: Story) -> None:
    parts = [NewPart(ItemId("new:1"), "new 1", "One"), NewPart(ItemId("new:2"), "new 2", "Two")]
    wants = {asked.person("Bo"): (ItemId("new:2"),)}
    found = would(asked, add=parts, keeps=False, wants=wants)
    assert people(asked, found) == {"KS-1": None, "new 1": 2, "new 2": 3}
    told = {place.key: place.after.customer.minor for place in found.places if place.after}
    asked.split("KS-1", into=["KS-2", "KS-3"])
    asked.keeps_part("KS-1", False)
    asked.narrow("Bo", "KS-1", to=["KS-3"])
    rows = {row.item_id: row for row in asked.conn.execute(select(demands))}
    assert rows[asked.id("KS-2")].customer == told["new 1"]
    assert rows[asked.id("KS-3")].customer == told["new 2"]
    assert told["new 1"] + told["new 2"] == 10_001


def test_nothing_is_written_by_asking(asked: Story) -> None:
    before = [tuple(row) for row in asked.conn.execute(select(demands))]
    would(asked, add=[NewPart(ItemId("new:1"), "new 1", "One")], keeps=True, delivered=True)
    assert [tuple(row) for row in asked.conn.execute(select(demands))] == before
    assert asked.notices() == []


def test_who_hears_what_before_is_who_is_told_what_after(asked: Story) -> None:
    parts = [NewPart(ItemId("new:1"), "new 1", "The rest")]
    one, rest = (asked.id("KS-1"),), (ItemId("new:1"),)
    wants = {asked.person("Ana"): one, asked.person("Bo"): rest}
    found = would(asked, add=parts, keeps=True, own_title="The first half", wants=wants, delivered=True)
    assert dict(found.now.hear) == {"done": 1, "1 of 2 parts": 1}
    words = {notice.person_name: notice.text for notice in found.now.notices}
    asked.split("KS-1", into=["KS-2"])
    asked.title("KS-2", "The rest")
    asked.keeps_part("KS-1", True)
    asked.record(Titled(asked.id("KS-1"), "The first half", True, "agent", asked.now))
    asked.narrow("Ana", "KS-1", to=["KS-1"])
    asked.narrow("Bo", "KS-1", to=["KS-2"])
    asked.done("KS-1")
    assert {notice.person_name: notice.text for notice in asked.notices()} == words
    assert [(later.key, dict(later.hear)) for later in found.later] == [
        ("new 1", {"that was all": 1, "done": 1})
    ]


def test_what_was_decided_for_many_is_put_back_exactly(asked: Story) -> None:
    asked.split("KS-1", into=["KS-2", "KS-3"])
    asked.narrow("Bo", "KS-1", to=["KS-3"])
    asked.narrow("Bo", "KS-1", to=None)
    who = [asked.person(name) for name in ("Ana", "Bo", "Cy")]
    here = asked.id("KS-1")
    before = decisions(asked.conn, asked.workspace.id, here, who)
    shares = {ticket: asked.shares(ticket) for ticket in ("101", "102", "103")}
    wants = {who[0]: (asked.id("KS-2"),), who[1]: (asked.id("KS-3"),), who[2]: None}
    assert asked.record(Assigned(here, wants, "Erin", asked.now))
    assert asked.shares("101") == {"KS-2": "1"}
    assert differences(asked) == []
    asked.keeps_part("KS-1", False)
    kept = type(before).from_json(before.as_json())
    assert asked.record(PutBack(here, kept.keeps, kept.own_title, kept.choices, "Erin", asked.now))
    assert decisions(asked.conn, asked.workspace.id, here, who) == before
    assert {ticket: asked.shares(ticket) for ticket in shares} == shares
    assert differences(asked) == []
    assert not asked.record(PutBack(here, kept.keeps, kept.own_title, kept.choices, "Erin", asked.now))
    of_ticket = questions.history_of(asked.conn, asked.workspace, asks=[asked.asked("101").ask_id])
    assert [one.what for one in of_ticket][-1].startswith("what was decided of KS-1"), of_ticket[-1].what
