"""What the sandbox tells, to whom, signed how, and what it does when nobody listens."""

import hashlib
import hmac
import json
from collections.abc import Callable

import pytest

from sandbox.jira import Jira

from .conftest import App

SECRET = "a webhook secret"


def told(jira: Jira, app: App) -> list[str]:
    assert jira.hooks.settled(5)
    return [call.said["webhookEvent"] for call in app.calls]


@pytest.fixture
def hearing(jira: Jira, app: App) -> App:
    jira.add_issue("KS-1", "Export", description="words")
    jira.add_issue("KS-2", "Import")
    jira.webhook(f"{app.url}/hook", SECRET)
    return app


DEEDS: dict[str, tuple[Callable[[Jira], object], list[str]]] = {
    "create": (lambda j: j.add_issue("KS", "New"), ["jira:issue_created"]),
    "edit": (lambda j: j.edit("KS-1", summary="Other"), ["jira:issue_updated"]),
    "start": (lambda j: j.transition("KS-1", "indeterminate"), ["jira:issue_updated"]),
    "link": (lambda j: j.link("Relates", "KS-1", "KS-2"), ["issuelink_created"]),
    "unlink": (
        lambda j: j.unlink(j.link("Relates", "KS-1", "KS-2").id),
        ["issuelink_created", "issuelink_deleted"],
    ),
    "split": (
        lambda j: j.split("KS-1", into=["a", "b"]),
        ["jira:issue_created", "jira:issue_created", "issuelink_created", "issuelink_created"],
    ),
    "duplicate": (lambda j: j.duplicate("KS-1", of="KS-2"), ["issuelink_created", "jira:issue_updated"]),
    "move": (lambda j: j.move("KS-1", "NEW"), ["project_created", "jira:issue_updated"]),
    "rename project": (lambda j: j.rename_project("KS", "KITE"), ["project_updated"]),
    "release": (
        lambda j: j.release(j.add_version("KS", "2.0")),
        ["jira:version_created", "jira:version_released"],
    ),
    "nothing": (lambda j: j.transition("KS-1", "new"), []),
}


@pytest.mark.parametrize(("deed", "events"), DEEDS.values(), ids=DEEDS)
def test_each_deed_is_told(
    jira: Jira, hearing: App, deed: Callable[[Jira], object], events: list[str]
) -> None:
    deed(jira)
    assert told(jira, hearing) == events


def test_a_body_is_signed_over_its_raw_bytes(jira: Jira, hearing: App) -> None:
    jira.transition("KS-1", "done")
    assert told(jira, hearing) == ["jira:issue_updated"]
    (call,) = hearing.calls
    mac = hmac.new(SECRET.encode(), call.body, hashlib.sha256).hexdigest()
    assert call.headers["X-Hub-Signature"] == f"sha256={mac}"
    assert call.headers["X-Atlassian-Webhook-Flow"] == "Primary"
    assert "X-Atlassian-Webhook-Retry" not in call.headers


def test_an_update_tells_the_change_and_plain_text(jira: Jira, hearing: App) -> None:
    jira.transition("KS-1", "done", resolution="Won't Do")
    told(jira, hearing)
    said = hearing.calls[0].said
    assert said["issue"]["fields"]["description"] == "words"
    assert said["issue"]["fields"]["resolution"]["name"] == "Won't Do"
    changed = {item["field"]: item["toString"] for item in said["changelog"]["items"]}
    assert changed == {"status": "Done", "resolution": "Won't Do"}
    assert set(said["user"]) >= {"accountId", "displayName"}
    assert "emailAddress" not in json.dumps(said)


def test_a_link_tells_numbers_and_no_keys(jira: Jira, hearing: App) -> None:
    link = jira.link("Duplicate", "KS-1", "KS-2")
    told(jira, hearing)
    said = hearing.calls[0].said["issueLink"]
    assert (said["id"], said["sourceIssueId"], said["destinationIssueId"]) == (int(link.id), 10001, 10002)
    assert said["issueLinkType"]["outwardName"] == "duplicates"
    assert "KS-1" not in json.dumps(hearing.calls[0].said)


def test_a_deletion_is_told_first_and_its_links_as_secondary(jira: Jira, hearing: App) -> None:
    jira.link("Relates", "KS-1", "KS-2")
    jira.delete("KS-1")
    assert told(jira, hearing)[1:] == ["jira:issue_deleted", "issuelink_deleted"]
    assert [call.headers["X-Atlassian-Webhook-Flow"] for call in hearing.calls[1:]] == [
        "Primary",
        "Secondary",
    ]


def test_a_refused_try_is_repeated_with_the_same_identifier(jira: Jira, hearing: App) -> None:
    hearing.answers = [503, 429, 202]
    jira.hooks.time_scale = 0.00001
    jira.transition("KS-1", "done")
    assert told(jira, hearing) == ["jira:issue_updated"] * 3
    assert len({call.headers["X-Atlassian-Webhook-Identifier"] for call in hearing.calls}) == 1
    assert [call.headers.get("X-Atlassian-Webhook-Retry") for call in hearing.calls] == [None, "1", "2"]


@pytest.mark.parametrize(("status", "tries"), [(400, 1), (404, 1), (500, 5)])
def test_a_no_is_taken_and_a_failure_is_tried_five_times(
    jira: Jira, hearing: App, status: int, tries: int
) -> None:
    hearing.answers = [status] * 9
    jira.hooks.time_scale = 0.00001
    jira.transition("KS-1", "done")
    assert len(told(jira, hearing)) == tries


def test_only_what_was_asked_for_is_told(jira: Jira, app: App) -> None:
    jira.add_issue("KS-1", "Export")
    jira.webhook(f"{app.url}/hook", "", events=["jira:issue_deleted"])
    jira.edit("KS-1", summary="Other")
    jira.delete("KS-1")
    assert told(jira, app) == ["jira:issue_deleted"]
    assert "X-Hub-Signature" not in app.calls[0].headers
