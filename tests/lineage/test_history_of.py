"""The history answers: what became of this issue, of what somebody asked; who was told what, where, by whose yes."""

import pytest

from lineage import notices
from lineage.questions import HistoryEntry, history_of
from lineage.questions.history_words import WORDS
from lineage.tables import persons
from lineage.terms import ItemId
from tests.lineage.story import Story
from tests.lineage.test_cost_of_questions import counted


def of_item(story: Story, key: str, limit: int = 100) -> list[str]:
    found = history_of(story.conn, story.workspace, item_id=story.id(key), limit=limit)
    return [_said(one) for one in found]


def of_ask(story: Story, number: str) -> list[str]:
    found = history_of(story.conn, story.workspace, asks=[ask.ask_id for ask in story.asks_of(number)])
    return [_said(one) for one in found]


def of_person(story: Story, who: str) -> list[str]:
    return [_said(one) for one in history_of(story.conn, story.workspace, person_id=story.person(who))]


def _said(entry: HistoryEntry) -> str:
    return f"{entry.what} ({entry.who})"


def test_the_path_of_an_ask_is_told_from_its_ticket_to_what_was_said(narrowed: Story) -> None:
    narrowed.issue("KS-9")
    narrowed.duplicate("KS-3", of="KS-9")
    narrowed.done("KS-9")
    narrowed.send_all()
    assert of_ask(narrowed, "102") == [
        "KS-1 was read: Open (Jira)",
        "public title of KS-1: The KS-1 thing (agent)",
        "KS-1 was read: Open; KS-1 was split into KS-2; KS-1 was split into KS-3 (Jira)",
        "KS-3 was read: Open (Jira)",
        "public title of KS-3: The KS-3 thing (agent)",
        "KS-1 is a mere container (agent)",
        "ticket 102 is open (Zendesk)",
        "ticket 102 was linked to KS-1 (agent)",
        "of KS-1, Bo wants KS-3 (agent)",
        "KS-9 was read: Open (Jira)",
        "public title of KS-9: The KS-9 thing (agent)",
        "KS-3 was read: Open; KS-3 is a duplicate of KS-9 (Jira)",
        "KS-9 was read: Done; status of KS-9: Open to Done; state of KS-9: open to delivered (Jira)",
        "Bo was told at ticket 102: KS-9 delivered (message 1) (Kithspark)",
    ]
