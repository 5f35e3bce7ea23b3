"""What a portal holds: records of strings, and the links between them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

KINDS = {"contacts": "contact", "companies": "company", "deals": "deal"}
"""Object types as paths spell them, and as webhooks do."""

TYPE_IDS = {
    ("contacts", "companies"): (279, 1),
    ("companies", "contacts"): (280, 2),
    ("deals", "companies"): (341, 5),
    ("companies", "deals"): (342, 6),
    ("deals", "contacts"): (3, None),
    ("contacts", "deals"): (4, None),
}
"""Association type ids of HubSpot: (plain, primary)."""

MODIFIED = {
    "contacts": "lastmodifieddate",
    "companies": "hs_lastmodifieddate",
    "deals": "hs_lastmodifieddate",
}
"""The property with the modification time: contacts spell it differently from the rest."""

KNOWN = {
    "contacts": "email hs_additional_emails firstname lastname associatedcompanyid lifecyclestage",
    "companies": "name domain hs_additional_domains industry lifecyclestage hs_parent_company_id",
    "deals": (
        "dealname amount amount_in_home_currency deal_currency_code pipeline dealstage "
        "hs_deal_stage_probability hs_is_closed hs_is_closed_won closedate dealtype "
        "hs_arr hs_mrr hs_acv hs_tcv"
    ),
}
"""The properties that this portal has, besides those that every record has."""

ALWAYS = "createdate hs_object_id hs_merged_object_ids"


def stamp(at: datetime) -> str:
    """HubSpot's spelling of a time: UTC, milliseconds, Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def known_properties(kind: str) -> frozenset[str]:
    return frozenset([*KNOWN[kind].split(), *ALWAYS.split(), MODIFIED[kind]])


@dataclass(slots=True)
class Record:
    """One contact, company or deal. Every value is a string; what is unset is None."""

    kind: str
    id: str
    properties: dict[str, str | None]
    created: datetime
    updated: datetime
    archived_at: datetime | None = None
    merged: tuple[str, ...] = ()

    def value(self, name: str) -> str | None:
        """One property, the computed ones too."""
        if name == "hs_object_id":
            return self.id
        if name == "createdate":
            return stamp(self.created)
        if name == MODIFIED[self.kind]:
            return stamp(self.updated)
        if name == "hs_merged_object_ids":
            return ";".join(self.merged) or None
        return self.properties.get(name)

    def as_json(self, wanted: Iterable[str]) -> dict[str, object]:
        """As the API answers: unknown properties are left out, unset ones are null."""
        known = known_properties(self.kind)
        names = {"createdate", "hs_object_id", MODIFIED[self.kind], *wanted} & known
        body: dict[str, object] = {
            "id": self.id,
            "properties": {name: self.value(name) for name in sorted(names)},
            "createdAt": stamp(self.created),
            "updatedAt": stamp(self.updated),
            "archived": self.archived_at is not None,
        }
        if self.archived_at is not None:
            body["archivedAt"] = stamp(self.archived_at)
        return body


@dataclass(slots=True)
class Links:
    """Which records belong together, both ways, and which tie is the primary one."""

    _of: dict[tuple[str, str, str], dict[str, bool]] = field(default_factory=dict)

    def tie(self, one: Record, other: Record, *, primary: bool = False) -> None:
        for a, b in ((one, other), (other, one)):
            self._of.setdefault((a.kind, a.id, b.kind), {})[b.id] = primary

    def of(self, kind: str, ident: str, to: str) -> Mapping[str, bool]:
        """Ids of the other side, with whether the tie is primary."""
        return self._of.get((kind, ident, to), {})

    def hand_over(self, old: Record, new: Record) -> None:
        """What hung on `old` hangs on `new`: a merge."""
        for (kind, ident, to), ties in list(self._of.items()):
            if (kind, ident) != (old.kind, old.id):
                continue
            for other, primary in ties.items():
                back = self._of.get((to, other, kind), {})
                back.pop(old.id, None)
                back[new.id] = primary
                self._of.setdefault((new.kind, new.id, to), {})[other] = primary
            del self._of[(kind, ident, to)]
