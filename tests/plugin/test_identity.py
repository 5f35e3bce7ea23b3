"""Every route says who may call it, and what goes wrong is said in plain words."""

from tests.plugin.house import House
from tests.plugin.house import house as house  # noqa: PLC0414 - the fixture of this module


def test_every_route_names_the_identity_that_it_asks_for(house: House) -> None:
    from plugin.identity import KINDS, declared

    kinds = {name: kind for name, kind in declared(house.app).items() if name != "static"}
    silent = sorted(name for name, kind in kinds.items() if kind not in KINDS)
    assert not silent, f"Say with plugin.identity who may call: {silent}"


def test_what_is_not_there_is_a_page_a_part_or_json_as_the_caller_needs(house: House) -> None:
    page = house.get("/nowhere")
    assert page.status_code == 404
    assert "<!doctype html>" in page.text
    part = house.get("/zendesk/acme/tickets/1", headers={"HX-Request": "true"})
    assert part.status_code == 401
    assert "<!doctype" not in part.text
    assert house.get("/api/v1/nowhere").json()["error"]["status"] == 404


def test_an_error_page_may_be_shown_in_a_frame_where_frames_are_and_nowhere_else(house: House) -> None:
    assert "frame-ancestors *" in house.get("/connect/issue-context").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in house.get("/nowhere").headers["Content-Security-Policy"]
