"""The pages of ours that Jira itself opens: the ranking, and what is left to set up."""

import pytest
import requests
from sqlalchemy import update

from lineage.changes import Titled
from plugin.identity_tables import connect_installations
from store import connections
from store.database import transaction
from tests.plugin.house import House

PAGES = ("board", "admin", "configure", "welcome")


def opened(house: House, page: str, **claims: object) -> requests.Response:
    made = house.jira.connect.installation
    assert made is not None
    url = f"{house.url}/connect/{page}?xdm_e={house.jira.url}"
    claims = {"sub": house.jira.user.account_id, **claims}
    return requests.get(f"{url}&jwt={house.jira.connect.host_token(made, 'GET', url, **claims)}", timeout=5)


@pytest.mark.parametrize("page", PAGES)
def test_each_page_of_the_descriptor_opens_by_the_sites_signature_only(installed: House, page: str) -> None:
    shown = opened(installed, page)
    assert shown.status_code == 200
    assert f"frame-ancestors {installed.jira.url}" in shown.headers["Content-Security-Policy"]
    context = installed.jira.connect.context_token(installed.jira.issue("KS-1"), installed.jira.user)
    assert installed.get(f"/connect/{page}?jwt={context}").status_code == 401
    assert installed.get(f"/connect/{page}").status_code == 401


def test_the_board_ranks_issues_by_their_public_titles(split: House) -> None:
    at = split.clock.now()
    split.record(Titled(split.item_id("KS-2"), "One report", own_part=False, by="x", at=at), "t")
    page = opened(split, "board").text
    assert "One report" in page
    assert "KS-3" in page
    assert "Scheduled exports" not in page


def test_the_board_is_not_for_people_who_did_not_sign_in(split: House) -> None:
    assert opened(split, "board", sub="").status_code == 403


def test_a_site_of_no_workspace_is_told_what_an_operator_has_to_do(installed: House) -> None:
    with transaction(installed.state.engine) as conn:
        connections.remove(conn, installed.workspace.id, "jira")
        conn.execute(update(connect_installations).values(workspace_id=None))
    assert f"kithspark attach SLUG --site {installed.jira.url}" in opened(installed, "welcome").text
    assert opened(installed, "board").status_code == 403
