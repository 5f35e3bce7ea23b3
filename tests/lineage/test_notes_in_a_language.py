"""Internal notes are in the language that the workspace says, as of when they are written."""

import pytest
from sqlalchemy import select

from lineage.outcomes import notices
from lineage.requester_changes import NotMeant
from lineage.terms import Origin
from lineage.wording import note
from tests.lineage.story import Story


def notes(story: Story) -> list[tuple[str, str]]:
    query = select(notices.c.language, notices.c.text).where(notices.c.lane == "note")
    return [(row.language, row.text) for row in story.conn.execute(query.order_by(notices.c.id))]


def test_where_somebody_was_told_is_noted_in_the_language_of_the_workspace(story: Story) -> None:
    story.policy(notes_in="fr")
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.send_all()
    [(language, text)] = notes(story)
    assert language == "fr"
    assert text.startswith("Kithspark a informé cette personne au sujet de KS-1 dans le ticket n° ")


def test_what_was_not_meant_is_noted_in_it_too_and_a_note_stays_as_it_was_written(split: Story) -> None:
    origin = Origin("zendesk:ticket", "101")
    for language, words in (("ja", "CSV"), ("pt", "XML")):
        split.policy(notes_in=language)
        split.record(NotMeant(origin, words, "requester", split.now))
    (japanese, first), (portuguese, second) = notes(split)
    assert (japanese, portuguese) == ("ja", "pt")
    assert "記入内容：「CSV」" in first
    assert "Escreveu: “XML”" in second


def test_japanese_puts_no_space_between_its_sentences() -> None:
    assert "で連絡しました。ここに" in note(told_where="zendesk:ticket:7", titles=["KS-1"], language="ja")


@pytest.mark.parametrize("language", ["it", "", "EN"])
def test_another_language_is_no_policy(story: Story, language: str) -> None:
    with pytest.raises(ValueError, match="Notes are written in"):
        story.policy(notes_in=language)
