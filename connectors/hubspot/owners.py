"""To which one company a contact or a deal belongs.

The primary company, told by the association's type id (its label may be renamed at any time); where none
is primary, the one with the lowest id. So nothing is ever counted for two companies.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from connectors.hubspot.client import HubSpot, Link

CONTACT_PRIMARY = 1
DEAL_PRIMARY = 5
"""Association type ids of "primary company", from a contact and from a deal."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A company, and by which rule it was found."""

    company: str
    rule: str


def owner(links: Iterable[Link], *, primary: int) -> Owner | None:
    """The one company of these."""
    by_id = sorted(links, key=lambda link: int(link.id))
    for link in by_id:
        if primary in link.types:
            return Owner(link.id, "the primary company")
    return Owner(by_id[0].id, "no primary company: the lowest id") if by_id else None


def companies_of_contacts(client: HubSpot, ids: Iterable[str]) -> dict[str, Owner]:
    """Contact id to its company; contacts without one are missing."""
    links = client.links("contacts", "companies", ids)
    return _owned(links, primary=CONTACT_PRIMARY)


def companies_of_deals(client: HubSpot, ids: Iterable[str]) -> dict[str, Owner]:
    """Deal id to its company; a deal of no company belongs to that of its oldest contact that has one."""
    wanted = list(dict.fromkeys(ids))
    owned = _owned(client.links("deals", "companies", wanted), primary=DEAL_PRIMARY)
    people = client.links("deals", "contacts", [ident for ident in wanted if ident not in owned])
    companies = companies_of_contacts(client, {link.id for links in people.values() for link in links})
    for deal, links in people.items():
        oldest = sorted((link.id for link in links if link.id in companies), key=int)
        if deal not in owned and oldest:
            owned[deal] = Owner(companies[oldest[0]].company, f"by its contact {oldest[0]}")
    return owned


def company_ids_of_deals(client: HubSpot, ids: Iterable[str]) -> set[str]:
    """The companies whose worth these deals are part of."""
    return {found.company for found in companies_of_deals(client, ids).values()}


def company_ids_of_contacts(client: HubSpot, ids: Iterable[str]) -> set[str]:
    """The companies that these contacts belong to."""
    return {found.company for found in companies_of_contacts(client, ids).values()}


def _owned(links: Mapping[str, list[Link]], *, primary: int) -> dict[str, Owner]:
    owners = {ident: owner(given, primary=primary) for ident, given in links.items()}
    return {ident: found for ident, found in owners.items() if found is not None}
