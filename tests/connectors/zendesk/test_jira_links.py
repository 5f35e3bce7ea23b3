"""Links of Zendesk's own Jira app, read page by page from whichever API the account has."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.errors import NotFound, Unauthorized, Unavailable
from connectors.zendesk import jira_links
from connectors.zendesk.client import Zendesk
from connectors.zendesk.jira_links import FIRST, OLD, JiraLink, page
from sandbox.faults import Fault
from sandbox.zendesk import Zendesk as Vendor

MADE = datetime(2025, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def links(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> list[JiraLink]:
    """Five, where a page has two."""
    monkeypatch.setattr(jira_links, "MOST", 2)
    monkeypatch.setattr(jira_links, "MOST_OF_THE_SECOND", 2)
    for n in range(5):
        vendor.link_to_jira(100 + n, str(10_000 + n), f"KS-{n}", made=MADE)
    return [JiraLink(str(100 + n), str(10_000 + n), f"KS-{n}", MADE) for n in range(5)]


def every(client: Zendesk, source: str) -> tuple[list[JiraLink], str]:
    found, cursor = list[JiraLink](), ""
    while True:
        here = page(client, source, cursor)
        found, cursor, source = [*found, *here.links], here.cursor, here.source
        if not cursor:
            return found, source


def test_the_first_api(client: Zendesk, links: list[JiraLink]) -> None:
    assert every(client, FIRST) == (links, FIRST)


def test_where_there_is_no_first_one_its_old_address(
    client: Zendesk, vendor: Vendor, links: list[JiraLink]
) -> None:
    vendor.faults.order(Fault("status", path="^/api/v2/jira/links", status=404, times=9))
    assert every(client, FIRST) == (links, OLD)
    assert len(vendor.faults.log) == 1


def test_the_second_api_tells_no_time(client: Zendesk, vendor: Vendor, links: list[JiraLink]) -> None:
    vendor.knobs.jira_integration = "acme 7"
    assert every(client, "acme 7") == ([replace(one, at=None) for one in links], "acme 7")
    with pytest.raises(NotFound):
        page(client, "another", "")


def test_it_is_said_how_it_is_allowed(client: Zendesk, vendor: Vendor, links: list[JiraLink]) -> None:
    vendor.knobs.manage_links = False
    for source in (FIRST, OLD):
        with pytest.raises(Unauthorized, match='allows "Manage links"'):
            page(client, source, "")


@pytest.mark.parametrize(
    "body",
    [
        '{"links": {"next": null}}',
        '{"links": [{"ticket_id": "1", "issue_id": "2"}]}',
        '{"links": [{"issue_id": "2"}], "meta": {"has_more": false}}',
        '{"links": [{"ticket_id": "1", "issue_id": "2", "created_at": "now"}], "meta": {"has_more": false}}',
        '{"links": [], "meta": {"has_more": true, "after_cursor": "here"}}',
    ],
)
def test_an_answer_that_cannot_be_is_read_again(client: Zendesk, vendor: Vendor, body: str) -> None:
    vendor.faults.order(Fault("status", path="jira/links", status=200, body=body))
    with pytest.raises(Unavailable):
        page(client, FIRST, "here")


def test_the_old_address_leads_in_no_circle(client: Zendesk, vendor: Vendor) -> None:
    body = '{"links": [{"id": 7, "ticket_id": "1", "issue_id": "2"}]}'
    vendor.faults.order(Fault("status", path="services/jira", status=200, body=body, times=2))
    assert page(client, OLD, "").cursor == "7"
    with pytest.raises(Unavailable, match="circle"):
        page(client, OLD, "7")
