"""The portal's state and the rules that HubSpot itself keeps: calculated deal values, merges, archiving."""

import random
import threading
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation

from sandbox.clock import Clock
from sandbox.hubspot.records import KINDS, Links, Record, stamp

STAGES = {
    "appointmentscheduled": ("Appointment scheduled", "0.2"),
    "qualifiedtobuy": ("Qualified to buy", "0.4"),
    "presentationscheduled": ("Presentation scheduled", "0.6"),
    "decisionmakerboughtin": ("Decision maker bought in", "0.8"),
    "contractsent": ("Contract sent", "0.9"),
    "closedwon": ("Closed won", "1.0"),
    "closedlost": ("Closed lost", "0.0"),
}
"""The default pipeline: stage id to label and probability."""

Event = dict[str, object]


class Portal:
    """All records, behind one lock. `tell` is given every change as webhook events without their envelope."""

    def __init__(self, *, clock: Clock, seed: int, currency: str, rates: Mapping[str, str]) -> None:
        self.clock = clock
        self.rng = random.Random(seed)
        self.currency = currency
        self.rates = rates
        self.lock = threading.RLock()
        self.records: dict[str, dict[str, Record]] = {kind: {} for kind in KINDS}
        self.aliases: dict[tuple[str, str], str] = {}
        self.links = Links()
        self.tell: Callable[[list[Event]], None] = lambda events: None
        self._next_id = 1_000 + seed % 97

    def add(self, kind: str, properties: Mapping[str, str | None]) -> Record:
        """A new record. Tells `creation`."""
        with self.lock:
            self._next_id += self.rng.randint(1, 9)
            now = self.clock.now()
            record = Record(kind, str(self._next_id), dict(properties), now, now)
            self._calculate(record)
            self.records[kind][record.id] = record
            self.tell([self._event(record, "creation", changeFlag="NEW")])
            return record

    def get(self, kind: str, ident: str) -> Record | None:
        """The record with this id, or the one that it was merged into; None when archived or never there."""
        while (kind, ident) in self.aliases:
            ident = self.aliases[kind, ident]
        record = self.records[kind].get(ident)
        return None if record is None or record.archived_at is not None else record

    def must(self, kind: str, ident: str) -> Record:
        """As `get`. Raises KeyError instead of giving None."""
        record = self.get(kind, ident)
        if record is None:
            raise KeyError(f"The sandbox portal has no {KINDS[kind]} {ident}.")
        return record

    def live(self, kind: str) -> Iterable[Record]:
        return [r for r in self.records[kind].values() if r.archived_at is None]

    def change(self, kind: str, ident: str, properties: Mapping[str, str | None]) -> Record:
        """Set properties. Tells one `propertyChange` for each that is different now."""
        with self.lock:
            record = self.must(kind, ident)
            before = dict(record.properties)
            record.properties.update(properties)
            if self._closes(record, before) and "closedate" not in properties:
                record.properties["closedate"] = stamp(self.clock.now())
            self._calculate(record, keep=frozenset(properties))
            changed = [k for k, v in record.properties.items() if before.get(k) != v]
            if changed:
                record.updated = self.clock.now()
                self.tell(
                    [
                        self._event(
                            record,
                            "propertyChange",
                            propertyName=name,
                            propertyValue=record.properties[name] or "",
                        )
                        for name in changed
                    ]
                )
            return record

    def tie(self, one: Record, other: Record, *, primary: bool = False) -> None:
        """Associate two records. Tells `associationChange`."""
        with self.lock:
            self.links.tie(one, other, primary=primary)
            kinds = f"{KINDS[one.kind]}_to_{KINDS[other.kind]}".upper()
            event = self._event(
                one,
                "associationChange",
                associationType=kinds,
                fromObjectId=int(one.id),
                toObjectId=int(other.id),
                associationRemoved=False,
                isPrimaryAssociation=primary,
            )
            del event["objectId"]
            self.tell([event])

    def archive(self, kind: str, ident: str) -> None:
        """Delete, as HubSpot does: the record is still listed with `archived=true`. Tells `deletion`."""
        with self.lock:
            record = self.must(kind, ident)
            record.archived_at = self.clock.now()
            self.tell([self._event(record, "deletion", changeFlag="DELETED")])

    def merge(self, kind: str, primary: str, other: str) -> Record:
        """Both become one record with a new id; the old ids go on answering as it. Tells `merge`."""
        with self.lock:
            kept, gone = self.must(kind, primary), self.must(kind, other)
            self._next_id += 1
            now = self.clock.now()
            new = Record(kind, str(self._next_id), dict(kept.properties), kept.created, now)
            new.merged = (*kept.merged, *gone.merged, kept.id, gone.id)
            if kind == "contacts":
                emails = [kept.properties.get("hs_additional_emails"), gone.properties.get("email")]
                emails.append(gone.properties.get("hs_additional_emails"))
                new.properties["hs_additional_emails"] = ";".join(e for e in emails if e) or None
            for old in (gone, kept):
                self.links.hand_over(old, new)
                del self.records[kind][old.id]
                self.aliases[kind, old.id] = new.id
            self.records[kind][new.id] = new
            self.tell(
                [
                    self._event(
                        new,
                        "merge",
                        primaryObjectId=int(kept.id),
                        mergedObjectIds=[int(gone.id)],
                        newObjectId=int(new.id),
                        numberOfPropertiesMoved=1,
                    )
                ]
            )
            return new

    def _event(self, record: Record, what: str, **more: object) -> Event:
        subscription = f"{KINDS[record.kind]}.{what}"
        return {"subscriptionType": subscription, "objectId": int(record.id), **more}

    def _closes(self, record: Record, before: Mapping[str, str | None]) -> bool:
        """Whether this change moved a deal to a closed stage: HubSpot then dates it itself."""
        stage = record.properties.get("dealstage")
        return stage in ("closedwon", "closedlost") and before.get("dealstage") != stage

    def _calculate(self, record: Record, keep: frozenset[str] = frozenset()) -> None:
        """The values that HubSpot works out itself; probabilities in its long floating-point spelling."""
        if record.kind != "deals":
            return
        deal = record.properties
        stage = deal.get("dealstage") or ""
        deal["hs_is_closed"] = "true" if stage in ("closedwon", "closedlost") else "false"
        deal["hs_is_closed_won"] = "true" if stage == "closedwon" else "false"
        if stage in STAGES and "hs_deal_stage_probability" not in keep:
            deal["hs_deal_stage_probability"] = str(Decimal(float(STAGES[stage][1])))
        deal["amount_in_home_currency"] = self._at_home(deal.get("amount"), deal.get("deal_currency_code"))

    def _at_home(self, amount: str | None, currency: str | None) -> str | None:
        if not amount or currency in (None, self.currency):
            return amount or None
        if currency not in self.rates:
            return None
        try:
            return str(Decimal(amount) * Decimal(self.rates[currency]))
        except InvalidOperation:
            return None
