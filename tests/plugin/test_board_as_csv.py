"""The demand board as a CSV: what it holds, and what is left behind where it ends early."""

import csv
import io

import pytest
from flask import has_app_context

from lineage.changes import Titled
from sandbox.faults import Fault
from tests.plugin.admin.conftest import Browser
from tests.plugin.admin.conftest import olga as olga  # noqa: PLC0414 - the fixture of this module
from tests.plugin.house import House, bearer_of, carrying
from tests.plugin.house import house as house  # noqa: PLC0414 - the fixture of this module
from tests.plugin.test_demand_board import in_jira
from tests.plugin.test_demand_board import story as story  # noqa: PLC0414 - four issues that are ranked


def test_it_is_saved_without_formulas(story: House, olga: Browser) -> None:
    at = story.clock.now()
    evil = Titled(story.item_id("KS-2"), '=HYPERLINK("http://evil.example")', own_part=False, by="x", at=at)
    story.record(evil, "t")
    answer = olga.get("/admin/acme/board.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert rows[0]["issue"] == "KS-2"
    assert rows[0]["title"] == '\'=HYPERLINK("http://evil.example")'
    assert (rows[0]["customers"], rows[0]["currency"]) == ("9000.00", "USD")


def test_a_csv_that_cannot_be_had_says_so_and_is_none(story: House) -> None:
    bearer = carrying(bearer_of(in_jira(story)))
    story.clock.advance(61)
    story.jira.faults.order(Fault("status", path=r"permissions/check", times=9, status=403))
    answer = story.get("/jira/acme/board.csv", headers=bearer)
    assert answer.status_code == 502 and "Content-Disposition" not in answer.headers
    assert "What is shown here stays as it was." in answer.text


def test_who_breaks_off_a_csv_leaves_nothing_behind_for_whoever_asks_next(
    story: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.board.CSV_PAGE", 1)
    headers, client = carrying(bearer_of(in_jira(story))), story.app.test_client()
    begun = client.get("/jira/acme/board.csv", headers=headers, buffered=False)
    pieces = iter(begun.response)
    assert b"KS-2" in next(pieces) and b"KS-1" in next(pieces)
    assert not has_app_context()
    other = client.get("/jira/acme/board?project=OPS", headers=headers, buffered=False)
    begun.close()
    del pieces
    assert "OPS-1" in other.text
    assert len(client.get("/jira/acme/board.csv", headers=headers).text.splitlines()) == 5
