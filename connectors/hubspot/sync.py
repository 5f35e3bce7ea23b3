"""The reconciliation with HubSpot: what was modified since the last one, and once a day all that we value."""

from datetime import datetime, timedelta

import structlog

from connectors import known, watermarks
from connectors.hubspot.changed import Changed, changed_since
from connectors.hubspot.client import HubSpot
from connectors.hubspot.look import emails_of
from connectors.hubspot.owners import company_ids_of_deals
from connectors.looking import Looking, Object
from store.database import reading

EVERY_S = 600.0
ALL = timedelta(days=1)
"""Deletions show nowhere else, and a won deal leaves its term without being touched."""

log = structlog.get_logger()


def sync(looking: Looking, hubspot: HubSpot) -> None:
    """Asks for looks at our companies and requesters among what changed. One watermark per kind."""
    now, marks = looking.clock(), looking.account.watermark
    watermark, dirty = {}, {}
    for kind in ("contact", "company", "deal"):
        changed = modified(looking, hubspot, kind)
        watermark[kind] = changed.until.isoformat()
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


def modified(looking: Looking, hubspot: HubSpot, kind: str) -> Changed:
    """What was modified since the last time.

    All of it again where the mark lies ahead of HubSpot's own time: see `connectors/watermarks.py`.
    """
    mark = looking.account.watermark.get(kind)
    since = datetime.fromisoformat(mark) if mark else watermarks.beginning(looking, looking.clock())
    changed = changed_since(hubspot, kind, since)
    there = hubspot.heard_at or looking.clock()
    if watermarks.lies_ahead(since, there):
        first = watermarks.beginning(looking, there)
        log.warning("watermark_lay_ahead", system="hubspot", kind=kind, mark=str(since), read_from=str(first))
        changed = changed_since(hubspot, kind, first)
    return changed
