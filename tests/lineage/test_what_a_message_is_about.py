"""What was asked for is named by its public title, and what everybody reads has one language."""

from dataclasses import replace

from lineage.changes import Voted
from tests.lineage.cast import member, person
from tests.lineage.story import Story


def voted(story: Story, who: str, language: str | None) -> None:
    story.record(Voted("9", replace(member(who), language=language), story.now))


def words_on_the_post(story: Story) -> set[str]:
    return {notice.text for notice in story.notices(state="held")}


def test_of_parts_it_is_said_of_what_they_are_parts(story: Story) -> None:
    story.issue("KS-1", title="Export to PDF")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.keeps_part("KS-1", False)
    story.done("KS-2")
    (sent,) = story.send_all()
    assert "you asked us about “Export to PDF”. 1 of 2 parts is ready now:" in sent.text
    assert "✓ The KS-2 thing" in sent.text


def test_a_title_is_not_said_twice_in_a_row(story: Story) -> None:
    story.issue("KS-1", title="Export to PDF")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    (sent,) = story.send_all()
    assert sent.text.count("Export to PDF") == 1 and "You asked us for this" in sent.text


def test_who_asked_for_a_duplicate_reads_what_they_asked_for(story: Story) -> None:
    story.issue("KS-1", title="Export to PDF")
    story.issue("KS-9", title="Print into a PDF")
    story.ask("Eve", "KS-9")
    story.duplicate("KS-9", of="KS-1")
    story.done("KS-1")
    (sent,) = story.send_all()
    assert "you asked us about “Print into a PDF”. It is ready now:" in sent.text
    assert "✓ Export to PDF" in sent.text


def test_an_internal_title_is_never_what_it_is_about(story: Story) -> None:
    story.issue("KS-1", title=None)
    story.change("KS-1", summary="ACME wants the PDF thing")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.keeps_part("KS-1", False)
    story.done("KS-2")
    (sent,) = story.send_all()
    assert "You asked us for this" in sent.text and "ACME" not in sent.text


def test_an_entry_has_the_language_of_who_asked_there_first(story: Story) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    for who, language in (("Zoe", "de"), ("Ana", "en"), ("Bo", None), ("Cy", "fr")):
        voted(story, who, language)
    story.done("KS-1")
    (said,) = words_on_the_post(story)
    assert "Es ist jetzt fertig" in said


def test_a_vote_that_is_taken_back_does_not_change_the_language(story: Story) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    voted(story, "Zoe", "de")
    voted(story, "Ana", "en")
    story.take_back_vote("Zoe", "9")
    story.done("KS-1")
    (sent,) = story.send_all()
    assert sent.to == "Ana" and "Es ist jetzt fertig" in sent.text


def test_an_entry_is_in_english_where_the_first_language_is_not_known(story: Story) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    voted(story, "Bo", None)
    voted(story, "Zoe", "de")
    story.done("KS-1")
    (said,) = words_on_the_post(story)
    assert "It is ready now" in said


def test_in_their_ticket_everybody_reads_their_own_language(story: Story) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    voted(story, "Ana", "en")
    story.ask("Zoe", "KS-1", requester=replace(person("Zoe"), language="de"))
    story.done("KS-1")
    said = {sent.place: sent.text for sent in story.send_all()}
    assert "It is ready now" in said["forum:post:9"]
    assert "Es ist jetzt fertig" in said["zendesk:ticket:101"]
