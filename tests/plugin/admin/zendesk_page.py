"""The page on which Zendesk is set up, as an operator works with it."""

import html
from typing import Any

from connectors.zendesk.self_test import TAG
from sandbox.zendesk.records import Ticket
from store import connections
from store.connections import Connection
from store.database import reading
from tests.plugin.admin.conftest import Browser
from tests.plugin.house import House

PAGE = "/admin/acme/zendesk"
OLGA = "olga@example.com"


def kept(house: House) -> Connection:
    with reading(house.state.engine) as conn:
        return connections.load(conn, house.state.vault, house.workspace.id, "zendesk")


def words_of(answer: Any) -> str:
    return html.unescape(answer.text)


def send(olga: Browser, step: str, **form: Any) -> Any:
    olga.get(PAGE)
    return olga.post(f"{PAGE}/{step}", **form)


def connect(olga: Browser, house: House, **typed: str) -> Any:
    desk = house.zendesk
    form = {"way": "client", "url": desk.url, "ident": desk.client_id, "secret": desk.client_secret, **typed}
    return send(olga, "account", **form)


def answered(olga: Browser, house: House) -> str:
    """The page after a self-test: begun, gone on with until it is settled, and its webhooks delivered."""
    send(olga, "test")
    house.clock.advance(5)
    send(olga, "test/on")
    assert house.zendesk.hooks.settled()
    return words_of(olga.get(PAGE))


def the_ticket(house: House) -> Ticket:
    [found] = [one for one in house.zendesk.tickets() if TAG in one.tags]
    return found
