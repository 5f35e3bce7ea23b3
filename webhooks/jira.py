"""Jira's admin webhooks: the signature over the raw body, and which of our objects changed."""

from collections.abc import Sequence

from sqlalchemy import Connection

from connectors import known
from connectors.jira import events, signature
from connectors.jira.events import Heard as Event
from lineage.changes import IssueDeleted
from lineage.terms import ItemId
from store.connections import Connection as Account
from webhooks.call import Call, digest
from webhooks.wishes import Heard, Wish

DELETED, GONE_VERSION = "jira:issue_deleted", {"deleted": True}


def proven(call: Call, secrets: Sequence[str]) -> bool:
    """By `X-Hub-Signature`; older than a day by the body's own time is refused.

    What is signed and cannot be read can do nothing, however old: it is kept for a person to see.
    """
    fits = signature.verify(secrets=secrets, body=call.body, header=call.header("X-Hub-Signature"))
    if not fits:
        return False
    try:
        return not signature.too_old(events.stamp_ms(call.body), call.now)
    except ValueError:
        return True


def delivery_id(call: Call) -> str:
    return call.header("X-Atlassian-Webhook-Identifier") or digest(call.body)


def heard(conn: Connection, account: Account, body: bytes) -> Heard:
    """Looks at what we know among what changed, and deletions. Raises ValueError for what no Jira sends.

    Whose deed it was does not matter: what we write there ourselves (a property) is not listened to, and
    the account may be a person's.
    """
    told = events.read(body)
    workspace_id = account.workspace_id
    issues = known.items_among(conn, workspace_id, {one.id for one in told if one.object == "issue"})
    versions = known.versions_among(conn, workspace_id, {one.id for one in told if one.object == "version"})
    ours = {("issue", ident) for ident in issues} | {("version", ident) for ident in versions}
    ours |= {("project", one.id) for one in told if one.object == "project"}
    ours |= {("issue", one) for one in _new_parts(conn, workspace_id, told)}
    mine = [one for one in told if (one.object, one.id) in ours]
    gone = [IssueDeleted(ItemId(one.id), one.at) for one in mine if one.event == DELETED and one.at]
    return Heard([_wish(one) for one in mine if one.event != DELETED], gone)


def _new_parts(conn: Connection, workspace_id: int, told: Sequence[Event]) -> set[str]:
    """Children of an item whose children are its parts: nobody asked for them, and yet they count."""
    wholes = known.wholes_among(conn, workspace_id, {one.parent for one in told if one.parent})
    return {one.id for one in told if one.parent in wholes}


def _wish(event: Event) -> Wish:
    """Only a change of the issue itself moves its own stamp: links and versions leave it as it was."""
    stamped = event.object == "issue" and event.link is None
    return Wish(event.object, event.id, event.at if stamped else None, GONE_VERSION if event.deleted else {})
