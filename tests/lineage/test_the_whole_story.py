"""The story of the demo, by the rules alone: who hears what, and the money to the cent at every step."""

import pytest

from lineage.questions import ranking
from tests.lineage.cast import person
from tests.lineage.sent import to
from tests.lineage.story import Story

WORTH = {"Acme": 8_000_001, "Globex": 3_333_333, "Initech": 1}


def money(story: Story) -> int:
    """All won money that rests anywhere."""
    return sum(view.customer.minor for view in ranking(story.conn, story.workspace))


@pytest.fixture
def export(story: Story) -> Story:
    """Ana and Cleo of Acme, Ben of Globex and Dora of Initech ask for an export to PDF, KS-1.

    Ana (101) and Ben (102, in German, closed since) by ticket, Cleo by a vote, Dora by ticket (103) and vote.
    """
    story.issue("KS-1", title="Export to PDF")
    story.ask("Ana", "KS-1", org="Acme")
    german = type(person("Ben"))("zendesk", "zd-ben", "Ben", ("ben@example.com",), "de")
    story.ask("Ben", "KS-1", org="Globex", requester=german, status="closed")
    story.ask("Dora", "KS-1", org="Initech")
    story.company("Acme", customer=WORTH["Acme"], of=["Ana"])
    story.company("Globex", customer=WORTH["Globex"], of=["Ben"])
    story.company("Initech", customer=WORTH["Initech"], of=["Dora"])
    story.post("9")
    story.vote("Cleo", "9")
    story.company("Acme", customer=WORTH["Acme"], of=["Ana", "Cleo"])
    story.vote("Dora", "9")
    story.post("9", placed="KS-1")
    return story


def test_the_story(export: Story) -> None:
    story, whole = export, sum(WORTH.values())
    (before,) = ranking(story.conn, story.workspace)
    assert (before.requesters, before.companies, before.votes) == (4, 3, 2)
    assert before.customer.minor == money(story) == whole

    story.policy(deliver="release")
    story.split("KS-1", into=["KS-2", "KS-3"])
    assert money(story) == whole
    story.keeps_part("KS-1", False)
    assert money(story) == whole
    story.fix_version("KS-3", "2.0")
    story.narrow("Ben", "KS-1", to=["KS-3"])
    assert story.shares("102") == {"KS-3": "1"} and money(story) == whole

    story.issue("KS-9")
    eve = story.ask("Eve", "KS-9")
    story.duplicate("KS-9", of="KS-2")
    assert story.shares(eve) == {"KS-2": "1"} and money(story) == whole

    story.done("KS-2")
    assert to(story.send_all()) == [
        ("Ana", "part_delivered"),
        ("Cleo", "part_delivered"),
        ("Dora", "part_delivered"),
        ("Eve", "delivered"),
    ]
    assert [note.place for note in story.notes] == [], "a vote is no ticket to write a note on"
    assert story.standing("101") == "part_delivered 1/2" and money(story) == whole

    _reopened_within_the_quiet_period_of_another(story)
    _released(story, whole)


def _reopened_within_the_quiet_period_of_another(story: Story) -> None:
    story.issue("KS-5")
    story.link("101", "KS-5")
    story.done("KS-5")
    story.reopen("KS-2")
    assert [draft.kind for draft in story.notices(state="awaiting_approval")] == ["correction"] * 4
    story.done("KS-2")
    assert to(story.send_all()) == [("Ana", "delivered")], "of KS-5 alone; nothing of KS-2 is said twice"
    assert story.notices(state="awaiting_approval") == []


def _released(story: Story, whole: int) -> None:
    story.done("KS-3")
    assert story.send_all() == []
    story.release("2.0")
    heard = story.send_all()
    assert to(heard) == [(who, "delivered") for who in ("Ana", "Ben", "Cleo", "Dora")]
    assert {sent.to: sent.place for sent in heard} == {
        "Ana": "zendesk:ticket:101",
        "Ben": "zendesk:followup:102",
        "Cleo": "forum:post:9",
        "Dora": "zendesk:ticket:103",
    }
    german = next(sent.text for sent in heard if sent.to == "Ben")
    assert "Das war alles" in german and "1 of 2" not in german
    story.later(minutes=60)
    assert story.look("KS-2", "KS-3") is False and story.send_all() == []
    assert money(story) == whole + WORTH["Acme"], "Acme asks for KS-5 besides"
