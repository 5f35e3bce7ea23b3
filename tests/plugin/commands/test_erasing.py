"""A person is forgotten from the command line: everywhere, for good, and only when somebody meant it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, insert, select

from lineage.terms import ItemId
from plugin.forum import members, votes
from plugin.forum.publishing import Draft, publish, submit
from plugin.forum.tables import forum_links, forum_posts
from plugin.jira import acts
from plugin.jira.acts import FROM_TICKET, NewAct
from plugin.opening import open_installation
from plugin.settings import Settings
from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from store import workspaces
from store.database import metadata, transaction, utc_now
from store.workspaces import Workspace
from tests.plugin.commands.conftest import Prompt

ERASE = ("erase", "acme", "--person", "Ana@acme.example")


@contextmanager
def database() -> Iterator[tuple[Connection, Workspace]]:
    engine = open_installation(Settings.load()).engine
    with transaction(engine) as conn:
        yield conn, workspaces.by_slug(conn, "acme")
    engine.dispose()


def everything_kept() -> str:
    with database() as (conn, _):
        rows = [list(row) for table in metadata.sorted_tables for row in conn.execute(select(table))]
    return json.dumps(rows, default=str)


def test_a_person_is_forgotten_in_tickets_and_news_and_still_counts(
    connected: Prompt, zendesk: Zendesk, jira: Jira
) -> None:
    jira.add_issue("KS-1", "Export to PDF")
    ana = zendesk.add_user("Ana Ruiz", "ana@acme.example")
    ticket = zendesk.open_ticket(ana, "Export", "We export 300 reports a month by hand.")
    words = ("--ticket", str(ticket.id), "--issue", "KS-1")
    connected.does("link", "acme", *words, "--public-title", "PDF export")
    jira.transition("KS-1", "done")
    connected.does("look", "acme", "--issue", "KS-1")
    with database() as (conn, workspace):
        origin, form = ItemId(f"zendesk:ticket:{ticket.id}"), {"description": "> 300 reports by hand"}
        asked = NewAct(FROM_TICKET, "Agnes", form, waits=True)
        acts.keep(conn, workspace.id, origin, asked, click="one", now=utc_now())
    assert "Ana Ruiz" in everything_kept()
    assert "Aborted" in connected.type(*ERASE, said="n\n").output
    assert "Ana Ruiz" in everything_kept()
    assert "still counts" in connected.does(*ERASE, said="y\n")
    connected.does("look", "acme", "--ticket", str(ticket.id))
    kept = everything_kept().lower()
    assert not [word for word in ("ana ruiz", "ana@acme", "300 reports") if word in kept]
    [notice] = connected.reads("notices", "acme")["notices"]
    assert (notice["state"], notice["reason"]) == ("skipped", "asked to be forgotten")
    [item] = connected.reads("demand", "acme")["items"]
    assert item["requesters"] == 1
    assert "Nobody is known by ana@acme.example" in connected.fails(*ERASE, "--yes")


def test_a_member_of_the_forum_is_forgotten_with_votes_that_still_count(prompt: Prompt) -> None:
    now = utc_now()
    with database() as (conn, acme):
        ana = members.welcome(conn, acme.id, "ana@acme.example", name="Ana Ruiz", language=None, now=now)
        bo = members.welcome(conn, acme.id, "bo@acme.example", name="Bo", language=None, now=now)
        shown, waits = (
            submit(conn, acme, ana.id, Draft(title, "Reports for my boss", title), now=now)
            for title in ("Export to PDF", "Secret plan")
        )
        publish(conn, acme, shown, by="eve", now=now)
        votes.cast(conn, acme, shown, bo, why="me too", now=now)
        link = {"workspace_id": acme.id, "email": ana.email, "digest": "d", "then": "", "created_at": now}
        conn.execute(insert(forum_links).values(link | {"expires_at": now}))
    prompt.does(*ERASE, "--yes")
    kept = everything_kept().lower()
    assert not [word for word in ("ana ruiz", "ana@acme", "my boss", "secret plan") if word in kept]
    with database() as (conn, acme):
        [post] = conn.execute(select(forum_posts)).all()
        assert (post.id, post.title, post.votes, waits != shown) == (shown, "Export to PDF", 2, True)
        assert members.by_id(conn, acme.id, ana.id) is None, "a browser still signed in is nobody's"
        again = members.welcome(conn, acme.id, "ana@acme.example", name="Ana", language=None, now=now)
        assert again.id != ana.id


def test_a_member_who_never_asked_for_anything_can_be_forgotten(prompt: Prompt) -> None:
    with database() as (conn, acme):
        members.welcome(conn, acme.id, "ana@acme.example", name="Ana", language=None, now=utc_now())
    prompt.does(*ERASE, "--yes")
    assert "ana@acme.example" not in everything_kept()
    assert "Nobody is known by" in prompt.fails(*ERASE, "--yes")
