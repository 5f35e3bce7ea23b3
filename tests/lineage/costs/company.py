"""A company of a given size: what grows with it lies beside ordinary issues, the same at every size.

The hub has `many` duplicates, the hot issue as many requesters, the busy company as many asks. That is
written in rows and counted by the full recompute; the rest is told to the ledger. What happens to an ordinary
issue, and one more vote for a growing one, must cost the same at every size.
"""

from sqlalchemy import insert

from lineage.changes import Linked
from lineage.counting import rebuild
from lineage.tables import companies
from lineage.terms import ItemId, Origin
from tests.lineage.large import alone, crowd, duplicates
from tests.lineage.story import Story

HUB, HOT = "KS-1", "KS-2"
ORDINARY = tuple(f"KS-{number}" for number in range(3, 9))
WHOLE, PARTS = "KS-8", ("KS-9", "KS-10")
"""One of the ordinary issues is split into two."""
BUSY = 9_999


def build(story: Story, many: int) -> None:
    story.issue(HUB, HOT, *ORDINARY)
    copies = duplicates(story, story.id(HUB), many)
    busy = {"workspace_id": story.workspace.id, "id": BUSY, "name": "Busy", "zendesk_org": "busy"}
    worth = {"customer_minor": 1_000_000, "pipeline_minor": 50_000, "domains": [], "why": []}
    story.conn.execute(insert(companies), busy | worth)
    crowd(story, copies)
    crowd(story, [story.id(HOT)] * many)
    crowd(story, alone(story, many), company=BUSY)
    for key in (HOT, *ORDINARY):
        for who in ("Ana", "Bo", "Cy"):
            story.ask(f"{who}-{key}", key, org=f"{who} of {key}")
    story.split(WHOLE, into=PARTS)
    for post, item in (("plain", story.id("KS-3")), ("hot", story.id(HOT)), ("copy", copies[0])):
        story.post(post)
        place(story, post, item)
    story.vote("Dee", "plain")
    count(story)


def place(story: Story, post: str, item: ItemId) -> None:
    story.record(Linked(Origin("forum:post", post), item, "agent", story.now))


def count(story: Story) -> None:
    """Fill the derived tables, as `kithspark rebuild` does."""
    every = rebuild.every_item(story.conn, story.workspace)
    rebuild.look(story.conn, story.workspace, every, mend=True, now=story.now)
