"""The links of Zendesk's own Jira app, by both APIs and the old address; zenpy knows the old one."""

import pytest
import requests
from zenpy import Zenpy

from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import User


def get(zendesk: Zendesk, sam: User, path: str) -> requests.Response:
    return requests.get(zendesk.url + path, auth=(f"{sam.email}/token", zendesk.api_token), timeout=5)


@pytest.fixture
def five(zendesk: Zendesk) -> list[int]:
    return [zendesk.link_to_jira(100 + n, str(10_000 + n), f"KS-{n}").id for n in range(5)]


def test_zenpy_lists_them_at_the_old_address(zenpy: Zenpy, zendesk: Zendesk, five: list[int]) -> None:
    found = list(zenpy.jira_links())
    assert [(one.id, one.ticket_id, one.issue_id, one.issue_key) for one in found] == [
        (ident, str(100 + n), str(10_000 + n), f"KS-{n}") for n, ident in enumerate(five)
    ]


def test_the_first_api_pages_by_cursor_and_filters(zendesk: Zendesk, sam: User, five: list[int]) -> None:
    seen, path = [], "/api/v2/jira/links?page[size]=2"
    while path:
        answer = get(zendesk, sam, path).json()
        seen += [one["id"] for one in answer["links"]]
        meta = answer["meta"]
        more = f"/api/v2/jira/links?page[size]=2&page[after]={meta['after_cursor']}"
        path = more if meta["has_more"] else ""
    assert seen == five
    one = get(zendesk, sam, "/api/v2/jira/links.json?filter[ticket_id]=103").json()["links"]
    assert [link["issue_id"] for link in one] == ["10003"]
    assert get(zendesk, sam, "/api/v2/jira/links?page[size]=1001").status_code == 400


def test_the_second_api_tells_neither_id_nor_time(zendesk: Zendesk, sam: User, five: list[int]) -> None:
    zendesk.knobs.jira_integration = "acme-7"
    [first, *_] = get(zendesk, sam, "/api/v2/integrations/jira/acme-7/links").json()["links"]
    assert first == {
        "ticket_id": "100", "issue_id": "10000", "issue_key": "KS-0", "external_id": "acme-7",
    }  # fmt: skip
    assert get(zendesk, sam, "/api/v2/integrations/jira/other/links").status_code == 404
    assert get(zendesk, sam, "/api/v2/jira/links").status_code == 404


def test_only_admins_and_only_where_it_is_allowed(zendesk: Zendesk, sam: User, five: list[int]) -> None:
    agent = zendesk.add_agent("Eve", "eve@helpdesk.example")
    assert get(zendesk, agent, "/api/v2/jira/links").status_code == 403
    assert requests.get(zendesk.url + "/api/services/jira/links", timeout=5).status_code == 401
    zendesk.knobs.manage_links = False
    assert get(zendesk, sam, "/api/v2/jira/links").status_code == 403
    assert get(zendesk, sam, "/api/services/jira/links.json").status_code == 403
