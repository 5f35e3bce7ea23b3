"""What strangers wrote, in every field that a vendor tells, is shown as words on every page."""

import pytest

from lineage.changes import Titled
from plugin.identity import declared
from store import looks
from store.database import transaction
from tests.plugin.hostile_scene import callers
from tests.plugin.hostile_words import address
from tests.plugin.house import House
from tests.plugin.house import house as house  # noqa: PLC0414 - the fixture of this module

LIVE = "<img src=x onerror=alert(1)>"
WORDS = f"\"'>{LIVE}</title></textarea>{{{{6*7}}}}<!-- half \ud83d nul \x00 end"
ESCAPED = "&lt;img src=x onerror=alert(1)&gt;"


@pytest.fixture
def told(house: House) -> House:
    """A done issue that a ticket waits for, and a look that was given up; each field says `WORDS`."""
    house.jira.add_issue("KS-1", f"one {WORDS}")
    company = house.zendesk.add_organization(f"two {WORDS}", ["acme.example"])
    ana = house.zendesk.add_user(f"three {WORDS}", "ana@acme.example", organization=company)
    ticket = house.zendesk.open_ticket(ana, f"four {WORDS}", f"five {WORDS}")
    house.zendesk.open_ticket(ana, f"four {WORDS}", f"five {WORDS}")
    house.reads("KS-1")
    house.reads_ticket(ticket.id)
    house.links(ticket.id, "KS-1")
    title = Titled(house.item_id("KS-1"), WORDS[:60], own_part=False, by=LIVE, at=house.clock.now())
    house.record(title, "title")
    house.jira.transition("KS-1", "done")
    house.reads("KS-1")
    with transaction(house.state.engine) as conn:
        now, shelf = house.clock.now(), looks.looks
        looks.ask(conn, workspace_id=house.workspace.id, system="jira", kind="issue", object_id="1", now=now)
        conn.execute(shelf.update().values(due_at=None, parked_at=now, reason=WORDS.replace("\ud83d", "")))
    return house


def test_no_word_of_a_stranger_becomes_part_of_a_page(told: House) -> None:
    people, kinds = callers(told), declared(told.app)
    places = {"slug": "acme", "issue": str(told.item_id("KS-1")), "notice": str(told.plan()[0].id)}
    shown = 0
    for rule in told.app.url_map.iter_rules():
        who = kinds[rule.endpoint] or ""
        if who not in people or "GET" not in (rule.methods or set()):
            continue
        for ticket in (101, 102):
            there = address(rule, {**places, "ticket": str(ticket)})
            answer = people[who].call("GET", f"{there}?q=one", [])
            assert answer.status_code in (200, 303, 404, 401), there
            if answer.mimetype in {"text/csv", "application/zip"}:  # no browser opens that as a page
                assert answer.data, there
                assert answer.headers["X-Content-Type-Options"] == "nosniff", there
                assert answer.headers["Content-Disposition"].startswith("attachment"), there
                continue
            assert LIVE not in answer.text, there
            assert "</title></textarea>" not in answer.text, there
            shown += ESCAPED in answer.text
    assert shown >= 8


def test_no_word_becomes_part_of_what_would_follow(told: House) -> None:
    """A form that splits shows the requesters' words, and what an engineer typed, before anything is done."""
    erik, here = callers(told)["engineer"], f"/jira/acme/issues/{told.item_id('KS-1')}"
    form = [("close", "no"), ("keeps", "yes"), ("own_title", WORDS[:60]), ("find", LIVE), ("propose", "yes")]
    form += [("part", f"one {LIVE}"), ("title", f"two {LIVE}"), ("more", "yes"), ("use", f"three {LIVE}")]
    shown = 0
    for path in ("/split/form", "/split/preview", "/split", "/preview/keeps-part"):
        answer = erik.call("POST", here + path, form)
        assert answer.status_code == 200, path
        assert LIVE not in answer.text, path
        assert "</title></textarea>" not in answer.text, path
        shown += ESCAPED in answer.text
    assert shown >= 3


def test_a_letter_holds_none_of_it_either(told: House) -> None:
    (letter,) = told.plan()
    assert LIVE in letter.text
    with told.state.engine.connect() as conn:
        html = conn.exec_driver_sql("SELECT html FROM notices").scalar_one()
    assert LIVE not in html
    assert ESCAPED in html
    assert "{{" not in html
