"""The demand board, in Jira and for operators: pages, filters, then and now, CSV."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, timedelta
from html import unescape

import pytest
import requests
from sqlalchemy import event, select, update

from lineage.changes import CompanySeen
from lineage.outcomes import demands
from lineage.questions.board import MEASURES
from lineage.tables import companies, items
from lineage.terms import ItemId
from sandbox.faults import Fault
from store import workspaces
from store.database import transaction
from tests.lineage.story import Story
from tests.plugin.admin.conftest import Browser
from tests.plugin.admin.conftest import olga as olga  # noqa: PLC0414 - the fixture of this module
from tests.plugin.house import House, bearer_of, carrying
from tests.plugin.house import house as house  # noqa: PLC0414 - the fixture of this module

MOST_STATEMENTS = 14
KEYS = re.compile(r'<span class="issue">.*?>([A-Z]+-\d+)</', re.DOTALL)


def keys(page: requests.Response) -> list[str]:
    assert page.status_code == 200, page.text
    return [re.sub(r".*>", "", one) for one in KEYS.findall(page.text)]


@pytest.fixture
def story(house: House) -> House:
    """Four issues: KS-1 is asked for by most people, KS-2 by the worthiest company, OPS-1 in another project
    by somebody of another kind of company, KS-4 is done and the oldest.
    """
    with transaction(house.state.engine) as conn:
        play = Story(conn, house.workspace, house.clock.now() - timedelta(days=100))
        play.issue("KS-4", title="Dark mode")
        play.ask("Old", "KS-4")
        play.done("KS-4")
        play.later(minutes=97 * 24 * 60)
        for key in ("KS-1", "KS-2", "OPS-1"):
            play.issue(key, title=f"Title of {key}", summary=f"Secret {key}")
        for name in ("Ana", "Bo", "Cy"):
            play.ask(name, "KS-1")
        play.ask("Di", "KS-2", org="Acme")
        play.company("Acme", customer=900_000, of=["Di"])
        play.ask("Ed", "OPS-1", org="Globex")
        play.company("Globex", customer=50_000, of=["Ed"])
        conn.execute(update(items).where(items.c.key == "OPS-1").values(project="OPS"))
        conn.execute(update(items).where(items.c.key != "OPS-1").values(project="KS"))
        conn.execute(update(companies).where(companies.c.name == "Globex").values(segment="BANKING"))
        known = {row.key: row.id for row in conn.execute(select(items.c.id, items.c.key))}
    jira_has(house, known)
    return house


def jira_has(house: House, ids: dict[str, str]) -> None:
    """These very issues, for Jira to say who may see them."""
    made = [house.jira.add_issue(key, f"Secret {key}") for key in ids]
    for issue in made:
        issue.id = ids[issue.key]
    house.jira.site.issues.clear()
    house.jira.site.issues.update({issue.id: issue for issue in made})


def test_it_is_sorted_by_any_measure_and_says_by_which(story: House, olga: Browser) -> None:
    assert keys(olga.get("/admin/acme/board?sort=requesters"))[0] == "KS-1"
    assert keys(olga.get("/admin/acme/board?sort=customer"))[:2] == ["KS-2", "OPS-1"]
    oldest = olga.get("/admin/acme/board?sort=oldest")
    assert keys(oldest)[0] == "KS-4"
    assert oldest.text.count("aria-sort") == 1
    assert 'aria-sort="ascending"' in oldest.text
    assert keys(olga.get("/admin/acme/board?sort=nonsense")) == keys(olga.get("/admin/acme/board"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("project=OPS", {"OPS-1"}),
        ("project=KS&state=delivered", {"KS-4"}),
        ("segment=BANKING", {"OPS-1"}),
        ("within=30", {"KS-1", "KS-2", "OPS-1"}),
        ("project=NONE", set()),
        ("state=nonsense&within=7", {"KS-1", "KS-2", "KS-4", "OPS-1"}),
    ],
)
def test_filters_leave_out_the_rest(story: House, olga: Browser, query: str, expected: set[str]) -> None:
    page = olga.get(f"/admin/acme/board?{query}")
    assert set(keys(page)) == expected
    assert ("Nothing fits these choices." in page.text) is (not expected)


def test_a_component_is_read_from_jira_and_filters(house: House, olga: Browser) -> None:
    house.jira.add_issue("KS-1", "Export")
    house.jira.set_components("KS-1", "Reports", "Print")
    house.reads("KS-1")
    ana = house.zendesk.add_user("Ana", "ana@acme.example")
    ticket = house.zendesk.open_ticket(ana, "Export", "PDF").id
    house.reads_ticket(ticket)
    house.links(ticket, "KS-1")
    assert keys(olga.get("/admin/acme/board?component=Reports")) == ["KS-1"]
    house.jira.set_components("KS-1", "Print")
    house.reads("KS-1")
    page = olga.get("/admin/acme/board?component=Reports")
    assert keys(page) == []
    assert "Reports</option>" not in page.text


def test_a_segment_is_read_from_the_crm(story: House, olga: Browser) -> None:
    bank = CompanySeen("77", "Globex", 0, 0, story.clock.now(), emails=("ed@home.example",), segment="RETAIL")
    story.record(bank, "crm")
    assert "RETAIL</option>" in olga.get("/admin/acme/board").text


@pytest.mark.parametrize("sort", MEASURES)
def test_page_follows_page_and_each_issue_comes_once(
    story: House, olga: Browser, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr("plugin.board.TOP", 1)
    whole = olga.get(f"/admin/acme/board.csv?sort={sort}").text
    seen, query = [], f"?sort={sort}"
    while query:
        page = olga.get(f"/admin/acme/board{query}")
        seen += keys(page)
        found = re.search(r'href="[^"?]*([^"]*)" rel="next"', page.text)
        query = unescape(found[1]) if found else ""
        assert f"<td>{len(seen)}</td>" in page.text
    assert seen == [row["issue"] for row in csv.DictReader(io.StringIO(whole.lstrip("\ufeff")))]
    assert sorted(seen) == ["KS-1", "KS-2", "KS-4", "OPS-1"]


def test_an_end_of_page_that_is_none_is_the_first_page(story: House, olga: Browser) -> None:
    for odd in ("x", "1.2.3", "1.2.3.x", "1.-2.3.4", f"1.{'9' * 40}.1.1", "1.1.1.1'--"):
        assert keys(olga.get(f"/admin/acme/board?after={odd}"))[0] == "KS-2"
    assert keys(olga.get(f"/admin/acme/board?sort=oldest&after=1.{'9' * 18}.1.1")) in ([], ["KS-4"])


def test_then_and_now_says_what_moved(story: House, olga: Browser) -> None:
    then = (story.clock.now().astimezone(UTC) - timedelta(days=50)).date()
    page = olga.get(f"/admin/acme/board?then={then}").text
    old = page[page.index(">KS-4<") :]
    assert "was 1" in old[: old.index("</tr>")]
    assert "down 3" in old[: old.index("</tr>")]
    assert page.count(">new") == 3
    assert "not on record" in olga.get("/admin/acme/board?then=2001-01-01").text
    for odd in ("tomorrow", "2999-01-01", ""):
        assert "No longer" not in olga.get(f"/admin/acme/board?then={odd}").text


def test_what_ranked_then_and_does_no_more_is_named(story: House, olga: Browser) -> None:
    with transaction(story.state.engine) as conn:
        conn.execute(update(demands).where(demands.c.item_id == _id(story, "KS-4")).values(ranked=False))
    then = (story.clock.now().astimezone(UTC) - timedelta(days=50)).date()
    page = olga.get(f"/admin/acme/board?then={then}").text
    assert "No longer in the ranking" in page
    assert "KS-4 Dark mode" in page


def _id(house: House, key: str) -> ItemId:
    return ItemId(house.item_id(key))


def test_why_adds_up(story: House, olga: Browser) -> None:
    page = olga.get("/admin/acme/board").text
    row = page[page.index(">KS-2<") :]
    terms = [float(one) for one in re.findall(r"= ([\d.]+)</li>", row[: row.index("</tr>")])]
    shown = re.search(r"<summary[^>]*>([\d.]+)</summary>", row)
    assert shown is not None
    assert round(sum(terms), 1) == float(shown[1])
    assert "Acme: customer $9,000.00 won" in row


def test_a_page_takes_as_many_statements_for_one_issue_as_for_many(story: House, olga: Browser) -> None:
    seen: list[str] = []
    engine = story.state.engine
    olga.get("/admin/acme/board")

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            seen.append(statement)

    counts = []
    event.listen(engine, "before_cursor_execute", note)
    for query in ("?project=OPS", ""):
        seen.clear()
        olga.get(f"/admin/acme/board{query}")
        counts.append(len(seen))
    event.remove(engine, "before_cursor_execute", note)
    assert counts[0] == counts[1] <= MOST_STATEMENTS, "\n".join(seen)


def in_jira(house: House, **claims: object) -> requests.Response:
    made = house.jira.connect.installation or house.jira.install(house.url)
    url = f"{house.url}/connect/board?xdm_e={house.jira.url}"
    token = house.jira.connect.host_token(made, "GET", url, **{"sub": house.jira.user.account_id, **claims})
    return requests.get(f"{url}&jwt={token}", timeout=10)


def test_in_jira_it_is_the_same_without_summaries(story: House) -> None:
    first = in_jira(story)
    assert keys(first)[0] == "KS-2"
    bearer = carrying(bearer_of(first))
    again = story.get("/jira/acme/board?project=OPS", headers=bearer)
    assert keys(again) == ["OPS-1"]
    assert "no-store" in again.headers["Cache-Control"]
    saved = story.get("/jira/acme/board.csv", headers=bearer)
    assert "Title of KS-1" in saved.text
    for page in (first, again, saved):
        assert "Secret" not in page.text
    renewed = story.post("/jira/acme/board/renew", headers=bearer)
    assert set(renewed.json()) == {"bearer"}


def test_a_key_of_the_board_opens_no_issue_and_one_of_an_issue_no_board(story: House) -> None:
    board = carrying(bearer_of(in_jira(story)))
    story.jira.add_issue("KS-9", "Other")
    issue = carrying(bearer_of(requests.get(story.jira.frame_url("KS-9"), timeout=10)))
    ident = story.jira.issue("KS-9").id
    assert story.get(f"/jira/acme/issues/{ident}", headers=board).status_code == 401
    for path in ("/jira/acme/board", "/jira/acme/board.csv"):
        assert story.get(path, headers=issue).status_code == 401
        assert story.get(path).status_code == 401
        assert story.get(path.replace("acme", "other"), headers=board).status_code == 404
    story.jira.uninstall()
    assert story.post("/jira/acme/board/renew", headers=board).status_code == 401


def test_in_jira_a_reader_sees_the_issues_alone_that_jira_shows_them(story: House) -> None:
    site, me = story.jira.site, story.jira.user.account_id
    hidden = next(one.id for one in site.issues.values() if one.key == "KS-2")
    site.hidden.add((me, hidden))
    first = in_jira(story)
    assert set(keys(first)) == {"KS-1", "OPS-1", "KS-4"}
    assert "1 issue of this page is left out" in first.text
    bearer = carrying(bearer_of(first))
    for path in ("board", "board.csv", "board?then=2026-01-01"):
        assert "KS-2" not in story.get(f"/jira/acme/{path}", headers=bearer).text
    site.forbidden.add((me, "BROWSE_PROJECTS"))
    story.clock.advance(61)
    nothing = story.get("/jira/acme/board", headers=bearer)
    assert keys(nothing) == [] and "4 issues of this page are left out" in nothing.text
    assert "Nobody has asked for anything yet" not in nothing.text


def test_in_jira_no_company_is_named_to_whom_customers_are_not_shown(story: House) -> None:
    site, me = story.jira.site, story.jira.user.account_id
    with transaction(story.state.engine) as conn:
        wanted = replace(story.workspace.policy, customers_in_jira="editors")
        workspaces.set_policy(conn, story.workspace.id, wanted)
    assert "Globex" in in_jira(story).text
    site.forbidden.add((me, "EDIT_ISSUES"))
    story.clock.advance(61)
    shown = in_jira(story)
    assert "Globex" not in shown.text and len(keys(shown)) == 4


def test_while_jira_is_silent_its_last_word_holds_and_strangers_see_nothing(story: House) -> None:
    bearer = carrying(bearer_of(in_jira(story)))
    story.clock.advance(61)
    story.jira.faults.order(Fault("status", path=r"permissions/check", times=9, status=503))
    assert len(keys(story.get("/jira/acme/board", headers=bearer))) == 4
    stranger = story.jira.site.users[1].account_id
    assert in_jira(story, sub=stranger).status_code == 502
