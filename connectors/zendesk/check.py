"""What `kithspark doctor` asks of Zendesk."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from connectors import skew
from connectors.errors import NotFound
from connectors.zendesk.client import Zendesk, number, objects
from store.errors import GiveUp, TryLater

Line: TypeAlias = tuple[str, bool, str]
"""What was checked, whether it is well, what was found or what to do."""


def check(client: Zendesk) -> list[Line]:
    """One line for each thing; the first that fails because of the credentials ends it."""
    try:
        me = client.me()
    except (GiveUp, TryLater) as e:
        return [("credentials", False, str(e))]
    admin = me.get("role") == "admin"
    who = f"acts as {me.get('name')} ({me.get('role')})"
    lines = [("credentials", me.get("id") is not None, who), clocks(client)]
    advice = (
        "reads every change" if admin else "make the owner of the OAuth client an admin: exports need one"
    )
    lines.append(("role", admin, advice))
    lines.append(tried("export of changes", lambda: objects(client.changes(start=hour_ago()), "tickets")))
    lines.append(tried("webhooks", client.webhooks))
    return lines


def help_centre(client: Zendesk, posts: Sequence[str]) -> list[Line]:
    """Whether the posts that are placed are shown with their votes; nothing where none is placed.

    Only the first is read: a Help Centre that is off, or a scope that lacks, keeps all of them from us, and
    one that is hidden alone is told by its own look.
    """
    if not posts:
        return []
    what, path = "community", f"community/posts/{number(posts[0])}"
    try:
        client.get(f"{path}.json")
        objects(client.get(f"{path}/votes.json?page[size]=1"), "votes")
    except NotFound:
        why = "the Help Centre is off, or the post is deleted or hidden from the connected account"
        return [(what, False, f"post {posts[0]} is not shown: {why}")]
    except (GiveUp, TryLater) as e:
        return [(what, False, f"post {posts[0]} and its votes cannot be read: {e}")]
    return [(what, True, f"post {posts[0]} and its votes can be read ({len(posts)} placed)")]


def clocks(client: Zendesk) -> Line:
    """A difference would make signed webhooks look too old."""
    return skew.in_words((datetime.now(UTC) - client.clock()).total_seconds())


def tried(what: str, call: Callable[[], object]) -> Line:
    try:
        call()
    except (GiveUp, TryLater) as e:
        return (what, False, str(e))
    return (what, True, "can be read")


def hour_ago() -> int:
    return int((datetime.now(UTC) - timedelta(hours=1)).timestamp())
