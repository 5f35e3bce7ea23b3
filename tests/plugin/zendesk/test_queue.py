"""The approval queue, as agents have it in the nav bar and operators among their pages."""

import re
from datetime import UTC, timedelta

import pytest
from sqlalchemy import insert, select, update

from lineage.changes import Titled
from lineage.outcomes import notices as kept
from lineage.tables import persons
from lineage.terms import Kind
from plugin import queue
from sandbox.zendesk.records import User
from store import workspaces
from store.database import reading, transaction
from tests.plugin.admin.conftest import Browser
from tests.plugin.admin.conftest import olga as olga  # noqa: PLC0414 - an operator beside the agent
from tests.plugin.house import House, bearer_of
from tests.plugin.jira.test_cost_of_the_panel import counted
from tests.plugin.owed import owed as owed  # noqa: PLC0414 - the fixture of both queues
from tests.plugin.zendesk.conftest import Sidebar, queue_load

WORDS = re.compile(r'name="notice" value="([^"]+)" form="chosen"')


def token(house: House, agent: User) -> str:
    return house.zendesk.sidebar.token(house.zendesk.url, agent, location="nav_bar")


@pytest.fixture
def bar(owed: House, agnes: User) -> Sidebar:
    """Agnes, with the queue open."""
    page = queue_load(owed, token(owed, agnes))
    assert page.status_code == 200, page.text
    return Sidebar(owed, agnes, bearer_of(page))


# --- who may open it


def test_the_first_page_holds_the_queue_and_may_stand_in_this_zendesk_only(owed: House, agnes: User) -> None:
    page = queue_load(owed, token(owed, agnes))
    assert "Ana" in page.text and "<b>2</b> wait for your yes" in page.text
    assert f"frame-ancestors {owed.zendesk.url}" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store" and not page.cookies


@pytest.mark.parametrize("restriction", ["groups", "assigned", "organization"])
def test_an_agent_who_sees_some_tickets_only_sees_no_queue(
    owed: House, agnes: User, restriction: str
) -> None:
    agnes.ticket_restriction = restriction
    refused = queue_load(owed, token(owed, agnes))
    assert refused.status_code == 403
    assert "some of the tickets only" in refused.text and "Ana" not in refused.text


def test_an_administrator_sees_it_and_a_customer_does_not(owed: House) -> None:
    boss = owed.zendesk.add_agent("Boss", "boss@helpdesk.example", role="admin")
    assert queue_load(owed, token(owed, boss)).status_code == 200
    eve = owed.zendesk.add_user("Eve", "eve@acme.example")
    assert queue_load(owed, token(owed, eve)).status_code == 403


def test_while_zendesk_does_not_say_who_somebody_is_the_queue_stays_shut(owed: House, agnes: User) -> None:
    signed = token(owed, agnes)
    owed.zendesk.server.stop()
    refused = queue_load(owed, signed)
    assert refused.status_code == 502 and "Ana" not in refused.text


# --- what one does there


def test_those_that_are_chosen_go_out_under_the_agents_name_and_the_others_wait(bar: Sidebar) -> None:
    first, second = WORDS.findall(bar.get("/queue").text)
    page = bar.post("/queue/approve", notice=first)
    assert "1 approved: sent in exactly the words you read." in page.text
    assert WORDS.findall(page.text) == [second]
    states = {str(one.id): (one.state, one.approved_by) for one in bar.house.plan()}
    assert states[first.partition("@")[0]] == ("queued", "Agnes")
    assert states[second.partition("@")[0]] == ("awaiting_approval", None)


def test_a_moment_is_the_readers_own_and_is_shown_and_can_be_given_up(bar: Sidebar) -> None:
    at = (bar.house.clock.now() + timedelta(days=2)).astimezone(UTC).replace(microsecond=0)
    first, second = WORDS.findall(bar.get("/queue").text)
    page = bar.post("/queue/approve", notice=first, at="2000-01-01T09:00", instant=f"{at:%Y-%m-%dT%H:%M:%SZ}")
    assert "1 approved" in page.text and "not before" in page.text
    by_hand = at + timedelta(hours=1)
    bar.post("/queue/approve", notice=second, at=f"{by_hand:%Y-%m-%dT%H:%M}", instant="")
    assert [one.not_before for one in bar.house.plan()] == [at, by_hand.replace(second=0)]
    later = bar.get("/queue?show=scheduled").text
    assert "<b>2</b> approved for later" in later and f'datetime="{at.isoformat()}"' in later
    bar.post("/queue/approve", notice=WORDS.findall(later)[0])
    assert bar.house.plan()[0].not_before is None
    bar.post(f"/queue/{second.partition('@')[0]}/cancel")
    assert bar.house.plan()[1].state == "cancelled"


@pytest.mark.parametrize(
    "nonsense", ["soon", "9999-99-99T00:00", "2026-12-03T25:00", "0001-01-01T00:00+23:00"]
)
def test_what_is_no_moment_approves_nothing(bar: Sidebar, nonsense: str) -> None:
    page = bar.post("/queue/approve", notice=WORDS.findall(bar.get("/queue").text), instant=nonsense)
    assert "This is no moment" in page.text
    assert {one.state for one in bar.house.plan()} == {"awaiting_approval"}


@pytest.mark.parametrize("place", ["forum:post:9", "zendesk:community:9"])
def test_what_everybody_reads_is_edited_nowhere_and_is_posted_and_not_mailed(
    bar: Sidebar, place: str
) -> None:
    with transaction(bar.house.state.engine) as conn:
        conn.execute(update(kept).values(place=place))
    waiting = bar.get("/queue").text
    assert len(WORDS.findall(waiting)) == 2 and 'name="words"' not in waiting
    with transaction(bar.house.state.engine) as conn:
        conn.execute(update(kept).values(state="confirmed", parked_at=None))
    done = bar.get("/queue?show=done").text
    assert done.count("<b>posted</b>") == 2 and "mailed to the requester</b>" not in done


def test_edited_words_are_shown_against_the_drafted_ones_and_sent(bar: Sidebar) -> None:
    first = bar.house.plan()[0]
    words = first.text.replace("Export to PDF", "Export to <PDF>")
    page = bar.post(f"/queue/{first.id}/edit", digest=first.digest, words=words)
    assert "Edited by Agnes. What is other than our draft:" in page.text
    assert "<ins>&lt;PDF&gt;" in page.text and "<del>PDF" in page.text
    stale = bar.post("/queue/approve", notice=f"{first.id}@{first.digest}")
    assert "says something else by now" in stale.text
    again = bar.house.plan()[0]
    bar.post("/queue/approve", notice=f"{again.id}@{again.digest}")
    assert (bar.house.plan()[0].state, bar.house.plan()[0].text) == ("queued", words)


def test_what_was_approved_before_stands_beside_what_it_says_now(bar: Sidebar) -> None:
    with transaction(bar.house.state.engine) as conn:  # these kinds wait for a yes
        conn.execute(update(kept).values(lane="approval"))
        policy = workspaces.by_slug(conn, "acme").policy
        workspaces.set_policy(conn, bar.house.workspace.id, type(policy)(auto_kinds=()))
    bar.house.workspace = _read_again(bar.house)
    later = f"{bar.house.clock.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    bar.house.record(_titled(bar.house, "Export to PDF, at last"), "approval lane")
    for words in WORDS.findall(bar.get("/queue").text):
        bar.post("/queue/approve", notice=words, at=later)
    bar.house.record(_titled(bar.house, "Export to PDF, soon"), "again")
    page = bar.get("/queue?show=waiting").text
    assert "other than the words that were approved or edited before" in page
    assert "<del>at last" in page and "<ins>soon" in page and "<b>0</b> approved for later" in page


def _titled(house: House, title: str) -> Titled:
    return Titled(house.item_id("KS-1"), title, own_part=False, by="x", at=house.clock.now())


def _read_again(house: House) -> workspaces.Workspace:
    with reading(house.state.engine) as conn:
        return workspaces.by_slug(conn, "acme")


def test_filters_narrow_it_and_nonsense_is_as_if_it_were_not_there(bar: Sidebar) -> None:
    def count(query: str) -> int:
        return len(WORDS.findall(bar.get(f"/queue?show=waiting&{query}").text))

    assert [count(one) for one in ("kind=delivered", "kind=declined", "kind=nonsense")] == [2, 0, 2]
    assert [count(one) for one in ("where=ticket", "where=forum", "language=en", "language=de")] == [
        2,
        0,
        2,
        0,
    ]
    assert [count(one) for one in ("item=KS-1", "lane=automatic", "lane=approval")] == [2, 2, 0]
    missing = bar.get("/queue?show=waiting&item=KS-99").text
    assert "No issue KS-99 is known here." in missing and not WORDS.findall(missing)
    assert Kind.DELIVERED.value in queue.CHOICES["kind"]


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ("zendesk:ticket:9", "ticket"),
        ("zendesk:followup:9", "followup"),
        ("zendesk:proactive:9:4", "own"),
        ("zendesk:community:9", "community"),
        ("forum:post:9", "forum"),
    ],
)
def test_wherever_it_stands_one_choice_finds_it_and_no_other(bar: Sidebar, place: str, where: str) -> None:
    first = bar.house.plan()[0].id
    with transaction(bar.house.state.engine) as conn:
        conn.execute(update(kept).values(place="elsewhere:9"))
        conn.execute(update(kept).where(kept.c.id == first).values(place=place))
    shown = bar.get("/queue?show=waiting").text
    offered = re.findall(
        r'<option value="(\w+)"', shown.partition('name="where"')[2].partition("</select>")[0]
    )
    assert set(offered) == set(queue.CHOICES["where"])
    found = {one: WORDS.findall(bar.get(f"/queue?show=waiting&where={one}").text) for one in offered}
    assert [one for one, notices in found.items() if notices] == [where]
    assert found[where][0].startswith(f"{first}@")


def test_pausing_says_who_and_since_when_and_nothing_leaves(bar: Sidebar, olga: Browser) -> None:
    page = bar.post("/queue/pause")
    assert "Paused: nothing goes out." in page.text
    shown = olga.get("/admin/acme/plan").text
    assert "Everything is paused" in shown and "By Agnes, since" in shown
    paused = _read_again(bar.house)
    assert paused.policy.paused and paused.paused_at is not None
    assert f'datetime="{paused.paused_at.isoformat()}"' in shown
    olga.post("/admin/acme/plan/resume")
    assert not _read_again(bar.house).policy.paused
    assert "Let it go on" not in bar.get("/queue").text


def test_an_operators_form_comes_back_to_the_page_it_was_on(owed: House, olga: Browser) -> None:
    query = "?show=waiting&kind=delivered"
    first, second = WORDS.findall(olga.get(f"/admin/acme/plan{query}").text)
    done = olga.post(f"/admin/acme/plan/approve{query}", notice=first)
    assert done.url.endswith(query) and WORDS.findall(done.text) == [second]
    edited = olga.post(f"/admin/acme/plan/{second.partition('@')[0]}/edit{query}", digest="x", words="Mine.")
    assert "says something else by now" in edited.text


# --- ten thousand


@pytest.mark.parametrize("many", [2, 10_000])
def test_a_page_takes_as_many_statements_for_ten_thousand_as_for_two(
    owed: House, olga: Browser, many: int
) -> None:
    _more(owed, many - 2)
    with (
        owed.app.test_request_context("/admin/acme/plan"),
        counted(owed.state.engine) as made,
        reading(owed.state.engine) as conn,
    ):
        shown = queue.page(conn, owed.workspace, queue.asked(), owed.clock.now())
    assert (shown.totals["waiting"], shown.total, len(shown.cards)) == (many, many, min(many, 50))
    assert len(made) <= MOST, made
    assert bool(shown.next) == (many > 50)


MOST = 15


def test_every_one_of_many_is_on_exactly_one_page(bar: Sidebar) -> None:
    _more(bar.house, 120)
    seen, query = list[str](), "?show=waiting"
    while query:
        page = bar.get(f"/queue{query}").text
        seen += WORDS.findall(page)
        following = re.search(r'href="/zendesk/acme/queue(\?[^"]+)"[^>]*rel="next"', page)
        query = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 122


def _more(house: House, many: int) -> None:
    """So many messages more, to so many more persons, like the first."""
    with transaction(house.state.engine) as conn:
        person, notice = (dict(conn.execute(select(t)).mappings().first() or {}) for t in (persons, kept))
        person.pop("id"), notice.pop("id")
        everybody = [{**person, "id": 1000 + n, "name": f"Person {n}"} for n in range(many)]
        theirs = [{**notice, "person_id": 1000 + n} for n in range(many)]
        if many:
            conn.execute(insert(persons), everybody)
            conn.execute(insert(kept), theirs)
