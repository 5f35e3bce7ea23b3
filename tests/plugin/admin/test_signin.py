"""How an operator gets in: by a link that is good once, and by nothing else."""

import pytest

from plugin.admin.signin import make_link
from store.database import transaction
from tests.plugin.admin.conftest import Browser, link_for
from tests.plugin.house import House


def test_a_link_signs_in_once_and_only_by_its_button(house: House) -> None:
    first, second, link = Browser(house), Browser(house), link_for(house)
    for _ in range(2):
        assert "olga@example.com" in first.get(link).text
    second.get(link)
    assert first.post(link).status_code == 200
    assert "Signed in as olga@example.com" in first.get("/admin/acme/").text
    assert "was used already" in second.post(link).text
    assert second.get("/admin/acme/").status_code == 401


def test_a_link_is_good_for_a_quarter_of_an_hour(house: House) -> None:
    browser, link = Browser(house), link_for(house)
    house.clock.advance(16 * 60)
    assert "older than a quarter of an hour" in browser.get(link).text


def test_a_made_up_link_signs_nobody_in(house: House) -> None:
    assert "was used already" in Browser(house).get("/admin/sign-in/made-up").text


@pytest.mark.parametrize("path", ["/admin/", "/admin/acme/", "/admin/acme/plan", "/admin/nowhere/plan"])
def test_nobody_sees_anything_without_signing_in(house: House, path: str) -> None:
    refused = house.get(path)
    assert refused.status_code == 302
    assert refused.headers["Location"] == "/admin/sign-in"


def test_a_session_ends_after_half_a_day_on_signing_out_and_everywhere(house: House, olga: Browser) -> None:
    other, link = Browser(house), link_for(house)
    other.get(link)
    other.post(link)
    assert other.get("/admin/acme/").status_code == 200
    house.clock.advance(1)
    olga.post("/admin/sign-out-everywhere")
    assert other.get("/admin/acme/").status_code == 401
    link = link_for(house)
    olga.get(link)
    olga.post(link)
    assert olga.get("/admin/acme/").status_code == 200
    house.clock.advance(13 * 3600)
    assert olga.get("/admin/acme/").status_code == 401


def test_a_form_that_is_not_ours_changes_nothing(house: House, olga: Browser) -> None:
    for csrf in ("", "forged"):
        olga.csrf = csrf
        assert olga.post("/admin/acme/plan/approve", notice="1@x").status_code == 400
    assert house.changes() == 0


def test_the_admin_pages_are_framed_by_nobody_and_kept_by_nobody(olga: Browser) -> None:
    page = olga.get("/admin/acme/")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "no-cache" in page.headers["Cache-Control"] or "no-store" in page.headers["Cache-Control"]


def test_a_bearer_of_a_frame_opens_no_admin_page(house: House) -> None:
    assert house.get("/admin/acme/", headers={"Authorization": "Bearer x"}).status_code == 302


def test_only_an_address_can_be_an_operator(house: House) -> None:
    with (
        house.within(),
        transaction(house.state.engine) as conn,
        pytest.raises(ValueError, match="no e-mail"),
    ):
        make_link(conn, "olga")
