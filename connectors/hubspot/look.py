"""What is read from HubSpot when a company may be worth something else, or a requester is new."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from connectors import known
from connectors.hubspot.changed import modified_at
from connectors.hubspot.client import HubSpot
from connectors.hubspot.lookup import PROPERTIES, companies_of
from connectors.hubspot.owners import companies_of_deals
from connectors.hubspot.value import companies_by_id
from connectors.looking import Looking, Object
from lineage.changes import CompanySeen
from store.database import reading
from store.errors import TryLater

STALE = timedelta(seconds=2)
"""Clocks of one vendor differ by less."""
TRIES_FOR_FRESH = 2


def email(looking: Looking, hubspot: HubSpot) -> None:
    """The company behind one requester's address; nothing where HubSpot knows none."""
    found = companies_of(
        hubspot, [looking.id], currency=looking.workspace.policy.currency, now=looking.clock()
    )
    looking.finish(found.companies)


def contact(looking: Looking, hubspot: HubSpot) -> None:
    """A person over there: looked up anew if they asked for something here."""
    _must_be_fresh(looking, hubspot)
    emails = emails_of(hubspot, [looking.id])
    with reading(looking.engine) as conn:
        ours = known.emails_among(conn, looking.workspace.id, emails)
    looking.finish(wanted=[Object("email", one) for one in sorted(ours)])


def deal(looking: Looking, hubspot: HubSpot) -> None:
    """Its company is valued anew, if it is one of ours."""
    _must_be_fresh(looking, hubspot)
    owner = companies_of_deals(hubspot, [looking.id]).get(looking.id)
    looking.finish(_valued(looking, hubspot, [owner.company]) if owner else ())


def company(looking: Looking, hubspot: HubSpot) -> None:
    """One company with its deals, if it is one of ours."""
    _must_be_fresh(looking, hubspot)
    looking.finish(_valued(looking, hubspot, [looking.id]))


def _must_be_fresh(looking: Looking, hubspot: HubSpot) -> None:
    """An answer older than the change that was told is read again, twice at most: then what there is counts,
    and the reconciliation follows. Raises TryLater.
    """
    told = looking.event_at
    if told is None or looking.claimed.attempts > TRIES_FOR_FRESH:
        return
    shown = modified_at(hubspot, looking.claimed.row["kind"], looking.id)
    if shown is not None and shown < told - STALE:
        raise TryLater("HubSpot shows this as it was before the change that was told. It is read again.")


def emails_of(hubspot: HubSpot, contacts: Iterable[str]) -> set[str]:
    """All addresses of these contacts, lower case."""
    found: set[str] = set()
    for record in hubspot.read("contacts", contacts, PROPERTIES):
        others = record.get("hs_additional_emails").split(";")
        found |= {one.strip().lower() for one in [record.get("email"), *others] if one.strip()}
    return found


def _valued(looking: Looking, hubspot: HubSpot, ids: Sequence[str]) -> Sequence[CompanySeen]:
    with reading(looking.engine) as conn:
        ours = known.companies_among(conn, looking.workspace.id, ids)
    if not ours:
        return ()
    found = companies_by_id(
        hubspot, sorted(ours), currency=looking.workspace.policy.currency, now=looking.clock()
    )
    return [*found.seen, *(_gone(looking, hubspot, one, into) for one, into in found.gone.items())]


def _gone(looking: Looking, hubspot: HubSpot, ident: str, into: str | None) -> CompanySeen:
    """A company that is no more: worth nothing, or what the one is worth that it was merged into.

    The second only while the survivor is not itself one of ours: no amount counts twice.
    """
    now, workspace_id = looking.clock(), looking.workspace.id
    with reading(looking.engine) as conn:
        name = known.company_name(conn, workspace_id, ident)
        counted = into is not None and bool(known.companies_among(conn, workspace_id, [into]))
    if into is not None and not counted:
        survivor = companies_by_id(hubspot, [into], currency=looking.workspace.policy.currency, now=now).seen
        if survivor:
            return replace(survivor[0], company=ident)
    why = f"merged into company {into}, which counts" if into else "deleted in HubSpot"
    return CompanySeen(ident, name, customer_minor=0, pipeline_minor=0, at=now, why=(why,))
