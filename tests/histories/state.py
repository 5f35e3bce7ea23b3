"""Where a history ended, in words that mean the same in every run of it: no row numbers, no moments."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from lineage import questions
from lineage.counting import rebuild
from lineage.outcomes import notices, told
from lineage.tables import asks, companies, edges, items, requests, versions
from lineage.terms import AskId, PersonId
from sandbox.zendesk.records import Applied
from store.database import reading
from tests.histories.town import Town

PROPERTY = "kithspark.demand"
PAGE_OF_THEIRS = re.compile(r"http\S+/r/\S+")


@dataclass(frozen=True)
class Said:
    """One thing that one person was told, as we remember it. `item`: the issue's id."""

    who: str
    item: str
    own: bool
    happened: str
    nth: int
    at: datetime


@dataclass
class State:
    """`derived`: what follows from what the vendors say. `plan`: the messages that are not over.

    `letters`: what people read, by whom, as the vendor's own ledger has it.
    """

    derived: dict[str, Any]
    plan: list[Any]
    said: list[Said]
    letters: dict[str, list[str]]
    marks: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """What a full recompute finds otherwise."""


def state(town: Town) -> State:
    with reading(town.app.engine) as conn:
        workspace = town.workspace_in(conn)
        views = questions.ask_views(conn, workspace, [AskId(one) for one in conn.scalars(select(asks.c.id))])
        who = {view.person_id: view.person_email or view.person_name for view in views}
        keys = {row.id: row.key for row in conn.execute(select(items.c.id, items.c.key))}
        derived = {
            "asks": sorted((_ask(view) for view in views), key=str),
            "links": sorted(map(str, _links(conn, keys))),
            "issues": _issues(conn),
            "versions": sorted(conn.execute(select(versions.c.name, versions.c.released)).all()),
            "companies": _money(conn),
            "places": _places(town, conn),
            "demand": sorted((_demand(one) for one in questions.ranking(conn, workspace)), key=str),
            "in Jira": _properties(town),
        }
        said = [
            Said(who.get(row.person_id, "?"), row.item_id, row.own, row.happened, row.nth, row.at)
            for row in conn.execute(select(told))
        ]
        plan = sorted((_notice(town, row, who) for row in conn.execute(select(notices))), key=str)
        every = rebuild.every_item(conn, workspace)
        looked = rebuild.look(conn, workspace, every, mend=False, now=town.now)
    ledger = town.scene.zendesk.ledger
    letters: dict[str, list[str]] = {}
    for one in ledger:
        letters.setdefault(_to(town, one), []).append(_body(one))
    return State(
        derived, [one for one in plan if one is not None], said,
        {name: sorted(of) for name, of in letters.items()},
        [f"{word}" for one in ledger if one.public for word in one.mark.get("kithspark", ())],
        looked.differences,
    )  # fmt: skip


def _ask(view: questions.AskView) -> Any:
    carriers = [(one.item.key, one.own, one.share, one.state.value, one.title) for one in view.carriers]
    return (
        view.person_email or view.person_name, view.subject, view.company, view.item.key, view.standing.value,
        view.delivered, view.parts, sorted(carriers),
        [(one.kind, one.src_key, one.dst_key) for one in view.path],
    )  # fmt: skip


def _links(conn: Connection, keys: dict[str, str]) -> list[Any]:
    query = select(edges).where(edges.c.removed_at.is_(None))
    return [(row.kind, keys[row.src], keys[row.dst], row.link_id, row.at) for row in conn.execute(query)]


def _issues(conn: Connection) -> list[Any]:
    query = select(items.c.key, items.c.state, items.c.state_at, items.c.resolution, items.c.summary)
    return sorted(map(tuple, conn.execute(query)), key=str)


def _money(conn: Connection) -> list[Any]:
    query = select(companies.c.name, companies.c.customer_minor, companies.c.pipeline_minor)
    return sorted(map(tuple, conn.execute(query)))


def _demand(view: questions.DemandView) -> Any:
    return (
        view.item.key, view.requesters, view.companies, view.votes, view.customer, view.pipeline,
        view.reach_customer, view.reach_pipeline, view.score,
    )  # fmt: skip


def _places(town: Town, conn: Connection) -> list[Any]:
    """Where each request is answered, and whether it can be there."""
    asked = requests.c.id.in_(select(asks.c.request_id))  # a follow-up of ours is nobody's wish
    query = select(requests.c.origin, requests.c.reply_to, requests.c.reply_state).where(asked)
    return sorted((row.origin, _place(town, row.reply_to), row.reply_state) for row in conn.execute(query))


def _place(town: Town, place: str) -> str:
    """A follow-up by the ticket that it follows: its own number depends on the order."""
    number = place.rpartition(":")[2]
    if not place.startswith("zendesk:ticket:") or int(number) in town.scene.tickets:
        return place
    sources = town.scene.zendesk.ticket(int(number)).followup_source_ids
    return f"the follow-up of {sources}"


def _properties(town: Town) -> dict[str, Any]:
    found = {}
    for issue in town.scene.jira.site.issues.values():
        value = issue.properties.get(PROPERTY)
        found[issue.key] = {k: v for k, v in value.items() if k not in {"rev", "at"}} if value else None
    return found


def _notice(town: Town, row: Any, who: Mapping[PersonId, str]) -> Any:
    """None for one that was dropped: what was never said may have been planned more than once."""
    if row.state in {"cancelled", "skipped"} and not row.settled_by:
        return None
    facts = sorted((str(f.get("item")), str(f.get("kind")), str(f.get("happened"))) for f in row.facts)
    return (who.get(row.person_id, "?"), row.lane, row.kind, row.state, _place(town, row.place), facts)


def _to(town: Town, one: Applied) -> str:
    return (
        ""
        if not one.public
        else str(town.scene.zendesk.account.users[town.scene.zendesk.ticket(one.ticket).requester_id].email)
    )


def _body(one: Applied) -> str:
    return PAGE_OF_THEIRS.sub("PAGE", one.body)
