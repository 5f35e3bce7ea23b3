"""A site where the app is installed tells it what changes, signed for each address of the descriptor."""

from urllib.parse import urlsplit

from sqlalchemy import select

from store.database import reading
from store.inbox import inbox
from tests.plugin.house import House


def test_what_changes_at_a_site_with_the_app_is_heard_until_the_app_is_removed(installed: House) -> None:
    jira = installed.jira
    jira.split("KS-1", ["Export one report", "Scheduled exports"])
    jira.release(jira.add_version("KS", "2.0"))
    jira.rename_project("KS", "KITE")
    assert jira.hooks.settled(10)
    told = [
        (urlsplit(one.url).path.removeprefix("/connect/webhooks/"), one.status) for one in jira.hooks.attempts
    ]
    assert set(told) == {("issue", 202), ("link", 202), ("version", 202), ("project", 202)}
    jira.uninstall()
    jira.edit("KITE-1", summary="Nobody hears of this")
    assert jira.hooks.settled(10)
    with reading(installed.state.engine) as conn:
        rows = conn.execute(select(inbox.c.workspace_id, inbox.c.system)).all()
    assert {(row.workspace_id, row.system) for row in rows} == {(installed.workspace.id, "connect")}
    assert len(rows) == len(told)
    assert installed.woken
