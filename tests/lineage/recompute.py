"""`kithspark rebuild --check` for a story: every derived row against a full recompute."""

from lineage.counting import rebuild, whole
from tests.lineage.story import Story


def derived(story: Story) -> dict[str, whole.Rows]:
    """Every derived row."""
    every = rebuild.every_item(story.conn, story.workspace)
    return whole.kept(story.conn, story.workspace.id, every)


def differs_from_a_full_recompute(story: Story) -> list[str]:
    """Each derived row that is not as a full recompute makes it, in words."""
    every = rebuild.every_item(story.conn, story.workspace)
    return rebuild.look(story.conn, story.workspace, every, mend=False, now=story.now).differences
