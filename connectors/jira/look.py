"""What is read from Jira when something there may have changed."""

from datetime import timedelta

from connectors import known
from connectors.errors import NotFound
from connectors.jira.client import Jira
from connectors.jira.mapping import LinkMapping
from connectors.jira.reading import read_issue
from connectors.jira.renamed import keep_what_was_said
from connectors.looking import Looking, Object
from lineage.changes import IssueUnreadable
from lineage.terms import ItemId
from store.connections import Connection
from store.database import reading
from store.errors import TryLater

STALE = timedelta(seconds=2)
"""An event is told a moment after the stamp that it is about."""

TRIES_FOR_FRESH = 2


def mapping_of(account: Connection) -> LinkMapping:
    """What this site's link types and resolutions mean, as it was mapped."""
    kept = account.config.get("mapping") or {}
    return LinkMapping(
        links=kept.get("links") or {},
        resolutions=kept.get("resolutions") or {},
        backwards=frozenset(kept.get("backwards") or ()),
    )


def issue(looking: Looking, jira: Jira) -> None:
    """One issue. An answer older than the event that asked is read again, twice at most."""
    account = looking.account
    try:
        seen = read_issue(jira, looking.id, mapping=mapping_of(account), site=account.url)
    except NotFound:
        looking.finish([IssueUnreadable(ItemId(looking.id), looking.clock())])
        return
    late = looking.event_at is not None and seen.updated < looking.event_at - STALE
    if late and looking.claimed.attempts <= TRIES_FOR_FRESH:
        raise TryLater(f"Jira showed {seen.key} as it was before the change that was told. It is read again.")
    looking.finish([seen])


def version(looking: Looking, jira: Jira) -> None:
    """A fix version; where it is gone, its issues tell which they have now."""
    try:
        seen = [jira.version(looking.id)]
    except NotFound:
        seen = []
    with reading(looking.engine) as conn:
        issues = known.items_of_version(conn, looking.workspace.id, looking.id)
    looking.finish(seen, wanted=[] if seen else [Object("issue", one) for one in issues])


def project(looking: Looking, jira: Jira) -> None:
    """A project has another key, went, or came back: its issues have other keys, or cannot be read."""
    visible = {one.id: one.key for one in jira.projects()}
    keep_what_was_said(looking, jira, visible.values())
    with reading(looking.engine) as conn:
        issues = set(known.items_outside(conn, looking.workspace.id, list(visible.values())))
        issues |= set(known.items_of_project(conn, looking.workspace.id, visible.get(looking.id, "")))
    looking.finish(wanted=[Object("issue", one) for one in sorted(issues)])
