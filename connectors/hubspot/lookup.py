"""From the requesters' addresses to their companies."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from connectors.hubspot.client import HubSpot, Record
from connectors.hubspot.owners import companies_of_contacts
from connectors.hubspot.value import companies_by_id
from lineage.changes import CompanySeen

PROPERTIES = ("email", "hs_additional_emails")

PER_SEARCH = 3
"""Addresses per search: two groups of filters each, and HubSpot takes six."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """`unknown`: addresses with no company in this portal. `ways`: for each found one, how it was found."""

    companies: tuple[CompanySeen, ...]
    unknown: tuple[str, ...] = ()
    ways: Mapping[str, str] = field(default_factory=dict)


def companies_of(client: HubSpot, emails: Sequence[str], *, currency: str, now: datetime) -> Lookup:
    """The companies of these people, each valued once in `currency`; addresses may be secondary ones.

    Never by domain: gmail.com is nobody's company. Raises `connectors.errors`.
    """
    wanted = list(dict.fromkeys(email.strip().lower() for email in emails if "@" in email))
    contacts = contacts_of(client, wanted)
    owners = companies_of_contacts(client, contacts.values())
    led: dict[str, list[str]] = {}
    ways = {}
    for email in wanted:
        found = owners.get(contacts.get(email, ""))
        if found is not None:
            led.setdefault(found.company, []).append(email)
            ways[email] = f"contact {contacts[email]}, {found.rule}"
    companies = companies_by_id(client, led, currency=currency, now=now, emails=led)
    unknown = tuple(email for email in wanted if email not in ways)
    return Lookup(companies.seen, unknown, ways)


def contacts_of(client: HubSpot, emails: Sequence[str]) -> dict[str, str]:
    """Address (lower case) to contact id. A primary address beats a secondary one, then the lower id."""
    primary = {r.get("email").lower(): r.id for r in client.read("contacts", emails, PROPERTIES, by="email")}
    found = {email: primary[email] for email in emails if email in primary}
    misses = [email for email in emails if email not in found]
    for start in range(0, len(misses), PER_SEARCH):
        group = misses[start : start + PER_SEARCH]
        records = client.search("contacts", list(_filters(group)), PROPERTIES).records
        found |= _matched(records, group)
    return found


def _filters(emails: Iterable[str]) -> Iterator[list[Mapping[str, object]]]:
    for email in emails:
        for name in PROPERTIES:
            yield [{"propertyName": name, "operator": "EQ", "value": email}]


def _matched(records: Iterable[Record], emails: Iterable[str]) -> dict[str, str]:
    wanted = set(emails)
    best: dict[str, tuple[bool, int]] = {}
    for record in records:
        primary = record.get("email").lower()
        others = [email.strip().lower() for email in record.get("hs_additional_emails").split(";")]
        for email in wanted & {primary, *others}:
            rank = (email != primary, int(record.id))
            best[email] = min(best.get(email, rank), rank)
    return {email: str(ident) for email, (_, ident) in best.items()}
