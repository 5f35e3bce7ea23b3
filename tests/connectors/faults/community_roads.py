"""The roads into Zendesk's community, of a voter's own ticket, and of an import of links."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import select

from lineage.changes import Linked, PersonSeen, PostSeen, Titled, Voted
from lineage.outcomes import notices
from lineage.tables import requests
from lineage.terms import ItemId, Origin
from plugin.imports import run
from plugin.imports.tables import LINKED, NEW, UNKNOWN, import_links, imports
from sandbox.zendesk.community import Post
from sandbox.zendesk.records import User
from store import workspaces
from store.database import reading, transaction
from tests.connectors.faults.roads import Job, an_issue, has, look
from tests.connectors.faults.town import Town


def _voted(town: Town) -> tuple[User, Post]:
    n = next(town.numbers)
    ana = town.zendesk.add_user("Ana", f"ana@square{n}.example")
    post = town.zendesk.add_post(ana, f"Export {n}")
    town.zendesk.vote(ana, post)
    town.clock.advance(5)
    return ana, post


def _placed(town: Town, post: Post, author: PersonSeen) -> ItemId:
    """The post is on an issue that is not done."""
    now, item = town.clock.now(), ItemId(str(900_000 + next(town.numbers)))
    town.record(an_issue(item, "new", now))
    town.record(Titled(item, "Export to PDF", own_part=False, by="Eve", at=now))
    town.record(PostSeen(f"community:{post.id}", post.title, author, now))
    town.record(Linked(Origin("zendesk:community", str(post.id)), item, by="Agnes", at=now))
    return item


def read_post(town: Town) -> Job:
    ana, post = _voted(town)
    _placed(town, post, PersonSeen("zendesk", str(ana.id), ana.name))
    origin = f"zendesk:community:{post.id}:{ana.id}"
    return look(town, "zendesk", "post", post.id, lambda: has(town, requests, origin=origin))


def _owed(town: Town, *, own_ticket: bool) -> tuple[User, Post, Job]:
    """Ana voted for something that is done now."""
    wanted = replace(town.workspace.policy, voter_tickets=own_ticket)
    with transaction(town.app.engine) as conn:
        workspaces.set_policy(conn, town.workspace.id, wanted)
        town.workspace = workspaces.by_id(conn, town.workspace.id)
    ana, post = _voted(town)
    seen = PersonSeen("zendesk", str(ana.id), ana.name, (str(ana.email),))
    item = _placed(town, post, seen)
    town.record(Voted(f"community:{post.id}", seen, town.clock.now()))
    town.clock.advance(5)
    town.record(an_issue(item, "done", town.clock.now()))
    town.clock.advance(5)
    return ana, post, Job("notices", notices, town.newest(notices), lambda: "")


def official_comment(town: Town) -> Job:
    _, post, job = _owed(town, own_ticket=False)
    return replace(job, ended=lambda: _once(len(post.comments)))


def own_ticket(town: Town) -> Job:
    ana, _, job = _owed(town, own_ticket=True)

    def told_once() -> str:
        return _once(sum(one.requester_id == ana.id for one in town.zendesk.tickets()))

    return replace(job, ended=told_once)


def _once(times: int) -> str:
    return "" if times == 1 else f"told {times} times"


def list_links(town: Town) -> Job:
    return _import(town)[1]


def check_links(town: Town) -> Job:
    ticket, job = _import(town)
    _step(town, job)
    return replace(job, ended=lambda: _found(town, ticket, NEW, LINKED))


def record_links(town: Town) -> Job:
    ticket, job = _import(town)
    _step(town, job)
    _step(town, job)
    return replace(job, ended=lambda: _found(town, ticket, LINKED))


def _import(town: Town) -> tuple[str, Job]:
    """Ana's ticket was linked to an issue by Zendesk's own Jira app, and an operator imports that."""
    n = next(town.numbers)
    issue = town.jira.add_issue("KS", f"Exports {n}")
    ana = town.zendesk.add_user("Ana", f"ana@links{n}.example")
    ticket = town.zendesk.open_ticket(ana, "Export", f"PDF {n}")
    town.zendesk.link_to_jira(ticket.id, issue.id, issue.key)
    town.clock.advance(5)
    with transaction(town.app.engine) as conn:
        run.begin(conn, town.workspace, source="first", preview=False, by="Olga", now=town.clock.now())
    number = str(ticket.id)

    def listed() -> str:
        return _found(town, number, UNKNOWN, NEW, LINKED)

    return number, Job("imports", imports, town.newest(imports), listed)


def _found(town: Town, ticket: str, *wanted: str) -> str:
    """Whether that is known of its link."""
    query = select(import_links.c.found).where(import_links.c.ticket == ticket)
    with reading(town.app.engine) as conn:
        found = conn.scalars(query).all()
    return "" if len(found) == 1 and found[0] in wanted else f"its links are {found}"


def _step(town: Town, job: Job) -> None:
    town.step("imports")
    town.pass_until(town.row(imports, job.row)["due_at"])


ROADS: Mapping[str, Callable[[Town], Job]] = {
    "read a community post": read_post,
    "official comment": official_comment,
    "a voter's ticket": own_ticket,
    "import: list links": list_links,
    "import: check links": check_links,
    "import: record links": record_links,
}
