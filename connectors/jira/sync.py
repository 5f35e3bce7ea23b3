"""The reconciliation with Jira: what was touched since the last one, and in a slower round all we know."""

from datetime import datetime, timedelta

from connectors import known
from connectors.jira.client import Jira
from connectors.jira.renamed import keep_what_was_said
from connectors.looking import Looking, Object
from store.database import reading

EVERY_S = 600.0
ALL = timedelta(days=1)
"""A release need not touch an issue's `updated`, and a lost permission never does."""


def sync(looking: Looking, jira: Jira) -> None:
    """Asks for looks at the known issues that changed; the watermark passes nothing that was not seen.

    A watermark from the future was written by a clock that was wrong: nobody knows what it passed.
    """
    keep_what_was_said(looking, jira)
    now, marks = looking.clock(), looking.account.watermark
    since = datetime.fromisoformat(marks["issues"]) if "issues" in marks else now
    found = jira.changed_since(since, now=now)
    all_since = datetime.fromisoformat(marks["everything"]) if "everything" in marks else None
    everything = all_since is None or now - all_since >= ALL or max(since, all_since) > now
    with reading(looking.engine) as conn:
        ws = looking.workspace.id
        changed = set(known.every_item(conn, ws)) if everything else known.items_among(conn, ws, found.ids)
        changed |= known.every_whole(conn, ws)
        versions = known.versions_in_use(conn, ws)
    watermark = {"issues": now.isoformat()} if found.complete else {}
    watermark |= {"everything": now.isoformat()} if everything else {}
    wanted = [Object("issue", one) for one in sorted(changed)]
    wanted += [Object("version", one) for one in versions]
    looking.finish(wanted=wanted, again_in_s=EVERY_S, watermark=watermark)
