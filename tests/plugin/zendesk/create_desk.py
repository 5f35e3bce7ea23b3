"""An agent who makes an issue beside a ticket: the form as it is shown and sent, and what it comes to."""

import re
from html import unescape
from typing import Any

from connectors.jira.making import MARK
from sandbox.jira.state import AskedField
from sandbox.zendesk.records import Ticket
from tests.plugin.house import House
from tests.plugin.zendesk.conftest import Sidebar

TEAM: dict[str, str | AskedField] = {
    "customfield_1": AskedField("Team", "option", {"7": "Web", "8": "Reports"}),
    "customfield_2": AskedField("Why", "textarea"),
    "customfield_3": AskedField("Size", "number"),
    "customfield_4": AskedField("Wanted by", "date"),
    "customfield_5": AskedField("Areas", "array of option", {"1": "PDF", "2": "Mail"}),
    "customfield_6": AskedField("Words", "array of string"),
    "customfield_7": "Short",
}
FILLED: dict[str, Any] = {
    "field-customfield_1": "8", "field-customfield_2": "Because\nof it", "field-customfield_3": "2,5",
    "field-customfield_4": "2026-12-24", "field-customfield_5": ["1", "2"], "field-customfield_6": "pdf  a4",
    "field-customfield_7": "yes",
}  # fmt: skip


def form_of(page: str) -> dict[str, Any]:
    """What would be sent if nothing were touched."""
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            found[name[1]] = unescape(value[1]) if value else ""
    for name, words in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL):
        found[name] = unescape(words)
    for name, options in re.findall(r'<select [^>]*name="([^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def opened(desk: Sidebar, ticket: Ticket) -> dict[str, Any]:
    page = desk.get(f"/tickets/{ticket.id}/create")
    assert page.status_code == 200, page.text
    return form_of(page.text)


def sent(desk: Sidebar, ticket: Ticket, form: dict[str, Any], **more: Any) -> str:
    return desk.post(f"/tickets/{ticket.id}/create", **{**form, **more}).text


def made(house: House) -> list[str]:
    """The keys of issues that bear our mark."""
    return [one.key for one in house.jira.site.issues.values() if MARK in one.properties]


def wrong(page: str) -> dict[str, str]:
    """What stands beside each field; each is tied to its field."""
    found = dict(re.findall(r'<p class="wrong" id="wrong-([^"]+)">(.*?)</p>', page))
    for name in found:
        tag = re.search(rf'<\w+ id="in-{name}"[^>]*>', page)
        assert tag is not None and 'aria-invalid="true"' in tag[0] and f"wrong-{name}" in tag[0], name
    return found
