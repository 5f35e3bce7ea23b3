"""Only what stands counts: heard late, heard again, worked out anew, or spoiled and mended."""

from collections.abc import Iterator

from sqlalchemy import delete, update

from lineage.changes import IssueSeen
from lineage.counting import rebuild
from lineage.outcomes import claims, demands, portions
from tests.lineage.invariants.now import Now
from tests.lineage.recompute import derived, differs_from_a_full_recompute


def a_full_recompute_says_the_same(now: Now) -> Iterator[str]:
    yield from differs_from_a_full_recompute(now.story)


def hearing_late_changes_nothing(now: Now) -> Iterator[str]:
    """Each issue as it was first read, if it changed since."""
    story, before = now.twin.story, derived(now.story)
    first: dict[str, IssueSeen] = {}
    for change, _ in story.heard:
        if isinstance(change, IssueSeen):
            first.setdefault(change.key, change)
    for key, seen in first.items():
        late = seen.updated < story.tracker.issues[key].updated
        if late and key not in now.twin.hidden and story.again(seen):
            yield f"an old reading of {key} was taken for news"
    if derived(story) != before:
        yield "old readings changed what is counted"


def hearing_again_changes_nothing(now: Now) -> Iterator[str]:
    """Everything that was heard, because of the same causes."""
    story, before = now.twin.story, derived(now.story)
    for change, cause in list(story.heard):
        if story.again(change, cause):
            yield f"{type(change).__name__} was recorded twice"
            return
    if derived(story) != before:
        yield "hearing the same again changed what is counted"


def rebuilding_mends(now: Now) -> Iterator[str]:
    """Some rows are spoiled: that is found, and mended."""
    story, conn = now.story, now.story.conn
    before, every = derived(story), rebuild.every_item(story.conn, story.workspace)
    undone = conn.begin_nested()
    try:
        spoiled = [
            conn.execute(delete(portions)).rowcount,
            conn.execute(update(demands).values(requesters=demands.c.requesters + 1)).rowcount,
            conn.execute(update(claims).values(asks=claims.c.asks + 1)).rowcount,
        ]
        found = rebuild.look(conn, story.workspace, every, mend=True, now=story.now).differences
        if len(found) != sum(spoiled):
            yield f"{sum(spoiled)} rows were spoiled, {len(found)} of them found"
        if derived(story) != before:
            yield "what was spoiled is not as it was"
    finally:
        undone.rollback()
