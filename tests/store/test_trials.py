"""A trial is kept with its connection: what came unproven meanwhile stays noted, a new one begins clean."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Engine

from store import connections, inbox, trials, workspaces
from store.database import transaction
from store.workspaces import Workspace
from tests.store.test_connections import VAULT, connect


def test_a_refused_call_during_the_trial_outlives_its_end(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        connect(conn, workspace.id, now, token="t")
        trial = trials.begun(conn, now=now)
        trials.keep(conn, workspace.id, "jira", trial)
        for later_s in (1, 2):
            at = now + timedelta(seconds=later_s)
            trials.note_refused(conn, workspace.id, "jira", now=at)
        ended = replace(trial, about="10001", name="KS-1", lines=(("issue", True, "read"),))
        trials.keep(conn, workspace.id, "jira", ended)
        account = connections.load(conn, VAULT, workspace.id, "jira")
        assert trials.of(account) == replace(ended, refused_at=now + timedelta(seconds=1))
        assert not trials.listening(account, now=now)
        trials.keep(conn, workspace.id, "jira", trials.begun(conn, now=now + timedelta(minutes=1)))
        account = connections.load(conn, VAULT, workspace.id, "jira")
        again = trials.of(account)
        assert again is not None and again.refused_at is None
        assert trials.listening(account, now=now + timedelta(minutes=2))


def test_a_trial_goes_on_with_what_it_knows_unless_another_has_begun(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        connect(conn, workspace.id, now, token="t")
        old = trials.begun(conn, now=now)
        trials.keep(conn, workspace.id, "jira", old)
        trials.note_refused(conn, workspace.id, "jira", now=now)
        further = replace(old, kept={"step": "answer", "attempt": {"writes": 1}})
        assert trials.go_on(conn, workspace.id, "jira", further)
        known = trials.of(connections.load(conn, VAULT, workspace.id, "jira"))
        assert known == replace(further, refused_at=now)
        new = trials.begun(conn, now=now + timedelta(minutes=1))
        trials.keep(conn, workspace.id, "jira", new)
        assert not trials.go_on(conn, workspace.id, "jira", further)
        assert trials.of(connections.load(conn, VAULT, workspace.id, "jira")) == new
        assert not trials.go_on(conn, workspace.id, "hubspot", further)


def test_only_what_came_while_it_listened_is_heard_and_only_of_this_workspace(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    def comes(of: Workspace, system: str, body: bytes, at: datetime = now) -> None:
        inbox.keep(
            conn, workspace_id=of.id, system=system, delivery_id=body.decode(), headers={}, body=body, now=at
        )

    with transaction(database) as conn:
        another = workspaces.add(conn, slug="another", name="Another", now=now)
        connect(conn, workspace.id, now, token="t")
        comes(workspace, "jira", b"before")
        trial = trials.begun(conn, now=now)
        comes(workspace, "jira", b"since")
        comes(workspace, "zendesk", b"another system")
        comes(another, "jira", b"another workspace")
        comes(workspace, "jira", b"when nobody listened any more", now + trials.LISTENS_FOR)
        assert trials.heard(conn, workspace.id, "jira", trial) == [(now, b"since")]


def test_nothing_is_noted_where_nothing_is_tried(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        connect(conn, workspace.id, now, token="t")
        trials.note_refused(conn, workspace.id, "jira", now=now)
        trials.note_refused(conn, workspace.id, "zendesk", now=now)
        account = connections.load(conn, VAULT, workspace.id, "jira")
        assert trials.of(account) is None and not trials.listening(account, now=now)
