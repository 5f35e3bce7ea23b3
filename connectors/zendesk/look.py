"""What is read from Zendesk when something there may have changed."""

from datetime import datetime, timedelta

import structlog

from connectors import known, watermarks
from connectors.errors import NotFound, Unavailable
from connectors.looking import Looking, Object
from connectors.zendesk import community, gone
from connectors.zendesk.client import Zendesk
from connectors.zendesk.incremental import changed_since
from connectors.zendesk.reader import person_there, read_ticket
from connectors.zendesk.undelivered import looked_into, not_looked_into, told_in, undelivered
from lineage.changes import UsersMerged
from store import installation
from store.database import reading
from store.errors import GiveUp, TryLater

EVERY_S = 600.0
FIRST = timedelta(minutes=5)
"""So long before the connection the first reconciliation begins: the export lags behind, clocks differ."""

TRIES_FOR_FRESH = 2

log = structlog.get_logger()


def ticket(looking: Looking, zendesk: Zendesk) -> None:
    """One ticket. Only Zendesk's own event proves a deletion; a bare 404 moves nothing (rule 12).

    An answer older than the change that was told is read again, twice at most.
    """
    try:
        seen = read_ticket(zendesk, looking.id)
    except NotFound:
        if not looking.hint.get("deleted"):
            raise GiveUp(
                f"Zendesk does not show ticket {looking.id}: it is deleted, or hidden from the account that "
                "is connected. Nothing was changed. If it is there, let that account see it and retry."
            ) from None
        with reading(looking.engine) as conn:
            last = gone.deleted(conn, looking.workspace.id, looking.id, now=looking.clock())
        looking.finish([last] if last is not None else [])
        return
    late = looking.event_at is not None and seen.updated < looking.event_at
    if late and looking.claimed.attempts <= TRIES_FOR_FRESH:
        raise TryLater(f"Zendesk showed ticket {seen.ticket} as it was before the change that was told.")
    looking.finish([seen])  # after the tries what there is: the export names the ticket once more


def user(looking: Looking, zendesk: Zendesk) -> None:
    """A user was merged, renamed, suspended …: their tickets tell who they are now."""
    seen = users_merged(looking, zendesk)
    with reading(looking.engine) as conn:
        tickets = known.tickets_of_user(conn, looking.workspace.id, looking.id)
    looking.finish(seen, wanted=[Object("ticket", one) for one in tickets])


def users_merged(looking: Looking, zendesk: Zendesk) -> list[UsersMerged]:
    """The merge that an event told of, once Zendesk shows it: of the two users exactly one is left."""
    other = looking.hint.get("merged_with")
    if not other:
        return []
    both = (looking.id, str(other))
    left = {one: found for one in both if (found := person_there(zendesk, one)) is not None}
    if len(left) == len(both) and looking.claimed.attempts <= TRIES_FOR_FRESH:
        raise TryLater(f"Zendesk does not show yet that users {' and '.join(both)} were merged.")
    if len(left) != 1:
        return []
    (survivor,) = left
    (gone,) = set(both) - {survivor}
    return [UsersMerged(gone, left[survivor], looking.clock())]


def sync(looking: Looking, zendesk: Zendesk) -> None:
    """The reconciliation: looks at the known tickets that the export of changes names."""
    told, newest = exported(looking, zendesk)
    with reading(looking.engine) as conn:
        ours = known.tickets_among(conn, looking.workspace.id, told)
    wanted = [Object("ticket", one, {"deleted": "softly"} if told[one] else {}) for one in sorted(ours)]
    try:
        missed, until = not_told(looking, zendesk)
    except Unavailable as trouble:  # it is asked again; what the export told does not wait for it
        log.warning("undelivered_unread", error=str(trouble))
        missed, until = [], {}
    posts, round_at = community.due(looking)
    watermark = {"tickets": newest.isoformat(), **until, **round_at}
    looking.finish(wanted=[*wanted, *missed, *posts], again_in_s=EVERY_S, watermark=watermark)


def exported(looking: Looking, zendesk: Zendesk) -> tuple[dict[str, bool], datetime]:
    """What the export names since the last time: by ticket, whether it was deleted; and the newest time seen.

    All of it again where the mark lies ahead of Zendesk's own time: see `connectors/watermarks.py`.
    """
    mark = looking.account.watermark.get("tickets")
    begun = watermarks.beginning(looking, looking.clock()) - FIRST
    start = datetime.fromisoformat(mark) if mark else begun
    found = list(changed_since(zendesk, start))
    there = zendesk.heard_at or looking.clock()
    if watermarks.lies_ahead(start, there):
        ahead, start = start, watermarks.beginning(looking, there) - FIRST
        log.warning("watermark_lay_ahead", system="zendesk", mark=str(ahead), read_from=str(start))
        found = list(changed_since(zendesk, start))
    newest = max([start, *(one.generated for one in found)])
    return {one.ticket: one.deleted for one in found}, newest


def not_told(looking: Looking, zendesk: Zendesk) -> tuple[list[Object], dict[str, str]]:
    """What calls that Zendesk gave up were about, as far as it is ours, and how far that was looked into."""
    with reading(looking.engine) as conn:
        url = installation.load(conn).public_url
    if url is None:
        return [], {}
    marks = looking.account.watermark
    every = undelivered(zendesk, f"{url}/webhooks/zendesk/{looking.workspace.slug}")
    fresh = not_looked_into(every, marks)
    dirty = [told for one in fresh for told in told_in(zendesk, one)]
    named = {kind: {one.id for one in dirty if one.kind == kind} for kind in ("ticket", "user", "post")}
    with reading(looking.engine) as conn:
        ours = {("ticket", one) for one in known.tickets_among(conn, looking.workspace.id, named["ticket"])}
        ours |= {
            ("user", one) for one in known.zendesk_users_among(conn, looking.workspace.id, named["user"])
        }
        ours |= {
            ("post", one) for one in known.community_posts_among(conn, looking.workspace.id, named["post"])
        }
    wanted = [Object(one.kind, one.id, one.hint) for one in dirty if (one.kind, one.id) in ours]
    return wanted, looked_into(every, fresh, marks) if fresh else {}
