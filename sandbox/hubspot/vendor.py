"""The portal as a server, with the calls by which tests and the demo set it up and look into it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from flask import Flask

from sandbox.clock import Clock
from sandbox.faults import Faults, install
from sandbox.hooks import Hooks
from sandbox.hubspot import objects, relations
from sandbox.hubspot.answers import error, guard
from sandbox.hubspot.pages import deals
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import stamp
from sandbox.hubspot.telling import Teller
from sandbox.server import Server

Value: TypeAlias = str | int | Decimal | datetime | bool | None

TOKEN = "pat-sandbox-token"

STAGE_OF = {"open": "qualifiedtobuy", "won": "closedwon", "lost": "closedlost"}
"""Short words for the stages that tests mostly mean."""


def spell(value: Value) -> str | None:
    """Any value as HubSpot keeps it: a string, or None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return stamp(value)
    return str(value).lower()


class HubSpot:
    """One portal. `currency` is its home currency, `rates` what others are worth in it.

    `association_page` is how many associations of one record come in one answer.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        seed: int = 0,
        token: str = TOKEN,
        currency: str = "USD",
        rates: Mapping[str, str] | None = None,
        association_page: int = 500,
        port: int = 0,
    ) -> None:
        self.clock = clock or Clock()
        self.token = token
        self.portal = Portal(clock=self.clock, seed=seed, currency=currency, rates=rates or {})
        self.hooks = Hooks()
        self.faults = Faults(error)
        portal_id = relations.portal_id(self.portal)
        self._teller = Teller(self.hooks, clock=self.clock, portal_id=portal_id, seed=seed)
        self.portal.tell = self._teller.tell
        self.app = Flask("sandbox.hubspot")
        self.app.register_blueprint(objects.blueprint(self.portal))
        self.app.register_blueprint(relations.blueprint(self.portal, page=association_page))
        self.app.register_blueprint(deals.blueprint(self.portal))
        guard(self.app, token=token, now=self.clock.now)
        install(self.faults, self.app)
        self.server = Server(self.app, port=port)

    @property
    def url(self) -> str:
        return self.server.url

    def start(self) -> "HubSpot":
        self.server.start()
        return self

    def stop(self) -> None:
        self.hooks.close()
        self.server.stop()

    def webhook(self, url: str, client_secret: str) -> None:
        """Tell this address of every change from now on, signed with the app's client secret."""
        self._teller.url, self._teller.secret = url, client_secret

    def add_company(self, name: str, domain: str | None = None, **properties: Value) -> str:
        """A company; its id."""
        given = {"name": name, "domain": domain} | {k: spell(v) for k, v in properties.items()}
        return self.portal.add("companies", given).id

    def add_contact(
        self, email: str, company: str | None = None, *, additional: Sequence[str] = (), **properties: Value
    ) -> str:
        """A contact, with its primary company; its id. `additional` are secondary addresses."""
        given = {"email": email, "hs_additional_emails": ";".join(additional) or None}
        given |= {k: spell(v) for k, v in properties.items()}
        contact = self.portal.add("contacts", given)
        if company is not None:
            self.tie("contacts", contact.id, "companies", company, primary=True)
        return contact.id

    def add_deal(
        self,
        *,
        amount: Value,
        company: str | None = None,
        contact: str | None = None,
        stage: str = "open",
        currency: str | None = None,
        closedate: datetime | None = None,
        **properties: Value,
    ) -> str:
        """A deal of a company (as its primary) and/or a contact; its id.

        `stage`: open, won, lost or a stage id. Without `closedate` it closed, or is to close, 30 days
        from now. More properties by their HubSpot names, such as `hs_arr` or `hs_deal_stage_probability`.
        """
        stage = STAGE_OF.get(stage, stage)
        ahead = timedelta(days=-30 if stage in ("closedwon", "closedlost") else 30)
        given = {
            "dealname": "Deal",
            "amount": spell(amount),
            "deal_currency_code": currency,
            "pipeline": "default",
            "dealstage": stage,
            "closedate": stamp(closedate or self.clock.now() + ahead),
        }
        deal = self.portal.add("deals", given)
        if properties:
            self.change_deal(deal.id, **properties)
        if company is not None:
            self.tie("deals", deal.id, "companies", company, primary=True)
        if contact is not None:
            self.tie("deals", deal.id, "contacts", contact)
        return deal.id

    def change_deal(self, ident: str, **properties: Value) -> None:
        """Set properties of a deal, by their HubSpot names; `stage` as for `add_deal`."""
        given = {name: spell(value) for name, value in properties.items()}
        if "stage" in given:
            stage = given.pop("stage") or ""
            given["dealstage"] = STAGE_OF.get(stage, stage)
        self.portal.change("deals", ident, given)

    def tie(self, kind: str, ident: str, to: str, other: str, *, primary: bool = False) -> None:
        """Associate two records; kinds as in paths (`contacts`, `companies`, `deals`)."""
        with self.portal.lock:
            one, two = self.portal.must(kind, ident), self.portal.must(to, other)
            self.portal.tie(one, two, primary=primary)

    def archive(self, kind: str, ident: str) -> None:
        """Delete a record."""
        self.portal.archive(kind, ident)

    def merge(self, kind: str, primary: str, other: str) -> str:
        """Merge two records; the new id."""
        return self.portal.merge(kind, primary, other).id
