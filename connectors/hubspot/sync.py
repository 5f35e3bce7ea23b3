"""The reconciliation with HubSpot: what was modified since the last one, and once a day all that we value."""

from datetime import datetime, timedelta

from connectors import known
from connectors.hubspot.changed import changed_since
from connectors.hubspot.client import HubSpot
from connectors.hubspot.look import emails_of
from connectors.hubspot.owners import company_ids_of_deals
from connectors.looking import Looking, Object
from store.database import reading

EVERY_S = 600.0
ALL = timedelta(days=1)
"""Deletions show nowhere else, and a won deal leaves its term without being touched."""


def sync(looking: Looking, hubspot: HubSpot) -> None:
    """Asks for looks at our companies and requesters among what changed. One watermark per kind."""
    now, marks = looking.clock(), looking.account.watermark
    watermark, dirty = {}, {}
    for kind in ("contact", "company", "deal"):
        since = datetime.fromisoformat(marks[kind]) if kind in marks else now
        changed = changed_since(hubspot, kind, since)
        watermark[kind] = max(changed.until, since).isoformat()
        dirty[kind] = [one.id for one in changed.dirty]
    emails = emails_of(hubspot, dirty["contact"])
    named = {*dirty["company"], *company_ids_of_deals(hubspot, dirty["deal"])}
    all_since = datetime.fromisoformat(marks["everything"]) if "everything" in marks else None
    everything = all_since is None or not timedelta() <= now - all_since < ALL
    with reading(looking.engine) as conn:
        ws = looking.workspace.id
        ours = set(known.every_company(conn, ws)) if everything else known.companies_among(conn, ws, named)
        asked = known.emails_among(conn, ws, emails)
    if everything:
        watermark["everything"] = now.isoformat()
    wanted = [Object("company", one) for one in sorted(ours)]
    wanted += [Object("email", one) for one in sorted(asked)]
    looking.finish(wanted=wanted, again_in_s=EVERY_S, watermark=watermark)
