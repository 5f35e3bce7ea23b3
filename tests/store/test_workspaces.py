from datetime import datetime

import pytest
from sqlalchemy import Engine, func, select

from store import inbox, looks, workspaces
from store.database import reading, transaction
from store.workspaces import Policy, Workspace


def test_a_workspace_is_found_by_its_short_name(database: Engine, workspace: Workspace) -> None:
    with reading(database) as conn:
        assert workspaces.by_slug(conn, "acme") == workspace
        assert workspaces.by_id(conn, workspace.id) == workspace
        assert workspaces.list_all(conn) == [workspace]


@pytest.mark.parametrize("slug", ["", "-a", "A", "a_b", "a b", "ü", "a\n", "a" * 40])
def test_a_short_name_that_would_not_fit_an_address_is_refused(
    database: Engine, now: datetime, slug: str
) -> None:
    with transaction(database) as conn, pytest.raises(ValueError, match="1 to 39"):
        workspaces.add(conn, slug=slug, name="x", now=now)


def test_a_short_name_is_given_once(database: Engine, workspace: Workspace, now: datetime) -> None:
    with transaction(database) as conn, pytest.raises(ValueError, match="already"):
        workspaces.add(conn, slug="acme", name="Other", now=now)


def test_an_unknown_workspace_is_named_in_the_answer(database: Engine) -> None:
    with reading(database) as conn, pytest.raises(workspaces.NoSuchWorkspace, match="'nobody'"):
        workspaces.by_slug(conn, "nobody")


def test_a_policy_comes_back_as_it_was_set(database: Engine, workspace: Workspace) -> None:
    policy = Policy(
        ("declined",), 0, "release", "EUR", push_amounts=True, paused=True, deliver_in={"KS": "done"}
    )
    with transaction(database) as conn:
        workspaces.set_policy(conn, workspace.id, policy)
        assert workspaces.by_id(conn, workspace.id).policy == policy
        workspaces.set_policy(conn, workspace.id, Policy(auto_kinds=()))
        assert workspaces.by_id(conn, workspace.id).policy == Policy(auto_kinds=())


@pytest.mark.parametrize(
    "wrong", [{"hold_s": -1}, {"deliver": "never"}, {"currency": "usd"}, {"deliver_in": {"KS": ""}}]
)
def test_a_policy_out_of_range_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"possible|means|capitals"):
        Policy(**wrong)  # type: ignore[arg-type]


def test_a_removed_workspace_takes_its_rows_along_and_its_number_never_comes_back(
    database: Engine, workspace: Workspace, now: datetime
) -> None:
    with transaction(database) as conn:
        inbox.keep(
            conn, workspace_id=workspace.id, system="jira", delivery_id="1", headers={}, body=b"", now=now
        )
        looks.ask(conn, workspace_id=workspace.id, system="jira", kind="issue", object_id="1", now=now)
        workspaces.remove(conn, workspace.id)
        assert conn.scalar(select(func.count()).select_from(inbox.inbox)) == 0
        assert conn.scalar(select(func.count()).select_from(looks.looks)) == 0
        assert workspaces.add(conn, slug="acme", name="Acme", now=now).id > workspace.id
