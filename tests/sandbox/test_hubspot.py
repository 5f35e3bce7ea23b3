"""The sandbox portal tells of its changes by webhooks that HubSpot's own library and ours both accept."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests
from flask import Flask, request
from hubspot.utils.signature import Signature

from connectors.hubspot.events import Dirty, read
from connectors.hubspot.signature import verify
from sandbox.hubspot import HubSpot
from sandbox.server import Server


class Listener:
    """Keeps the deliveries it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[bytes, dict[str, str]]] = []
        self.status = 202
        app = Flask("listener")
        app.add_url_rule("/webhooks/hubspot/acme", view_func=self.hear, methods=["POST"])
        self.server = Server(app)

    def hear(self) -> tuple[str, int]:
        self.heard.append((request.get_data(), dict(request.headers)))
        return "", self.status


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    with listener.server:
        yield listener


@pytest.fixture
def portal(listener: Listener) -> Iterator[HubSpot]:
    portal = HubSpot(seed=3).start()
    portal.hooks.time_scale = 0.0
    portal.webhook(listener.server.url + "/webhooks/hubspot/acme", "client-secret")
    yield portal
    portal.stop()


def test_a_changed_deal_is_told_signed(portal: HubSpot, listener: Listener) -> None:
    deal = portal.add_deal(amount=100)
    assert portal.hooks.settled()
    listener.heard.clear()
    portal.change_deal(deal, amount=200)
    assert portal.hooks.settled()
    [(body, headers)] = listener.heard
    uri = listener.server.url + "/webhooks/hubspot/acme"
    stamp, signed = headers["X-Hubspot-Request-Timestamp"], headers["X-Hubspot-Signature-V3"]
    assert Signature.is_valid(
        signature=signed,
        client_secret="client-secret",
        request_body=body.decode(),
        http_uri=uri,
        http_method="POST",
        signature_version="v3",
        timestamp=stamp,
    )
    assert verify(
        secret="client-secret",
        method="POST",
        uri=uri,
        body=body,
        timestamp=stamp,
        signature=signed,
        now=datetime.now(UTC),
    )
    assert read(body) == [Dirty("deal", deal)]
    names = {event["propertyName"]: event["propertyValue"] for event in json.loads(body)}
    assert names == {"amount": "200", "amount_in_home_currency": "200"}


def test_everything_that_happens_is_told(portal: HubSpot, listener: Listener) -> None:
    acme, bolt = portal.add_company("Acme"), portal.add_company("Bolt")
    deal = portal.add_deal(company=acme, amount=1)
    new = portal.merge("companies", acme, bolt)
    portal.archive("deals", deal)
    assert portal.hooks.settled()
    events = [event for body, _ in listener.heard for event in json.loads(body)]
    assert [event["subscriptionType"] for event in events] == [
        "company.creation",
        "company.creation",
        "deal.creation",
        "deal.associationChange",
        "company.merge",
        "deal.deletion",
    ]
    assert {d.id for body, _ in listener.heard for d in read(body)} == {acme, bolt, deal, new}
    assert len({event["eventId"] for event in events}) == len(events)


def test_a_listener_that_fails_is_asked_ten_times_more_and_one_that_refuses_never(
    portal: HubSpot, listener: Listener
) -> None:
    listener.status = 503
    portal.add_company("Acme")
    assert portal.hooks.settled()
    assert len(portal.hooks.attempts) == 11
    listener.status = 400
    portal.add_company("Bolt")
    assert portal.hooks.settled()
    assert len(portal.hooks.attempts) == 12


def test_a_person_changes_a_deal_on_the_page(portal: HubSpot, listener: Listener) -> None:
    acme = portal.add_company("Acme <b>& Co</b>", "acme.example")
    deal = portal.add_deal(company=acme, amount=100)
    assert portal.hooks.settled()
    listener.heard.clear()
    page = requests.get(portal.url, timeout=5)
    assert "Acme &lt;b&gt;" in page.text and 'value="100"' in page.text and "sandbox" in page.text
    form = {"amount": "250", "dealstage": "contractsent"}
    assert requests.post(f"{portal.url}/deals/{deal}", data=form, timeout=5).status_code == 200
    assert portal.portal.must("deals", deal).value("amount") == "250"
    assert portal.hooks.settled()
    assert read(listener.heard[0][0]) == [Dirty("deal", deal)]
    refused = requests.post(f"{portal.url}/deals/{deal}", data=form | {"amount": "lots"}, timeout=5)
    assert refused.status_code == 422 and "lots" in refused.text


def test_another_seed_gives_other_ids(portal: HubSpot) -> None:
    other = HubSpot(seed=4)
    assert portal.add_company("Acme") != other.add_company("Acme")
