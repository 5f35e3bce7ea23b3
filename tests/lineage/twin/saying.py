"""What was said, as the model has to know it: read from the rows of what went out."""

from sqlalchemy import select

from lineage.outcomes import notices, told, told_asks
from lineage.tables import asks, requests
from tests.lineage.model.facts import Ask, Told
from tests.lineage.story import Story


def asks_by_id(story: Story) -> dict[int, Ask]:
    """Every ask as the model names it."""
    keys = {issue.item: key for key, issue in story.tracker.issues.items()}
    query = select(asks.c.id, asks.c.item_id, requests.c.origin).join(
        requests, requests.c.id == asks.c.request_id
    )
    return {row.id: (request_of(row.origin), keys[row.item_id]) for row in story.conn.execute(query)}


def request_of(origin: str) -> str:
    _, what, ident = origin.split(":", 2)
    if what == "ticket":
        return ident
    post, _, account = ident.partition(":")
    return f"vote of {account.removeprefix('f-').capitalize()} for {post}"


def said_since(story: Story, known: set[int]) -> tuple[list[Told], set[int]]:
    """What was told besides what is known, and the numbers of all that was ever taken back."""
    keys = {issue.item: key for key, issue in story.tracker.issues.items()}
    named, found = asks_by_id(story), []
    for row in story.conn.execute(select(told).order_by(told.c.at, told.c.id)).all():
        if row.id not in known:
            query = select(told_asks).where(told_asks.c.told_id == row.id)
            spoke = story.conn.execute(query).all()
            every = frozenset(named[one.ask_id] for one in spoke)
            promised = frozenset(named[one.ask_id] for one in spoke if one.promised)
            found.append(Told(row.id, keys[row.item_id], row.own, row.happened, every, promised))
    sent = story.conn.execute(select(notices.c.facts).where(notices.c.state == "confirmed")).scalars().all()
    return found, {fact["told"] for facts in sent for fact in facts if fact.get("kind") == "correction"}


def spoken_of(story: Story, notice: int) -> set[int]:
    """The numbers of what this notice corrects."""
    facts = story.conn.scalar(select(notices.c.facts).where(notices.c.id == notice))
    return {fact["told"] for fact in facts or () if fact["kind"] == "correction"}
