"""Posts of Zendesk's community: their votes are requests, and one person is one person."""

import json
import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from sandbox.faults import Fault
from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from sandbox.zendesk.community import Post
from sandbox.zendesk.records import User
from tests.our_files import ROOT
from tests.plugin.commands.conftest import Prompt


@pytest.fixture
def voters(zendesk: Zendesk) -> list[User]:
    return [zendesk.add_user(who, f"{who.lower()}@acme.example") for who in ("Ana", "Bo", "Cy")]


@pytest.fixture
def post(connected: Prompt, jira: Jira, zendesk: Zendesk, voters: list[User]) -> Post:
    """Ana and Bo vote for it, Cy against it; it is placed on KS-1."""
    jira.add_issue("KS-1", "Export to PDF")
    found = zendesk.add_post(voters[0], "Export to PDF, please")
    for user, value in zip(voters, (1, 1, -1), strict=True):
        zendesk.vote(user, found, value)
    place(connected, found)
    return found


def place(prompt: Prompt, post: Post) -> None:
    words = (
        "link",
        "acme",
        "--post",
        f"community:{post.id}",
        "--issue",
        "KS-1",
        "--public-title",
        "PDF export",
    )
    assert f"Community post {post.id} is linked to KS-1" in prompt.does(*words)


def asking(prompt: Prompt) -> dict[str, list[str]]:
    """How far each of them is with what they asked for."""
    found: dict[str, list[str]] = {}
    for who in ("Ana", "Bo", "Cy"):
        asks = prompt.reads("trace", "acme", "--person", f"{who.lower()}@acme.example")["asks"]
        found |= {who: [one["standing"] for one in asks]} if asks else {}
    return found


def counted(prompt: Prompt) -> tuple[int, int]:
    [item] = prompt.reads("demand", "acme")["items"]
    return item["requesters"], item["votes"]


def test_votes_for_a_post_are_requests_and_votes_against_are_none(connected: Prompt, post: Post) -> None:
    assert asking(connected) == {"Ana": ["waiting"], "Bo": ["waiting"]}
    assert counted(connected) == (2, 2)


def test_a_swap_is_found_though_every_count_stays(
    connected: Prompt, zendesk: Zendesk, post: Post, voters: list[User]
) -> None:
    zendesk.clock.advance(60)
    zendesk.vote(voters[1], post, 0)
    zendesk.vote(voters[2], post, 1)
    assert counted(connected) == (2, 2)
    connected.does("sync", "acme")
    connected.does("work", "--burst")
    assert asking(connected) == {"Ana": ["waiting"], "Cy": ["waiting"], "Bo": ["withdrawn"]}
    assert counted(connected) == (2, 2)


def test_whoever_voted_and_wrote_a_ticket_is_one_person(
    connected: Prompt, zendesk: Zendesk, post: Post, voters: list[User]
) -> None:
    ticket = zendesk.open_ticket(voters[0], "Export", "I need it.")
    connected.does("link", "acme", "--ticket", str(ticket.id), "--issue", "KS-1")
    assert counted(connected) == (2, 2)


def test_taken_off_its_issue_its_votes_ask_no_more(connected: Prompt, post: Post) -> None:
    words = ("unlink", "acme", "--post", f"community:{post.id}", "--issue", "KS-1", "--withdraw")
    connected.does(*words)
    assert asking(connected) == {"Ana": ["withdrawn"], "Bo": ["withdrawn"]}
    assert "is not linked" in connected.fails(*words)
    place(connected, post)
    assert asking(connected) == {"Ana": ["waiting"], "Bo": ["waiting"]}


def test_many_voters_are_read_some_at_a_time(
    connected: Prompt, jira: Jira, zendesk: Zendesk, monkeypatch: pytest.MonkeyPatch, voters: list[User]
) -> None:
    monkeypatch.setattr("connectors.zendesk.community.NEW_AT_ONCE", 2)
    monkeypatch.setattr("connectors.zendesk.community.GO_ON_S", 0.1)
    monkeypatch.setattr("connectors.zendesk.client.PAGE", 2)
    jira.add_issue("KS-1", "Export to PDF")
    post = zendesk.add_post(voters[0], "Export")
    for number in range(5):
        zendesk.vote(zendesk.add_user(f"User{number}", f"user{number}@acme.example"), post)
    place(connected, post)
    connected.does("work", "--burst")
    assert counted(connected) == (5, 5)


def test_voters_who_are_gone_keep_no_later_one_back(
    connected: Prompt, jira: Jira, zendesk: Zendesk, monkeypatch: pytest.MonkeyPatch, voters: list[User]
) -> None:
    monkeypatch.setattr("connectors.zendesk.community.NEW_AT_ONCE", 2)
    monkeypatch.setattr("connectors.zendesk.community.GO_ON_S", 0.1)
    jira.add_issue("KS-1", "Export to PDF")
    post = zendesk.add_post(voters[0], "Export")
    gone = [zendesk.add_user(f"Gone{number}", f"gone{number}@acme.example") for number in range(3)]
    for user in (*gone, *voters):
        zendesk.vote(user, post)
        zendesk.clock.advance(1)
    ids = "|".join(str(user.id) for user in gone)
    zendesk.faults.order(Fault("status", path=rf"/users/({ids})\b", status=404, times=9))
    place(connected, post)
    connected.does("work", "--burst")
    assert counted(connected) == (3, 3)


def test_the_doctor_sees_whether_placed_posts_can_be_read(
    connected: Prompt, zendesk: Zendesk, post: Post
) -> None:
    def found() -> tuple[bool, str]:
        every = json.loads(connected.type("doctor", "--json").stdout)["checks"]
        [line] = [one for one in every if one["what"] == "acme zendesk: community"]
        return line["ok"], line["words"]

    assert found() == (True, f"post {post.id} and its votes can be read (1 placed)")
    zendesk.faults.order(Fault("status", path="/votes", status=403))
    ok, words = found()
    assert (ok, words.split(":")[0]) == (False, f"post {post.id} and its votes cannot be read")
    zendesk.hide_post(post)
    ok, words = found()
    assert (ok, words.split(":")[0]) == (False, f"post {post.id} is not shown")


def test_a_post_that_is_not_shown_moves_nothing_and_is_told(
    connected: Prompt, zendesk: Zendesk, post: Post
) -> None:
    zendesk.hide_post(post)
    result = connected.type("sync", "acme")
    connected.does("work", "--burst")
    assert counted(connected) == (2, 2)
    [failure] = connected.reads("failures")["failures"]
    assert "does not show the community post" in failure["reason"], result.output
    words = ("link", "acme", "--post", "community:99", "--issue", "KS-1")
    assert "Zendesk shows no community post 99" in connected.fails(*words)


def test_half_an_answer_takes_nobodys_vote_away(connected: Prompt, zendesk: Zendesk, post: Post) -> None:
    for body in ('{"votes": [{"id": 1}]}', '{"votes": null}', "[]"):
        zendesk.faults.order(Fault("status", path="/votes", status=200, body=body))
    for _ in range(3):
        connected.type("look", "acme", "--all")
    connected.type("sync", "acme")
    assert counted(connected) == (2, 2)


def told(zendesk: Zendesk, post: Post) -> list[Any]:
    return [(one.official, one.body) for one in post.comments]


def test_its_voters_are_told_by_one_official_comment_and_who_wrote_a_ticket_there(
    connected: Prompt, jira: Jira, zendesk: Zendesk, post: Post, voters: list[User]
) -> None:
    dora = zendesk.add_user("Dora", "dora@acme.example")
    zendesk.vote(dora, post)
    connected.does("policy", "acme", "--hold", "0")
    ticket = zendesk.open_ticket(voters[0], "Export", "I need it.")
    connected.does("link", "acme", "--ticket", str(ticket.id), "--issue", "KS-1")
    place(connected, post)
    connected.does("sync", "acme")
    zendesk.clock.advance(10)
    jira.transition("KS-1", "done")
    connected.does("look", "acme", "--issue", "KS-1")
    connected.does("work", "--burst")
    [(official, body)] = told(zendesk, post)
    assert official
    assert "PDF export" in body
    assert "Bo" not in body
    assert [one.ticket for one in zendesk.ledger] == [ticket.id]
    where = {one["person"]["name"]: one["where"] for one in connected.reads("notices", "acme")["notices"]}
    here = f"zendesk:community:{post.id}"
    assert where == {"Ana": f"zendesk:ticket:{ticket.id}", "Bo": here, "Dora": here}


def test_a_vote_changed_to_one_against_and_back_is_withdrawn_and_asked_anew(
    connected: Prompt, zendesk: Zendesk, post: Post, voters: list[User]
) -> None:
    for value, standing in ((-1, "withdrawn"), (1, "waiting"), (0, "withdrawn"), (1, "waiting")):
        zendesk.clock.advance(60)
        zendesk.vote(voters[1], post, value)
        connected.type("look", "acme", "--all")
        assert asking(connected)["Bo"] == [standing]


@pytest.mark.parametrize("point", ["comment.kept", "comment.answered", "comment.found"])
def test_killed_at_any_moment_it_says_it_once(
    connected: Prompt, jira: Jira, zendesk: Zendesk, post: Post, point: str
) -> None:
    connected.does("policy", "acme", "--hold", "0")
    zendesk.clock.advance(10)
    jira.transition("KS-1", "done")
    connected.does("look", "acme", "--issue", "KS-1")
    order = connected.folder / "order"
    order.write_text(point)
    env = os.environ | {
        "PYTHONPATH": str(ROOT), "KITHSPARK_CRASH_AT": str(order), "KITHSPARK_LEASE_S": "2",
        "KITHSPARK_SETTLE_S": "2",
    }  # fmt: skip
    assert works(connected, env) == -signal.SIGKILL
    assert len(post.comments) == (point != "comment.kept")
    assert works(connected, env) == 0
    assert len(post.comments) == 1
    assert {one["state"] for one in connected.reads("notices", "acme")["notices"]} == {"confirmed"}


def works(prompt: Prompt, env: dict[str, str]) -> int:
    """A worker of its own does all that is due; how it ended."""
    program = [sys.executable, "-c", "from plugin.commands import main; main()", "work", "--burst"]
    ended = subprocess.run(
        program, env=env, cwd=prompt.folder, capture_output=True, check=False, timeout=300, text=True
    )
    print(ended.stdout, ended.stderr[-2000:])
    return ended.returncode
