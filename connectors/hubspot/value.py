"""Companies with what their deals are worth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from connectors.errors import Unauthorized
from connectors.hubspot import deals
from connectors.hubspot.client import HubSpot, Record
from connectors.hubspot.owners import companies_of_deals
from connectors.hubspot.worth import Deal, worth
from lineage.changes import CompanySeen

SEGMENT = "industry"
"""HubSpot's own property that says what kind of company it is: by this the board is filtered."""
PROPERTIES = ("name", "domain", "hs_additional_domains", "hs_merged_object_ids", SEGMENT)


@dataclass(frozen=True, slots=True)
class Companies:
    """`gone`: ids that are no company any more, with the company they were merged into, or None."""

    seen: tuple[CompanySeen, ...]
    gone: Mapping[str, str | None] = field(default_factory=dict)


def companies_by_id(
    client: HubSpot,
    ids: Iterable[str],
    *,
    currency: str,
    now: datetime,
    emails: Mapping[str, Sequence[str]] | None = None,
) -> Companies:
    """These companies, read now and valued in `currency` (the workspace's).

    A company's deals are those whose company it is (`owners`), so the sum is the same by whatever road one
    asks. `emails`: company id to the requesters' addresses that led there. Raises `connectors.errors`.
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return Companies(())
    records = {record.id: record for record in client.read("companies", wanted, PROPERTIES)}
    owned = _deals_of(client, records)
    home = _home_currency(client)
    seen = []
    for ident, record in sorted(records.items()):
        sums = worth(owned.get(ident, ()), currency=currency, home=home, now=now)
        seen.append(
            CompanySeen(
                company=ident,
                name=record.get("name"),
                customer_minor=sums.customer_minor,
                pipeline_minor=sums.pipeline_minor,
                at=now,
                domains=_domains(record),
                emails=tuple((emails or {}).get(ident, ())),
                why=sums.why,
                segment=record.get(SEGMENT) or None,
            )
        )
    return Companies(tuple(seen), _gone(wanted, records))


def _deals_of(client: HubSpot, companies: Iterable[str]) -> dict[str, list[Deal]]:
    """The deals of each of these companies: what hangs on it or on its people, and is counted for it."""
    ids = set(companies)
    linked = list(client.links("companies", "deals", ids).values())
    people = client.links("companies", "contacts", ids).values()
    linked += client.links("contacts", "deals", [link.id for links in people for link in links]).values()
    owners = companies_of_deals(client, [link.id for links in linked for link in links])
    mine = {deal: found.company for deal, found in owners.items() if found.company in ids}
    stages = _stages(client) if mine else {}
    owned: dict[str, list[Deal]] = {}
    for record in client.read("deals", mine, deals.PROPERTIES):
        if record.id in mine:
            owned.setdefault(mine[record.id], []).append(deals.deal(record, stages))
    return owned


def _gone(wanted: Iterable[str], records: Mapping[str, Record]) -> dict[str, str | None]:
    survivors = {
        old: record.id
        for record in records.values()
        for old in record.get("hs_merged_object_ids").split(";")
        if old
    }
    return {ident: survivors.get(ident) for ident in wanted if ident not in records}


def _domains(record: Record) -> tuple[str, ...]:
    named = [record.get("domain"), *record.get("hs_additional_domains").split(";")]
    return tuple(dict.fromkeys(name.strip().lower() for name in named if name.strip()))


def _home_currency(client: HubSpot) -> str | None:
    """The portal's; None where the token may not see it: then only deals in our currency count."""
    try:
        return client.account().currency
    except Unauthorized as refusal:
        if refusal.whole_account:
            raise
        return None


def _stages(client: HubSpot) -> Mapping[str, str]:
    """Stage probabilities; none where the token may not see them: deals mostly say their own."""
    try:
        return client.stage_probabilities()
    except Unauthorized as refusal:
        if refusal.whole_account:
            raise
        return {}
