"""Messages of ours that nobody remembers are played again from the words of their marks."""

from typing import Any

from sqlalchemy import Row, delete, select, update

from lineage import notices as acts
from lineage import outbox, restored
from lineage.found_words import recall_owed
from lineage.outcomes import found_words, notices, told, told_asks
from lineage.planning import plan
from lineage.recalling import Message, recall
from lineage.tables import persons
from lineage.terms import ItemId, PersonId
from lineage.world import World
from tests.lineage.story import Story


def messages_of(story: Story) -> list[Message]:
    """All that was said so far, as the tickets show it."""
    said = story.conn.execute(select(notices).where(notices.c.sent_at.is_not(None)).order_by(notices.c.id))
    return [
        Message(
            frozenset(row.mark), outbox.Receipt(row.place, audit_id=f"a{row.id}", mailed=True), row.sent_at
        )
        for row in said
    ]


def forget(story: Story) -> None:
    """As an old backup does: nobody was told anything, and what is owed is planned."""
    for table in (told_asks, told, notices):
        story.conn.execute(delete(table))
    plans(story)


def plans(story: Story) -> None:
    """What is owed to everybody is worked out again."""
    every = [PersonId(person) for person in story.conn.scalars(select(persons.c.id))]
    plan(story.conn, story.workspace, World(story.conn, story.workspace.id), every, now=story.now)


def rows(story: Story) -> list[tuple[Any, ...]]:
    found = story.conn.execute(select(told).order_by(told.c.item_id, told.c.nth))
    return [(row.item_id, row.own, row.happened, row.nth, row.retracted_at is not None) for row in found]


def spoken_for(story: Story) -> set[tuple[str, int]]:
    found = select(told.c.item_id, told_asks.c.ask_id).join(told, told.c.id == told_asks.c.told_id)
    return {(row.item_id, row.ask_id) for row in story.conn.execute(found)}


def plays_again(story: Story) -> None:
    """What is known after the messages were read back is what was known before; nothing more is owed."""
    before, messages, spoke = rows(story), messages_of(story), spoken_for(story)
    assert before
    forget(story)
    assert recall(story.conn, story.workspace, story.person("Ana"), reversed(messages), now=story.now)
    assert (rows(story), spoken_for(story)) == (before, spoke)
    assert recall(story.conn, story.workspace, story.person("Ana"), [], now=story.now) == 0
    plans(story)
    assert story.send_all() == []


def test_a_part_and_the_rest_of_it(split: Story) -> None:
    split.done("KS-2")
    split.send_all()
    split.done("KS-3")
    split.send_all()
    plays_again(split)


def test_the_last_part_is_taken_back_and_the_last_word_that_was_promised_is_said(split: Story) -> None:
    split.done("KS-2")
    split.send_all()
    messages = messages_of(split)
    forget(split)
    recall(split.conn, split.workspace, split.person("Ana"), messages, now=split.now)
    split.disconnect("KS-1", "KS-3")
    assert [one.kind for one in split.send_all()] == ["delivered"], "that was all"


def test_reopened_and_done_again_since_it_is_no_word_more(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.send_all()
    messages = messages_of(story)
    story.reopen("KS-1")
    story.done("KS-1")
    forget(story)
    recall(story.conn, story.workspace, story.person("Ana"), messages, now=story.now)
    plans(story)
    assert story.send_all() == []


def test_the_part_that_an_item_kept_for_itself(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.split("KS-1", into=["KS-2"])
    story.title("KS-1", "The rest of it", own_part=True)
    story.done("KS-2")
    story.send_all()
    story.done("KS-1")
    story.send_all()
    plays_again(story)


def test_told_corrected_told_anew(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.send_all()
    story.reopen("KS-1")
    story.approve(story.notices(state="awaiting_approval")[0])
    story.send_all()
    story.done("KS-1")
    story.send_all()
    plays_again(story)


def test_two_requests_of_one_person_told_at_once(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    story.ask("Ana", "KS-2")
    story.done("KS-1")
    story.done("KS-2")
    story.send_all()
    plays_again(story)


def test_what_came_late_by_a_link_is_not_taken_for_told(story: Story) -> None:
    """She was told of KS-1 for her first request; the second came to it afterwards, and she heard nothing."""
    story.issue("KS-1", "KS-2")
    story.ask("Ana", "KS-1")
    second = story.ask("Ana", "KS-2")
    story.done("KS-1")
    story.send_all()
    messages = messages_of(story)
    story.later(minutes=60)
    story.duplicate("KS-2", of="KS-1")
    forget(story)
    recall(story.conn, story.workspace, story.person("Ana"), messages, now=story.now)
    plans(story)
    [waiting] = story.notices(state="awaiting_approval")
    assert story.asked(second).standing == "delivered"
    assert waiting.person_name == "Ana"


def test_words_that_fit_nothing_yet_fit_when_the_same_is_owed(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.send_all()
    messages = messages_of(story)
    stranger = story.ask("Bo", "KS-1")
    assert stranger
    forget(story)
    recall(story.conn, story.workspace, story.person("Bo"), messages, now=story.now)
    assert rows(story) == []
    assert story.conn.scalars(select(found_words.c.word)).all()
    restored.begin(story.conn, story.workspace, backup_at=story.now, now=story.now)
    restored.finish(story.conn, story.workspace, now=story.now)
    story.later(minutes=60)
    assert [one.to for one in story.send_all()] == []
    assert [row[0] for row in rows(story)] == [story.id("KS-1")]
    assert story.conn.scalars(select(found_words.c.word)).all() == []


def test_until_it_is_read_back_not_even_what_was_approved_goes(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    restored.begin(story.conn, story.workspace, backup_at=story.now, now=story.now)
    held = story.notices(state="held")[0]
    story.approve(held)
    assert acts.begin(story.conn, story.workspace, held.id, now=story.now) > story.now  # type: ignore[operator]
    restored.finish(story.conn, story.workspace, now=story.now)
    assert [one.to for one in story.send_all()] == ["Ana"]


def test_a_notice_in_doubt_that_arrived_is_told_once(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.send_all()
    messages = messages_of(story)
    doubt = {"state": "unknown", "sent_at": None, "receipt": None, "due_at": story.now}
    story.conn.execute(delete(told_asks))
    story.conn.execute(delete(told))
    kept = {"sent_at": story.now.isoformat(), "words": sorted(messages[0].words)}
    story.conn.execute(update(notices).values(doubt | {"sending": kept}))
    recall(story.conn, story.workspace, story.person("Ana"), messages, now=story.now)
    assert rows(story) == [(story.id("KS-1"), False, "delivered", 1, False)]
    assert one_notice(story).state == "confirmed"
    assert story.send_all() == []


def one_notice(story: Story) -> Row[Any]:
    return story.conn.execute(select(notices)).one()


def test_notes_are_found_by_their_own_protocol(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.send_all()
    note = story.conn.execute(select(notices).where(notices.c.lane == "note")).one()
    assert not recall_owed(story.conn, story.workspace, note)
    assert ItemId(rows(story)[0][0]) == story.id("KS-1")
