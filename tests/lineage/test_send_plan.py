"""The send plan, what finishing an item would send, and what a forum post shows."""

import re

from lineage.outcomes import LIVE, NOT_OVER, UNDER_WAY
from lineage.questions import (
    closing_now,
    notices,
    post_status,
    post_statuses,
)
from lineage.terms import Standing
from tests.lineage.story import Story

MANY = 30


# --- the send plan


def test_the_send_plan_can_be_asked_by_state_person_item_and_number(narrowed: Story) -> None:
    narrowed.done("KS-3")
    plan = notices(narrowed.conn, narrowed.workspace)
    assert [notice.person_name for notice in plan] == ["Ana", "Bo"]
    assert len(narrowed.notices(state="held")) == 2 and narrowed.notices(state="sent") == []
    assert [n.person_name for n in narrowed.notices(person_id=narrowed.person("Bo"))] == ["Bo"]
    assert len(narrowed.notices(item_id=narrowed.id("KS-3"))) == 2
    assert narrowed.notices(item_id=narrowed.id("KS-2")) == []
    assert [n.id for n in narrowed.notices(ids=[plan[1].id])] == [plan[1].id]


def test_a_notice_as_json_is_what_the_contract_says(narrowed: Story) -> None:
    narrowed.done("KS-3")
    shape = narrowed.notices()[1].as_json()
    assert set(shape) == {
        "id", "digest", "kind", "person", "issues", "where", "state", "reason", "due_at", "sent_at", "text",
    }  # fmt: skip
    assert shape["person"] == {"name": "Bo", "email": "bo@example.com"}
    assert [issue["key"] for issue in shape["issues"]] == ["KS-3"]
    assert (shape["state"], shape["kind"], shape["where"]) == ("held", "delivered", "zendesk:ticket:102")
    assert shape["due_at"].endswith("Z") and shape["sent_at"] is None
    narrowed.send_all()
    assert narrowed.notices()[1].as_json()["sent_at"].endswith("Z")


def test_notes_for_agents_are_no_part_of_the_send_plan(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    story.ask("Ana", "KS-1")
    story.done("KS-1")
    story.send_all()
    assert len(story.notes) == 1 and len(story.notices()) == 1


# --- if it were finished now


def test_finishing_an_item_would_be_heard_so(narrowed: Story) -> None:
    narrowed.ask("Cy", "KS-3")
    narrowed.ask("Di", "KS-3")
    narrowed.opt_out("Di")
    narrowed.done("KS-2")
    narrowed.send_all()
    closing = closing_now(narrowed.conn, narrowed.workspace, narrowed.id("KS-3"), now=narrowed.now)
    assert dict(closing.hear) == {"that was all": 1, "done": 2, "skipped: opted out": 1}
    assert closing.total == 4
    ana = next(one for one in closing.notices if one.person_name == "Ana")
    assert ana.kind == "delivered" and "everything you asked for" in ana.text and ana.why_not == ""
    assert [one.why_not for one in closing.notices if one.person_name == "Di"] == ["opted out"]


def test_asking_who_would_hear_writes_nothing(narrowed: Story) -> None:
    before = notices(narrowed.conn, narrowed.workspace)
    closing = closing_now(narrowed.conn, narrowed.workspace, narrowed.id("KS-2"), now=narrowed.now)
    assert dict(closing.hear) == {"1 of 2 parts": 1}
    assert notices(narrowed.conn, narrowed.workspace) == before == []
    assert narrowed.state("KS-2") == "open"


def test_what_is_owed_anyway_is_not_put_down_to_finishing_this(narrowed: Story) -> None:
    narrowed.done("KS-2")
    closing = closing_now(narrowed.conn, narrowed.workspace, narrowed.id("KS-3"), now=narrowed.now)
    assert dict(closing.hear) == {"that was all": 1, "done": 1}
    again = closing_now(narrowed.conn, narrowed.workspace, narrowed.id("KS-2"), now=narrowed.now)
    assert again.total == 0, "it is finished already"


def test_of_many_messages_all_are_counted_and_some_written_out(narrowed: Story) -> None:
    closing = closing_now(narrowed.conn, narrowed.workspace, narrowed.id("KS-3"), now=narrowed.now, most=1)
    assert (closing.total, len(closing.notices)) == (2, 1)


def test_where_everything_waits_for_approval_finishing_says_so(narrowed: Story) -> None:
    narrowed.policy(auto_kinds=())
    closing = closing_now(narrowed.conn, narrowed.workspace, narrowed.id("KS-2"), now=narrowed.now)
    assert closing.hear == (("needs approval", 1),)
    assert closing.notices[0].why_not == "waits for approval"


def test_what_has_no_title_would_be_blocked(story: Story) -> None:
    story.issue("KS-1", title=None)
    story.ask("Ana", "KS-1")
    closing = closing_now(story.conn, story.workspace, story.id("KS-1"), now=story.now)
    assert closing.hear[0][0].startswith("blocked: KS-1 has no public title")


def test_what_would_be_said_is_what_is_said_then(narrowed: Story) -> None:
    would = closing_now(narrowed.conn, narrowed.workspace, narrowed.id("KS-3"), now=narrowed.now)
    narrowed.done("KS-3")
    assert [one.text for one in would.notices] == [sent.text for sent in narrowed.send_all()]


def test_the_index_of_what_is_not_over_has_every_such_state() -> None:
    assert set(re.findall(r"'(\w+)'", NOT_OVER)) == {*LIVE, *UNDER_WAY}


# --- the forum


def test_a_post_stands_as_a_vote_for_it_would(narrowed: Story) -> None:
    narrowed.post("9")
    assert post_status(narrowed.conn, narrowed.workspace, "9").standing is None
    narrowed.post("9", placed="KS-1")
    narrowed.done("KS-2")
    found = post_status(narrowed.conn, narrowed.workspace, "9")
    assert (found.standing, found.delivered, found.parts) == (Standing.PART_DELIVERED, 1, 2)
    assert set(post_statuses(narrowed.conn, narrowed.workspace, ["9", "10"])) == {"9", "10"}


def test_a_post_does_not_give_away_what_nobody_was_told(story: Story) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    story.decline("KS-1")
    assert post_status(story.conn, story.workspace, "9").standing is Standing.WAITING
    story.approve(story.notices(state="awaiting_approval")[0])
    story.send_all()
    assert post_status(story.conn, story.workspace, "9").standing is Standing.DECLINED
