"""The approval queue a page at a time: what fits, and what each person heard or would have heard before.

Each page begins behind the last row of the one before. Of ten thousand messages that wait none is read but
those of the page; only what fits is counted, by an index.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    func,
    or_,
    select,
    text,
    type_coerce,
)

from lineage.outcomes import NOT_OVER
from lineage.outcomes import notices as kept
from lineage.questions.notices import notices as views_of
from lineage.questions.told import SAID
from lineage.questions.views import NoticeView
from lineage.terms import ItemId
from lineage.votes import IN_COMMUNITY, OWN_TICKET
from store.workspaces import Workspace

Group = Literal["waiting", "scheduled", "going", "stuck", "done"]

STATES: dict[Group, tuple[str, ...]] = {
    "waiting": ("awaiting_approval",),
    "scheduled": ("queued",),
    "going": ("held", "queued", "sending", "unknown"),
    "stuck": ("blocked",),
    "done": (*SAID, "cancelled", "skipped"),
}
"""Scheduled is what was approved for a moment that is still to come; it is not going yet."""

WHERE = {
    "ticket": "zendesk:ticket:",
    "followup": "zendesk:followup:",
    "own": f"{OWN_TICKET}:",
    "community": f"{IN_COMMUNITY}:",
    "forum": "forum:",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """None leaves it open. `language`: also with a region; `where`: a key of `WHERE`."""

    kind: str | None = None
    state: str | None = None
    lane: str | None = None
    item: ItemId | None = None
    language: str | None = None
    where: str | None = None

    def __bool__(self) -> bool:
        return any((self.kind, self.state, self.lane, self.item, self.language, self.where))


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Before:
    """Words that stood or stand for the same: `what` is drafted (by us, before somebody edited them),
    approved (last, or edited and fallen away), or told (the last thing that the person heard, `at` then).
    """

    what: Literal["drafted", "approved", "told"]
    words: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """One message of the queue, and what to compare it with; None for a person who never heard anything."""

    notice: NoticeView
    before: Before | None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """`total`: so many fit; None for what is settled, which nobody counts. `after`: where the next page
    begins, None on the last.
    """

    messages: tuple[Queued, ...]
    total: int | None
    after: int | None


def queue(
    conn: Connection,
    workspace: Workspace,
    group: Group,
    filters: Filters = EVERYTHING,
    *,
    now: datetime,
    after: int = 0,
    most: int = 50,
) -> QueuePage:
    """The oldest messages of a group that fit, from behind `after`; of those that are settled, the newest."""
    states = [one for one in STATES[group] if filters.state in (None, one)]
    fits = [*_fits(workspace, filters), *_by_time(group, now)]
    if group == "done":
        ids = _newest(conn, and_(*fits, kept.c.state.in_(states)), after, most + 1)
    else:
        ids = sorted(one for state in states for one in _oldest(conn, fits, state, after, most + 1))
    page = ids[:most]
    views = views_of(conn, workspace, ids=page)
    views.sort(key=lambda view: page.index(view.id))
    total = None if group == "done" else _count(conn, fits, states)
    return QueuePage(
        tuple(_with_before(conn, workspace, views)), total, page[-1] if len(ids) > most else None
    )


def scheduled(conn: Connection, workspace: Workspace, *, now: datetime) -> int:
    """How many were approved for a moment that is still to come."""
    return _count(conn, [*_fits(workspace, EVERYTHING), *_by_time("scheduled", now)], ["queued"])


def _fits(workspace: Workspace, filters: Filters) -> list[ColumnElement[bool]]:
    found = [kept.c.workspace_id == workspace.id, kept.c.lane != "note"]
    found += [kept.c[name] == wanted for name in ("kind", "lane") if (wanted := getattr(filters, name))]
    if filters.language:
        found.append(
            or_(kept.c.language == filters.language, kept.c.language.startswith(filters.language + "-"))
        )
    if filters.where:
        found.append(kept.c.place.startswith(WHERE[filters.where], autoescape=True))
    if filters.item:  # facts are kept as compact JSON with sorted keys: an item is named in exactly one way
        named = f'"item":"{filters.item}"'
        found.append(type_coerce(kept.c.facts, Text).contains(named, autoescape=True))
    return found


def _by_time(group: Group, now: datetime) -> list[ColumnElement[bool]]:
    later = and_(kept.c.state == "queued", kept.c.not_before > now)
    if group == "scheduled":
        return [later]
    return (
        [or_(kept.c.state != "queued", kept.c.not_before.is_(None), kept.c.not_before <= now)]
        if (group == "going")
        else []
    )


def _oldest(
    conn: Connection, fits: Sequence[ColumnElement[bool]], state: str, after: int, most: int
) -> Sequence[int]:
    """A state at a time: then its index gives them in order."""
    query = select(kept.c.id).where(*fits, kept.c.state == state, text(NOT_OVER), kept.c.id > after)
    return conn.scalars(query.order_by(kept.c.id).limit(most)).all()


def _newest(conn: Connection, fits: ColumnElement[bool], after: int, most: int) -> Sequence[int]:
    query = select(kept.c.id).where(fits)
    if after:
        query = query.where(kept.c.id < after)
    return conn.scalars(query.order_by(kept.c.id.desc()).limit(most)).all()


def _count(conn: Connection, fits: Sequence[ColumnElement[bool]], states: Collection[str]) -> int:
    query: Select[int] = select(func.count()).select_from(kept)
    return conn.scalar(query.where(*fits, kept.c.state.in_(states), text(NOT_OVER))) or 0


def _with_before(conn: Connection, workspace: Workspace, views: Sequence[NoticeView]) -> Iterator[Queued]:
    told = _last_told(conn, workspace, {view.person_id for view in views})
    for view in views:
        if view.drafted_text is not None:
            yield Queued(view, Before("drafted", view.drafted_text))
        elif view.words_before not in (None, view.text):
            yield Queued(view, Before("approved", view.words_before or ""))
        else:
            heard = told.get(view.person_id)
            said = heard is not None and heard[0] != view.id and heard[1]
            yield Queued(view, Before("told", *heard[1:]) if heard and said else None)


def _last_told(
    conn: Connection, workspace: Workspace, persons: Collection[int]
) -> dict[int, tuple[int, str, datetime | None]]:
    """The newest message that each of these persons was told."""
    theirs = (kept.c.workspace_id == workspace.id, kept.c.person_id.in_(persons), kept.c.state.in_(SAID))
    newest = select(func.max(kept.c.id)).where(*theirs, kept.c.lane != "note").group_by(kept.c.person_id)
    query = select(kept.c.id, kept.c.person_id, kept.c.text, kept.c.sent_at).where(kept.c.id.in_(newest))
    return {row.person_id: (row.id, row.text, row.sent_at) for row in conn.execute(query)}
