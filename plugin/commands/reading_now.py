"""Reads issues and tickets from their vendors now, and records what was seen, for commands that need it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

from plugin.commands.explaining import Failed

if TYPE_CHECKING:
    from connectors.jira.client import Jira
    from connectors.zendesk.client import Zendesk
    from lineage.changes import Change, IssueSeen, TicketSeen
    from lineage.questions import ItemView
    from plugin.app_state import Kithspark
    from store.workspaces import Workspace

MOST_ISSUES = 200
"""Linked to one another: more than that is left to the worker."""


def jira_of(app: "Kithspark", workspace: "Workspace") -> "Jira":
    """Raises NotConnected."""
    from connectors import accounts
    from store import connections
    from store.database import reading

    with reading(app.engine) as conn:
        return accounts.jira(connections.load(conn, app.vault, workspace.id, "jira"))


def zendesk_of(app: "Kithspark", workspace: "Workspace") -> "Zendesk":
    """Raises NotConnected."""
    from connectors import accounts
    from store import connections
    from store.database import reading

    with reading(app.engine) as conn:
        return accounts.zendesk(connections.load(conn, app.vault, workspace.id, "zendesk"))


def issue_with_parts(app: "Kithspark", workspace: "Workspace", key: str) -> "list[IssueSeen]":
    """The issue, first, and every one that links lead to. Raises Failed where Jira does not show it."""
    from connectors.errors import NotFound
    from connectors.jira.look import mapping_of
    from connectors.jira.reading import read_issue, read_issues
    from store import connections
    from store.database import reading

    jira = jira_of(app, workspace)
    with reading(app.engine) as conn:
        account = connections.load(conn, app.vault, workspace.id, "jira")
    mapping = mapping_of(account)
    try:
        seen = [read_issue(jira, key, mapping=mapping, site=account.url)]
    except NotFound:
        raise Failed(
            f"Jira shows no issue {key}: check the key, and that its account may browse it."
        ) from None
    read = {seen[0].item}
    while len(seen) < MOST_ISSUES:
        ends = {end for one in seen for edge in one.edges for end in (edge.src, edge.dst)}
        fresh = sorted(ends - read)
        if not fresh:
            break
        read |= set(fresh)
        seen += read_issues(jira, fresh, mapping=mapping, site=account.url)
    return seen


def ticket(app: "Kithspark", workspace: "Workspace", number: str) -> "TicketSeen":
    """Raises Failed where Zendesk does not show it."""
    from connectors.errors import NotFound
    from connectors.zendesk.reader import read_ticket

    try:
        return read_ticket(zendesk_of(app, workspace), number)
    except NotFound:
        raise Failed(f"Zendesk shows no ticket {number}: it is deleted, or not for our account.") from None


def community_post(app: "Kithspark", workspace: "Workspace", number: str) -> "tuple[Sequence[Change], bool]":
    """A post of Zendesk's community with its votes, and whether more voters are left to be read. Raises
    Failed where Zendesk does not show it.
    """
    from connectors import known
    from connectors.errors import NotFound
    from connectors.zendesk import community
    from store.database import reading

    zendesk = zendesk_of(app, workspace)
    try:
        votes = community.read_votes(zendesk, number)
    except NotFound:
        raise Failed(f"Zendesk shows no community post {number}: check its number.") from None
    with reading(app.engine) as conn:
        before = known.voters_of(conn, workspace.id, number)
    changes, last = community.difference(zendesk, votes, before, now=app.clock())
    return changes, last is not None


def look_later(app: "Kithspark", workspace: "Workspace", system: str, kind: str, ident: str) -> None:
    """Ask the worker for a look."""
    from store import looks
    from store.database import transaction

    with transaction(app.engine) as conn:
        looks.ask(
            conn, workspace_id=workspace.id, system=system, kind=kind, object_id=ident, now=app.clock()
        )  # fmt: skip


def record(app: "Kithspark", workspace: "Workspace", changes: "Sequence[Change]") -> int:
    """All of it in one transaction; how many said something new. Raises LineageError."""
    from lineage import ledger
    from store import workspaces
    from store.database import transaction

    cause, now = uuid4(), app.clock()
    with transaction(app.engine) as conn:
        current = workspaces.by_id(conn, workspace.id)
        new = [
            ledger.record(conn, current, change, cause=f"cli:{cause}:{number}", now=now)
            for number, change in enumerate(changes)
        ]
    app.wake()
    return sum(new)


def item(app: "Kithspark", workspace: "Workspace", key: str) -> "ItemView":
    """An issue of ours, read from Jira now, with its parts. Raises Failed."""
    seen = issue_with_parts(app, workspace, key)
    record(app, workspace, seen)
    return known_item(app, workspace, seen[0].item)


def known_item(app: "Kithspark", workspace: "Workspace", key_or_id: str) -> "ItemView":
    """As we know it. Raises Failed where it was never heard of."""
    from lineage import questions
    from store.database import reading

    with reading(app.engine) as conn:
        found = questions.item(conn, workspace, key_or_id)
    if found is None:
        raise unheard_of(workspace, key_or_id)
    return found


def unheard_of(workspace: "Workspace", issue: str) -> Failed:
    """What to say about an issue that we do not know."""
    look = f"kithspark look {workspace.slug} --issue {issue}"
    return Failed(f"Nothing is known of issue {issue}: nobody asked for it yet. Read it with `{look}`.")
