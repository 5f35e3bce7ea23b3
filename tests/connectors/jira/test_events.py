"""Jira's webhooks only say what is dirty."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.jira import events
from connectors.jira.events import Heard, LinkHeard

AT = datetime.fromtimestamp(1_796_000_000, UTC)
LINK = LinkHeard("23161", "10002", "18715", "11917")


def heard(what: str, id: str, event: str, *, deleted: bool = False, actor: str | None = "5b10a284") -> Heard:
    return Heard(what, id, event, at=AT, deleted=deleted, actor=actor)


def both_ends(event: str) -> list[Heard]:
    return [Heard("issue", end, event, at=AT, link=LINK) for end in ("18715", "11917")]


TABLE = {
    "issue_created": [heard("issue", "10001", "jira:issue_created")],
    "issue_moved": [heard("issue", "10001", "jira:issue_updated")],
    "issue_deleted": [heard("issue", "10001", "jira:issue_deleted", deleted=True)],
    "issuelink_created": both_ends("issuelink_created"),
    "issuelink_deleted": both_ends("issuelink_deleted"),
    "version_released": [heard("version", "10300", "jira:version_released", actor=None)],
    "project_deleted": [heard("project", "10000", "project_deleted", deleted=True, actor=None)],
    "comment_created": [],
}


def payload(name: str) -> bytes:
    return (Path(__file__).parent / "payloads" / f"{name}.json").read_bytes()


@pytest.mark.parametrize("name", TABLE)
def test_each_event_says_what_is_dirty(name: str) -> None:
    assert events.read(payload(name)) == TABLE[name]
    assert events.stamp_ms(payload(name)) == 1_796_000_000_000


def test_a_child_makes_its_parent_dirty_and_the_one_that_it_left() -> None:
    said = json.loads(payload("issue_created"))
    said["issue"]["fields"]["parent"] = {"id": "10050", "key": "KS-50"}
    said["changelog"] = {"items": [
        {"field": "IssueParentAssociation", "from": "10040", "to": "10050"},
        {"field": "Parent", "from": None, "to": 10050},
        {"field": "status", "from": "3", "to": "4"},
    ]}  # fmt: skip
    child, *above = events.read(json.dumps(said).encode())
    assert child == replace(heard("issue", "10001", "jira:issue_created"), parent="10050")
    assert above == [Heard("issue", "10050", events.CHILD), Heard("issue", "10040", events.CHILD)]


@pytest.mark.parametrize("odd", [None, [], {"id": None}, {"id": "KS-1"}, {"id": "10001"}])
def test_an_odd_parent_is_no_parent(odd: object) -> None:
    said = json.loads(payload("issue_created"))
    said["issue"]["fields"]["parent"] = odd
    said["changelog"] = {"items": odd}
    assert [one.id for one in events.read(json.dumps(said).encode())] == ["10001"]


def test_an_event_that_nobody_knows_says_nothing() -> None:
    assert events.read(b'{"webhookEvent": "jira:surprise"}') == []


def test_a_body_need_not_say_when() -> None:
    said = json.loads(payload("issue_created"))
    del said["timestamp"]
    assert events.read(json.dumps(said).encode())[0].at is None
    assert events.stamp_ms(json.dumps(said).encode()) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'"text"',
        b"{}",
        b'{"webhookEvent": null}',
        b'{"webhookEvent": "jira:issue_updated"}',
        b'{"webhookEvent": "jira:issue_updated", "issue": null}',
        b'{"webhookEvent": "jira:issue_updated", "issue": {"id": null}}',
        b'{"webhookEvent": "jira:issue_updated", "issue": {"id": true}}',
        b'{"webhookEvent": "jira:issue_updated", "issue": {"id": 1.5}}',
        b'{"webhookEvent": "jira:issue_updated", "issue": {"id": "../1"}}',
        b'{"webhookEvent": "jira:issue_updated", "issue": {"id": "1"}, "timestamp": "soon"}',
        b'{"webhookEvent": "jira:issue_updated", "issue": {"id": "1"}, "timestamp": 1e300}',
        b'{"webhookEvent": "jira:issue_updated", "issue": {"id": "1"}, "timestamp": NaN}',
        b'{"webhookEvent": "issuelink_created"}',
        b'{"webhookEvent": "issuelink_created", "issueLink": [1]}',
        b'{"webhookEvent": "issuelink_created", "issueLink": {"id": 1, "sourceIssueId": 2}}',
        b'{"webhookEvent": "jira:version_released", "version": 7}',
        b'{"webhookEvent": "x", "deep": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    ],
    ids=lambda body: body[:60].decode(errors="replace"),
)
def test_what_no_jira_sends_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError):
        events.read(body)
