"""What an agent reads of an ask that was over before it was imported."""

from lineage.operator_changes import LinkImported
from lineage.terms import Origin
from tests.lineage.story import Story


def test_what_was_there_before_the_import_is_said_to_have_been_told_to_nobody(story: Story) -> None:
    story.issue("KS-1", "KS-2")
    story.done("KS-1")
    number, before = story.ticket("Ana"), story.now
    story.later(minutes=5)
    for key in ("KS-1", "KS-2"):
        origin = Origin("zendesk:ticket", number)
        story.record(LinkImported(origin, story.id(key), "olga", before, story.now))
    story.done("KS-2")
    story.send_all()
    assert {ask.item.key: ask.next for ask in story.asks_of(number)} == {
        "KS-1": "nothing more: it was there before the import, and nobody was told",
        "KS-2": "nothing more: that was everything",
    }
