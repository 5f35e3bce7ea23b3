"""`kithspark rebuild --check` for a story: every derived row against a full recompute."""

from lineage.derive import derive
from lineage.world import World
from tests.lineage.random_history import derived
from tests.lineage.story import Story


def differs_from_a_full_recompute(story: Story) -> bool:
    """Works everything out again from nothing; whether any row is another than before."""
    from sqlalchemy import delete

    from lineage.outcomes import carriers, demands

    before = derived(story)
    for table in (carriers, demands):
        story.conn.execute(delete(table))
    world = World(story.conn, story.workspace.id)
    world.load(issue.item for issue in story.tracker.issues.values())
    derive(story.conn, story.workspace, world, now=story.now)
    return derived(story) != before
