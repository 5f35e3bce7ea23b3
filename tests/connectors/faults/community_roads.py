"""The roads into Zendesk's community, and of a voter's own ticket."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from lineage.changes import Linked, PersonSeen, PostSeen, Titled, Voted
from lineage.outcomes import notices
from lineage.tables import requests
from lineage.terms import ItemId, Origin
from sandbox.zendesk.community import Post
from sandbox.zendesk.records import User
from store import workspaces
from store.database import transaction
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


ROADS: Mapping[str, Callable[[Town], Job]] = {
    "read a community post": read_post,
    "official comment": official_comment,
    "a voter's ticket": own_ticket,
}
