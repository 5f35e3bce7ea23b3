"""Whatever was given up, of every shelf, is listed with its reason, tried again, or let rest."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from lineage.likeness.embedding_tables import embedding_rounds
from lineage.likeness.tables import likenesses
from lineage.outcomes import notices, pushes, readbacks, replans, restores
from lineage.past_places import past_days
from lineage.tables import items, persons
from plugin import work
from plugin.forum.tables import forum_mails, forum_members, forum_moderations, forum_posts
from plugin.imports.tables import imports
from plugin.jira.acts import acts
from plugin.opening import open_installation
from plugin.settings import Settings
from store.database import transaction
from store.inbox import inbox
from store.looks import looks
from tests.plugin.commands.conftest import Prompt

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def _notice(conn: Connection) -> dict[str, Any]:
    return {
        "person_id": _person(conn), "lane": "automatic", "kind": "delivered", "state": "blocked", "facts": [],
        "place": "zendesk:ticket:1", "language": "en", "text": "", "html": "", "digest": "abc",
        "created_at": NOW, "tried_places": [],
    }  # fmt: skip


def _person(conn: Connection) -> int:
    made = insert(persons).values(workspace_id=1, name="Ana").returning(persons.c.id)
    return int(conn.scalar(made) or 0)


def _moderation(conn: Connection) -> dict[str, Any]:
    who = insert(forum_members).values(workspace_id=1, email="a@b.example", name="Ana", created_at=NOW)
    author = conn.scalar(who.returning(forum_members.c.id))
    post = insert(forum_posts).values(
        workspace_id=1, author_id=author, form="f", title="t", words="w", folded="t", state="waiting",
        reason="", created_at=NOW,
    )  # fmt: skip
    return {"post_id": conn.scalar(post.returning(forum_posts.c.id)), "categories": {}}


def _likeness(conn: Connection) -> dict[str, Any]:
    issue = {"key": "KS-1", "summary": "Export", "created_at": NOW, "updated_at": NOW, "unmapped_links": []}
    values = {"workspace_id": 1, "id": "10001", "status_at": NOW, "state_at": NOW, "sizes": {}, **issue}
    conn.execute(insert(items).values(values))
    return {"item_id": "10001"}


ROWS: dict[str, tuple[Any, Callable[[Connection], dict[str, Any]]]] = {
    "inbox": (inbox, lambda _: {"system": "jira", "delivery_id": "1", "received_at": NOW, "headers": {},
                                "body": b"{}"}),
    "looks": (looks, lambda _: {"system": "jira", "kind": "issue", "object_id": "1", "asked": 1}),
    "notices": (notices, _notice),
    "replans": (replans, lambda conn: {"person_id": _person(conn)}),
    "pushes": (pushes, lambda _: {"item_id": "1", "rev": 1}),
    "moderate": (forum_moderations, _moderation),
    "mail": (forum_mails, lambda _: {"email": "a@b.example", "subject": "s", "sealed": "x",
                                     "created_at": NOW}),
    "restores": (restores, lambda _: {"backup_at": NOW, "restored_at": NOW}),
    "readbacks": (readbacks, lambda conn: {"person_id": _person(conn)}),
    "past_days": (past_days, lambda _: {"day": NOW.date(), "measure": "score", "asked_at": NOW}),
    "likenesses": (likenesses, _likeness),
    "embeddings": (embedding_rounds, lambda _: {"model": "m"}),
    "acts": (acts, lambda _: {"item_id": "1", "click": "c", "kind": "split", "who": "Eve", "at": NOW,
                              "plan": {}}),
    "imports": (imports, lambda _: {"source": "first", "phase": "listing", "started_by": "Eve",
                                    "started_at": NOW, "phase_at": NOW}),
}  # fmt: skip


@pytest.fixture(params=sorted(ROWS))
def parked(prompt: Prompt, request: pytest.FixtureRequest) -> str:
    """The id of a row of this shelf that was given up."""
    table, values = ROWS[request.param]
    app = open_installation(Settings.load())
    with transaction(app.engine) as conn:
        row = {"workspace_id": 1, "parked_at": NOW, "reason": "nobody knows why", **values(conn)}
        conn.execute(insert(table).values(row))
    app.engine.dispose()
    return f"{request.param}:1"


def due_at(ident: str) -> datetime | None:
    table, _ = ROWS[ident.partition(":")[0]]
    app = open_installation(Settings.load())
    with transaction(app.engine) as conn:
        found: datetime | None = conn.scalar(select(table.c.due_at))
    app.engine.dispose()
    return found


def test_every_shelf_has_a_row_here(prompt: Prompt) -> None:
    app = open_installation(Settings.load())
    assert ROWS.keys() == work.shelves(app).keys()
    app.engine.dispose()


def test_it_is_listed_with_its_reason_and_tried_again(prompt: Prompt, parked: str) -> None:
    [failure] = prompt.reads("failures")["failures"]
    assert (failure["id"], failure["reason"]) == (parked, "nobody knows why")
    assert failure["since"] == "2026-03-02T09:30:00Z"
    assert prompt.reads("failures", "--retry", parked) == {"retried": parked}
    assert prompt.reads("failures") == {"failures": []}
    assert due_at(parked) is not None
    assert f"There is no failure {parked}" in prompt.fails("failures", "--retry", parked)


def test_it_is_let_rest(prompt: Prompt, parked: str) -> None:
    assert prompt.reads("failures", "--dismiss", parked) == {"dismissed": parked}
    assert prompt.reads("failures") == {"failures": []}
    assert due_at(parked) is None
