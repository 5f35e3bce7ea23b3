"""What one person would be told now, in which words and where: the send plan, worked out and not written.

The same drafts are shown before anything leaves ("if you finish this now"), kept as notices, and worked
out again in the very transaction that begins to send.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row

from lineage.graph import Node
from lineage.news import Answered, Happened, Owed, Policy, Told, kind_of_notice, owed
from lineage.person_news import Asker, ask_now, asks_now, hear, load_askers
from lineage.recipients import Place, entry_place, place_for
from lineage.terms import (
    FINAL,
    AskId,
    ItemId,
    Kind,
    Lane,
    NoticeState,
    PersonId,
    RequestId,
    Standing,
    State,
)
from lineage.titles import title_of
from lineage.together import together
from lineage.votes import PUBLIC
from lineage.wording import Line, Message, Retraction, Section, Written, write
from lineage.world import World
from store.workspaces import Workspace

NO_TITLE = "{keys} has no public title, so customers cannot be told of it: set one"
NO_TITLES = "{keys} have no public titles, so customers cannot be told of them: set them"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a post says to everybody, beside what one of its voters is told in a ticket of their own."""

    place: str
    facts: tuple[Owed, ...]
    """Those that the votes for this post are owed: what else the person asked for is nobody's business."""
    message: Message

    @property
    def written(self) -> Written:
        return _written(self.message)


@dataclass(frozen=True, slots=True)
class Draft:
    """One message to one person. `state` is set where it must not go out, and `reason` says why."""

    person: Row[Any]
    lane: Lane
    kind: Kind
    facts: tuple[Owed, ...]
    place: str
    language: str
    message: Message | None
    state: NoticeState | None = None
    reason: str = ""
    promised: frozenset[AskId] = frozenset()
    """The asks for which the words promise that more will follow."""
    entry: Entry | None = None
    untitled: frozenset[ItemId] = frozenset()
    """The items that `reason` names, where it is that they have no public titles."""

    @property
    def written(self) -> Written | None:
        return _written(self.message) if self.message else None

    @property
    def digest(self) -> str:
        """Names exactly this recipient, place and wording (the entry too); an approval holds for it alone."""
        said = self.written.text if self.written else ""
        named = "\x00".join((str(self.person.id), self.lane, self.place, said))
        if self.entry:
            named = f"{named}\x00{self.entry.place}\x00{self.entry.written.text}"
        return hashlib.sha256(named.encode()).hexdigest()[:12]


@lru_cache(maxsize=64)
def _written(message: Message) -> Written:
    return write(message)


def drafts(
    conn: Connection,
    workspace: Workspace,
    world: World,
    person: PersonId,
    set_aside: Callable[[Owed], bool] = lambda fact: False,
) -> list[Draft]:
    """What is owed to this person, one draft a lane, and in public one a place (`together.py`).
    `set_aside`: what is being told or was dealt with.
    """
    heard = hear(conn, workspace.id, world, [person])
    for asker in load_askers(conn, workspace.id, [person], heard):
        return drafts_for(workspace, world, asker, set_aside)
    return []


def drafts_for(
    workspace: Workspace, world: World, asker: Asker, set_aside: Callable[[Owed], bool] = lambda fact: False
) -> list[Draft]:
    """The same for a person who is loaded already."""

    def request_of(fact: Owed) -> Row[Any]:
        return asker.requests[world.asks[fact.ask].request]

    def place_of(told: Sequence[Owed]) -> Place:
        rows = {row.id: row for row in map(request_of, told)}
        own_ticket = workspace.policy.voter_tickets and asker.person.reachable
        return place_for(asker.person, [rows[one] for one in sorted(rows)], own_ticket=own_ticket)

    everything = owed_to(workspace, world, PersonId(asker.person.id), asker.heard)
    facts = [fact for fact in everything if not set_aside(fact)]
    return [
        _draft(workspace, world, asker, lane, told, place)
        for lane in Lane
        if (of_lane := [fact for fact in facts if fact.lane is lane])
        for told, place in together(of_lane, request_of, place_of)
    ]


def owed_to(workspace: Workspace, world: World, person: PersonId, heard: Sequence[Told]) -> list[Owed]:
    """Everything that this person, whose asks are loaded, is owed by the policy of the workspace."""
    policy = Policy(frozenset(Kind(kind) for kind in workspace.policy.auto_kinds))
    return owed(asks_now(world, person), heard, policy, world.merged_into)


def _draft(
    workspace: Workspace, world: World, asker: Asker, lane: Lane, facts: Sequence[Owed], place: Place
) -> Draft:
    person = asker.person
    answered = asker.requests.get(RequestId(place.request))
    public = place.place.startswith(PUBLIC)
    language = (answered.language if answered else None) or person.language or "en"
    if public:
        language = asker.languages.of(place.place) or "en"
    kind, untitled = kind_of_notice({fact.kind for fact in facts}), _untitled(world, facts)
    draft = Draft(person, lane, kind, tuple(facts), place.place, language, None, place.state, place.reason)
    if place.state is not None:
        return draft
    if untitled:
        reason = (NO_TITLE if len(untitled) == 1 else NO_TITLES).format(keys=", ".join(sorted(untitled)))
        return replace(draft, state=NoticeState.BLOCKED, reason=reason, untitled=frozenset(untitled.values()))
    sections = _sections(world, facts, Answered(asker.heard, world.merged_into))
    follow_url = asker.links.to(answered) if answered else None
    if sections and not public:
        sections, follow_url = _each_with_its_page(world, asker, sections, RequestId(place.request))
    message = Message(
        kind=kind,
        language=language,
        name=person.name,
        sections=tuple(sections.values()),
        retractions=tuple(_retractions(world, facts, asker.heard)),
        follow_url=follow_url,
        followup_subject=place.subject or None,
        public=public,
        sender=workspace.name,
        own=asker.wordings.of(kind, language),
    )
    promised = frozenset(ask for group, section in sections.items() if not section.final for ask in group)
    entry = _entry(workspace, world, asker, facts, entry_place(place, answered))
    return replace(draft, message=message, promised=promised, entry=entry)


def _entry(
    workspace: Workspace, world: World, asker: Asker, facts: Sequence[Owed], place: str
) -> Entry | None:
    """In the words that everybody would have read if nobody had a ticket of their own."""
    if not place:
        return None
    votes = {request for request, row in asker.requests.items() if place in (row.reply_to, row.moved_from)}
    of_post = [fact for fact in facts if world.asks[fact.ask].request in votes]
    kind = kind_of_notice({fact.kind for fact in of_post})
    language = asker.languages.of(place) or "en"
    message = Message(
        kind=kind,
        language=language,
        name="",
        sections=tuple(_sections(world, of_post, Answered(asker.heard, world.merged_into)).values()),
        retractions=tuple(_retractions(world, of_post, asker.heard)),
        public=True,
        sender=workspace.name,
        own=asker.wordings.of(kind, language),
    )
    return Entry(place, tuple(of_post), message)


def _untitled(world: World, facts: Collection[Owed]) -> dict[str, ItemId]:
    """The items that a message would have to name and cannot, by key."""
    return {
        str(world.items[node.item].key): node.item
        for ask in {fact.ask for fact in facts}
        for node in world.rest(ask).shares
        if title_of(world, node, world.rest(ask)) is None
    }


def _sections(world: World, facts: Sequence[Owed], answered: Answered) -> dict[tuple[AskId, ...], Section]:
    """One section for what was asked: asks that rest on the same items are told together."""
    grouped: dict[frozenset[Node], list[AskId]] = {}
    for ask in sorted({fact.ask for fact in facts if fact.kind is not Kind.CORRECTION}):
        grouped.setdefault(frozenset(world.rest(ask).shares), []).append(ask)
    return {tuple(group): _section(world, group, facts, answered) for group in grouped.values()}


def _each_with_its_page(
    world: World, asker: Asker, sections: dict[tuple[AskId, ...], Section], here: RequestId
) -> tuple[dict[tuple[AskId, ...], Section], str | None]:
    """One link where one request asked for all of it; else one for what was asked for elsewhere."""
    pages: dict[tuple[AskId, ...], str] = {}
    for group in sections:
        asked = [world.asks[ask].request for ask in group]
        pages[group] = asker.links.to(asker.requests[here if here in asked else asked[0]]) or ""
    if len(set(pages.values())) == 1:
        return sections, next(iter(pages.values())) or None
    return {group: replace(one, follow_url=pages[group]) for group, one in sections.items()}, None


def _section(world: World, group: list[AskId], facts: Sequence[Owed], answered: Answered) -> Section:
    first = min(group, key=lambda ask: (world.asks[ask].asked_at, ask))
    now, rest = ask_now(world, first), world.rest(first)
    fresh = {(fact.item, fact.own) for fact in facts if fact.ask in group and _is_new(fact)}
    known = {c.item for c in now.carriers if any(answered(ask, c.item, Happened.DECLINED) for ask in group)}
    hidden = _not_said_yet([c for c in now.carriers if c.item not in known], fresh, facts)
    lines = tuple(
        Line(
            title_of(world, Node(carrier.item, carrier.own), rest) or "",
            State.OPEN if (carrier.item, carrier.own) in hidden else carrier.state,
            (carrier.item, carrier.own) in fresh,
        )
        for carrier in now.carriers
    )
    standing = Standing.PART_DELIVERED if hidden and now.progress.delivered else now.progress.standing
    final = standing in FINAL and not hidden
    how: Any = "vote" if world.asks[first].vote else "ticket"
    return Section(
        world.asks[first].asked_at, how, lines, now.progress.delivered, now.progress.parts, standing, final,
        _about(world, first, lines),
    )  # fmt: skip


def _about(world: World, ask: AskId, lines: Sequence[Line]) -> str:
    """What was asked for, as customers know it; nothing where the only line says just that."""
    title = str(world.items[world.asks[ask].item].public_title or "")
    return "" if [line.title for line in lines] == [title] else title


def _is_new(fact: Owed) -> bool:
    """Whether the fact is that something happened to its item, and not a word about the ask itself."""
    return fact.kind is not Kind.CORRECTION and fact.happened not in {Happened.CLOSING, Happened.LINKED}


def _not_said_yet(
    carriers: Sequence[Any], fresh: Collection[tuple[ItemId, bool]], facts: Sequence[Owed]
) -> set[tuple[ItemId, bool]]:
    """Parts that were declined while nobody approved saying so: nothing automatic gives it away."""
    if any(fact.lane is Lane.APPROVAL or fact.happened is Happened.CLOSING for fact in facts):
        return set()
    return {
        (carrier.item, carrier.own)
        for carrier in carriers
        if carrier.state is State.DECLINED and (carrier.item, carrier.own) not in fresh
    }


def _retractions(world: World, facts: Sequence[Owed], heard: Sequence[Told]) -> list[Retraction]:
    said: dict[int, datetime] = {row.told: row.at for row in heard}
    taken_back = {fact.told: fact for fact in facts if fact.kind is Kind.CORRECTION}
    return [
        Retraction(
            title_of(world, Node(fact.item, fact.own), world.rest(fact.ask))
            or title_of(world, Node(fact.item), world.rest(fact.ask))
            or "",
            State(fact.happened.value),
            said[told],
        )
        for told, fact in sorted(taken_back.items())
    ]
