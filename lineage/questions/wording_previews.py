"""An operator's template on real cases of their workspace, before anybody is written to. Nothing is written.

First what waits to be said now, exactly as it would leave; then people's requests, as if it were so far.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from sqlalchemy import Connection, select

from lineage.drafting import drafts_for
from lineage.outcomes import LIVE, notices
from lineage.person_news import Asker, hear, load_askers
from lineage.standing import progress
from lineage.tables import asks, requests
from lineage.terms import FINAL, AskId, Kind, PersonId, State
from lineage.titles import title_of
from lineage.votes import PUBLIC
from lineage.wording import Line, Message, Retraction, Section, write
from lineage.wording.languages import language_of
from lineage.wordings import KeptWordings, Proposed
from lineage.world import World
from store.workspaces import Workspace

MOST, CONSIDERED = 3, 200


@dataclass(frozen=True, slots=True)
class Preview:
    """One message. `waits`: it is owed now; else it is shown as if. `trouble`: why ours stands in for it."""

    person_name: str
    where: str
    text: str
    html: str
    waits: bool
    trouble: str


def preview(
    conn: Connection, workspace: Workspace, kind: Kind, language: str, template: str, *, most: int = MOST
) -> list[Preview]:
    """At most so many cases of this kind and language; none where nobody has asked for anything titled."""
    own = Proposed(kind, language, template, KeptWordings(conn, workspace.id))
    waiting = dict(islice(_waiting(conn, workspace, own), most))
    shown = list(dict.fromkeys(waiting.values()))  # an entry in the forum is the same for all who voted
    if len(shown) == most:
        return shown
    for person, case in _supposed(conn, workspace, own):
        if person not in waiting and case not in shown:
            shown.append(case)
        if len(shown) == most:
            break
    return shown


def _waiting(conn: Connection, workspace: Workspace, own: Proposed) -> Iterator[tuple[PersonId, Preview]]:
    query = (
        select(notices.c.person_id)
        .distinct()
        .where(notices.c.workspace_id == workspace.id, notices.c.kind == own.kind.value)
        .where(notices.c.state.in_(LIVE), notices.c.text != "")
        .order_by(notices.c.person_id)
        .limit(CONSIDERED)
    )
    persons = [PersonId(person) for person in conn.scalars(query)]
    world = World(conn, workspace.id)
    heard = hear(conn, workspace.id, world, persons)
    for asker in load_askers(conn, workspace.id, persons, heard):
        for draft in drafts_for(workspace, world, replace(asker, wordings=own)):
            fits = draft.kind is own.kind and language_of(draft.language) == own.language
            if fits and draft.message is not None:
                shown = _shown(draft.message, draft.place, asker.person.name, waits=True)
                yield PersonId(asker.person.id), shown


def _supposed(conn: Connection, workspace: Workspace, own: Proposed) -> Iterator[tuple[PersonId, Preview]]:
    """The latest requests whose items have public titles, as if their news were of this kind."""
    query = (
        select(asks.c.id, requests.c.person_id)
        .join(requests, requests.c.id == asks.c.request_id)
        .where(asks.c.workspace_id == workspace.id, asks.c.withdrawn_at.is_(None))
        .order_by(asks.c.id.desc())
        .limit(CONSIDERED)
    )
    rows = conn.execute(query).all()
    world = World(conn, workspace.id)
    world.load_asks([AskId(row.id) for row in rows])
    askers = {
        asker.person.id: asker
        for asker in load_askers(conn, workspace.id, [PersonId(row.person_id) for row in rows], {})
    }
    for row in rows:
        message = _as_if(workspace, world, askers[row.person_id], AskId(row.id), own)
        if message is not None:
            request = askers[row.person_id].requests[world.asks[AskId(row.id)].request]
            shown = _shown(message, request.reply_to, message.name, waits=False)
            yield PersonId(row.person_id), shown


def _as_if(workspace: Workspace, world: World, asker: Asker, ask: AskId, own: Proposed) -> Message | None:
    """None where customers may read no title of it, or where this kind cannot be said of it."""
    if ask not in world.asks or asker.person.erased_at is not None:
        return None
    row, rest = world.asks[ask], world.rest(ask)
    titles = [title_of(world, node, rest) for node in rest.shares]
    named = [title for title in titles if title]
    if not named or len(named) < len(titles) or (own.kind is Kind.PART_DELIVERED and len(named) < 2):
        return None
    about = str(world.items[row.item].public_title or "")
    lines = _lines(own.kind, named)
    so_far = progress([line.state for line in lines])
    section = Section(
        row.asked_at, "vote" if row.vote else "ticket", lines, so_far.delivered, so_far.parts,
        so_far.standing, so_far.standing in FINAL, "" if named == [about] else about,
    )  # fmt: skip
    taken_back = (Retraction(named[0], State.DELIVERED, row.asked_at),) if own.kind is Kind.CORRECTION else ()
    public = asker.requests[row.request].reply_to.startswith(PUBLIC)
    return Message(
        own.kind, own.language, asker.person.name, () if taken_back else (section,), taken_back,
        asker.links.to(asker.requests[row.request]), public=public, sender=workspace.name, own=own.template,
    )  # fmt: skip


def _lines(kind: Kind, titles: list[str]) -> tuple[Line, ...]:
    fresh, others = {
        Kind.LINKED: (State.OPEN, State.OPEN),
        Kind.STARTED: (State.STARTED, State.OPEN),
        Kind.PART_DELIVERED: (State.DELIVERED, State.STARTED),
        Kind.DELIVERED: (State.DELIVERED, State.DELIVERED),
        Kind.DECLINED: (State.DECLINED, State.DECLINED),
        Kind.CORRECTION: (State.OPEN, State.OPEN),
    }[kind]
    return tuple(
        Line(title, fresh if first else others, first or others is fresh)
        for first, title in ((number == 0, title) for number, title in enumerate(titles))
    )


def _shown(message: Message, where: str, name: str, *, waits: bool) -> Preview:
    written = write(message)
    return Preview("" if message.public else name, where, written.text, written.html, waits, written.trouble)
