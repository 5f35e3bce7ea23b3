"""An operator, Olga, signed in by a link from the command line."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from plugin.admin.signin import make_link
from store.database import transaction
from tests.plugin.house import House
from tests.plugin.house import house as house  # noqa: PLC0414 - the fixture of this folder

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Browser:
    """A browser with its cookies, which sends a form with what the page gave it."""

    house: House
    session: requests.Session = field(default_factory=requests.Session)
    csrf: str = ""

    def get(self, path: str) -> requests.Response:
        page = self.session.get(self.house.url + path, timeout=10)
        if found := TOKEN.search(page.text):
            self.csrf = found[1]
        return page

    def post(self, path: str, **form: Any) -> requests.Response:
        return self.session.post(self.house.url + path, {"csrf_token": self.csrf, **form}, timeout=10)


def link_for(house: House, email: str = "olga@example.com") -> str:
    """The path of a fresh sign-in link."""
    with house.within(), transaction(house.state.engine) as conn:
        return make_link(conn, email).removeprefix(house.url)


@pytest.fixture
def olga(house: House) -> Browser:
    browser, link = Browser(house), link_for(house)
    browser.get(link)
    assert browser.post(link).url == f"{house.url}/admin/acme/"
    browser.get("/admin/acme/")
    return browser
