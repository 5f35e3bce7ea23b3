"""What is made of a delivery: looks at what we know, deletions, and nothing else."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, select

from lineage import ledger
from lineage.changes import ChildrenAreParts, PersonSeen, PostSeen
from lineage.tables import items
from lineage.terms import ItemId
from store import connections, inbox, looks
from store.database import reading, transaction
from store.secrets import Vault
from store.workspaces import Workspace
from tests.webhooks.vendors import DEEP, jira_event, zendesk_event

Hear = Callable[[str, bytes], str]
Looks = Callable[[], list[tuple[str, str, str]]]


def test_a_change_of_an_issue_that_we_know_asks_for_a_look(
    hearing: Hear, asked: Looks, known: Workspace, now: datetime
) -> None:
    outcome = hearing("jira", jira_event("jira:issue_updated", now, issue={"id": "10001", "key": "KS-1"}))
    assert outcome == "look at issue 10001"
    assert asked() == [("jira", "issue", "10001")]


def test_a_child_asks_for_a_look_at_its_parent_and_at_itself_where_it_is_a_part(
    hearing: Hear, asked: Looks, known: Workspace, database: Engine, now: datetime
) -> None:
    def child(number: str, event: str = "jira:issue_created") -> bytes:
        fields = {"parent": {"id": "10001"}}
        return jira_event(event, now, issue={"id": number, "key": f"KS-{number}", "fields": fields})

    hearing("jira", child("10070"))
    assert asked() == [("jira", "issue", "10001")]
    with transaction(database) as conn:
        parts = ChildrenAreParts(ItemId("10001"), are=True, by="erin", at=now)
        ledger.record(conn, known, parts, cause="test:3", now=now)
    hearing("jira", child("10071"))
    hearing("jira", child("10072", "jira:issue_deleted"))
    assert asked() == [("jira", "issue", "10001"), ("jira", "issue", "10071")]
    with reading(database) as conn:
        assert conn.scalar(select(items.c.deleted_at).where(items.c.id == "10001")) is None


def test_of_a_link_only_the_end_that_we_know_is_read(
    hearing: Hear, asked: Looks, known: Workspace, now: datetime
) -> None:
    """What it says of the other end is asked for by whoever reads it."""
    link = {"id": 5, "sourceIssueId": 10001, "destinationIssueId": 10009, "issueLinkType": {"id": 3}}
    hearing("jira", jira_event("issuelink_created", now, issueLink=link))
    assert asked() == [("jira", "issue", "10001")]


def test_a_release_asks_for_a_look_at_the_version(
    hearing: Hear, asked: Looks, known: Workspace, now: datetime
) -> None:
    hearing("jira", jira_event("jira:version_released", now, version={"id": "7", "name": "2.0"}))
    hearing("jira", jira_event("jira:version_released", now, version={"id": "8", "name": "nobody's"}))
    assert asked() == [("jira", "version", "7")]


@pytest.mark.parametrize(
    ("system", "body"),
    [
        ("jira", b'{"timestamp": 1, "webhookEvent": "jira:issue_updated", "issue": {"id": "10777"}}'),
        ("jira", b'{"timestamp": 1, "webhookEvent": "sprint_created"}'),
        ("zendesk", b'{"id": "777"}'),
        ("zendesk", b'{"type": "zen:event-type:user.merged", "detail": {"id": "777"}, "event": {}}'),
        ("zendesk", b'{"type": "zen:event-type:article.published", "detail": {"id": "777"}}'),
        ("zendesk", b""),
        ("hubspot", b"[]"),
    ],
)
def test_what_does_not_concern_us_is_done_with(
    hearing: Hear, asked: Looks, known: Workspace, system: str, body: bytes
) -> None:
    assert hearing(system, body) == "nothing that concerns us"
    assert asked() == []


def test_a_deletion_of_an_issue_is_believed(
    hearing: Hear, asked: Looks, known: Workspace, database: Engine, now: datetime
) -> None:
    """Nothing else proves one."""
    assert (
        hearing("jira", jira_event("jira:issue_deleted", now, issue={"id": "10001"})) == "issue 10001 deleted"
    )
    with reading(database) as conn:
        assert conn.scalar(select(items.c.deleted_at).where(items.c.id == "10001")) == now
    assert asked() == []


def test_a_ticket_that_we_know_is_looked_at_and_our_own_comment_is_not(
    hearing: Hear, asked: Looks, known: Workspace, now: datetime
) -> None:
    ours = {"comment": {"id": "1", "author": {"id": "99"}, "is_public": True}}
    hearing("zendesk", zendesk_event("ticket.comment_added", now, "35", event_id="a", event=ours))
    assert asked() == []
    theirs = {"comment": {"id": "2", "author": {"id": "42"}, "is_public": True}}
    hearing("zendesk", zendesk_event("ticket.comment_added", now, "35", event_id="b", event=theirs))
    assert asked() == [("zendesk", "ticket", "35")]


def test_that_a_ticket_is_deleted_is_kept_with_the_look(
    hearing: Hear, known: Workspace, database: Engine, now: datetime
) -> None:
    hearing("zendesk", zendesk_event("ticket.soft_deleted", now, "35", event_id="c"))
    with reading(database) as conn:
        assert conn.scalar(select(looks.looks.c.hint)) == {"deleted": "softly"}


def test_the_two_users_of_a_merge_are_kept_with_the_look(
    hearing: Hear, known: Workspace, database: Engine, now: datetime
) -> None:
    merged = zendesk_event("user.merged", now, "77", event_id="e", event={"user": {"id": "42"}})
    assert hearing("zendesk", merged) == "look at user 42"
    with reading(database) as conn:
        assert conn.scalar(select(looks.looks.c.hint)) == {"merged_with": "77"}


def test_a_user_that_we_know_is_looked_at(
    hearing: Hear, asked: Looks, known: Workspace, now: datetime
) -> None:
    hearing("zendesk", zendesk_event("user.suspended_changed", now, "42", event_id="d"))
    assert asked() == [("zendesk", "user", "42")]


def test_each_object_of_a_batch_of_hubspot_is_looked_at_once_for_the_newest_change(
    hearing: Hear, asked: Looks, known: Workspace, database: Engine, now: datetime
) -> None:
    at = int(now.timestamp() * 1000)
    change = {"subscriptionType": "deal.propertyChange"}
    batch = [change | {"objectId": n % 2, "occurredAt": at + n} for n in range(6)]
    hearing("hubspot", json.dumps(batch).encode())
    assert asked() == [("hubspot", "deal", "0"), ("hubspot", "deal", "1")]
    with reading(database) as conn:
        told = list(conn.scalars(select(looks.looks.c.event_at).order_by(looks.looks.c.object_id)))
    assert [round(one.timestamp() * 1000) - at for one in told] == [4, 5]


@pytest.mark.parametrize(
    "body", [b"no json", b"\xff", DEEP, b"17", b'{"webhookEvent": "jira:issue_updated"}']
)
@pytest.mark.parametrize("system", ["jira", "zendesk", "hubspot"])
def test_what_cannot_be_read_is_parked_with_a_plain_reason(
    hearing: Hear, asked: Looks, known: Workspace, system: str, body: bytes
) -> None:
    reason = hearing(system, body)
    assert "sent a delivery that cannot be read" in reason
    assert "dismiss" in reason
    assert asked() == []


def test_a_hundred_deliveries_about_one_issue_make_one_look(
    hearing: Hear, asked: Looks, known: Workspace, database: Engine, vault: Vault, now: datetime
) -> None:
    with transaction(database) as conn:
        body = jira_event("jira:issue_updated", now, issue={"id": "10001"})
        row = {"workspace_id": known.id, "system": "jira", "received_at": now, "headers": {}, "body": body}
        conn.execute(insert(inbox.inbox), [{**row, "delivery_id": f"{n}", "due_at": now} for n in range(100)])
    last = jira_event("jira:issue_updated", now + timedelta(seconds=3), issue={"id": "10001"})
    hearing("jira", last)
    assert asked() == [("jira", "issue", "10001")]
    with reading(database) as conn:
        look = conn.execute(select(looks.looks)).mappings().one()
        assert (look["asked"], look["event_at"]) == (101, now + timedelta(seconds=3))
        assert connections.load(conn, vault, known.id, "jira").last_event_at == now


def test_after_a_disconnect_what_still_lies_there_is_done_with(
    hearing: Hear, asked: Looks, known: Workspace, database: Engine, now: datetime
) -> None:
    with transaction(database) as conn:
        connections.remove(conn, known.id, "jira")
    body = jira_event("jira:issue_updated", now, issue={"id": "10001"})
    assert hearing("jira", body) == "jira is not connected any more"


@pytest.mark.parametrize("what", ["vote_created", "vote_changed", "vote_removed", "changed", "unpublished"])
def test_what_happens_to_a_community_post_that_we_know_asks_for_a_look_at_it(
    hearing: Hear, asked: Looks, known: Workspace, database: Engine, now: datetime, what: str
) -> None:
    ana = PersonSeen("zendesk", "42", "Ana")
    with transaction(database) as conn:
        seen = PostSeen("community:77", "Export", ana, now)
        ledger.record(conn, known, seen, cause="test:4", now=now)
    said = hearing("zendesk", zendesk_event(f"community_post.{what}", now, "77", event_id="event-7"))
    assert said == "look at post 77"
    assert ("zendesk", "post", "77") in asked()
    other = hearing("zendesk", zendesk_event(f"community_post.{what}", now, "78", event_id="event-8"))
    assert other == "nothing that concerns us"
