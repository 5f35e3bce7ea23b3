"""The demand board, wherever it is shown: what an address asks for, a page of it, and all of it as CSV.

Everything that is chosen stands in the address, so it can be kept and sent on.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import TypeAlias
from urllib.parse import urlencode

import structlog
from babel.numbers import get_currency_precision
from flask import Response, current_app
from flask.ctx import AppContext
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from lineage import past_places, questions
from lineage.measures import MEASURES, RISING, Measure
from lineage.questions.board import After, Board, Filters, Row, board
from lineage.questions.board_choices import Choices, choices, choices_among
from lineage.terms import ItemId, Money, State
from plugin import app_state
from plugin.cells import line
from store.database import reading, transaction
from store.errors import TryLater
from store.workspaces import Workspace

TOP = 50
WEEKS = 12
CSV_PAGE = 500
WITHIN = (30, 90, 365)
"""Days among which one may choose: only what was asked for in them."""
LONGEST = 255
log = structlog.get_logger()

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FAR = 10**16
"""Microseconds, some three hundred years: no request is as young."""


May: TypeAlias = Callable[[Collection[ItemId]], Mapping[ItemId, bool]]
"""Of these issues those that a reader may see, and whether names of customers are for them there.

May raise connectors.errors."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one address asks for. What is no choice of ours is as if it were not there."""

    sort: Measure
    chosen: Mapping[str, str]
    after: After | None
    then: date | None

    def query(self, **other: str) -> str:
        """The same with other choices, from the first page: `?…`, or nothing."""
        kept = {"sort": self.sort if self.sort != "score" else "", **self.chosen}
        kept |= {"then": self.then.isoformat() if self.then else "", **other}
        given = {name: value for name, value in kept.items() if value}
        return f"?{urlencode(given)}" if given else ""

    def filters(self, now: datetime) -> Filters:
        within, state = self.chosen.get("within"), self.chosen.get("state")
        return Filters(
            project=self.chosen.get("project"),
            component=self.chosen.get("component"),
            state=State(state) if state else None,
            segment=self.chosen.get("segment"),
            asked_since=now - timedelta(days=int(within)) if within else None,
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """One page and what is around it. `since`: the first day on record, None where nothing is."""

    asked: Asked
    board: Board
    choices: Choices
    since: date | None
    today: date
    next: str
    """The query of the next page; empty on the last."""
    left_out: int = 0
    """So many rows of this page are not for its reader."""

    @property
    def rising(self) -> frozenset[str]:
        return RISING


def asked(args: Mapping[str, str], now: datetime) -> Asked:
    """What these arguments of an address choose."""
    sort: Measure = next((one for one in MEASURES if one == args.get("sort")), "score")
    names = ("project", "component", "segment", "state", "within")
    chosen = {name: value for name in names if (value := args.get(name, "").strip()[:LONGEST])}
    if chosen.get("state") not in {state.value for state in State}:
        chosen.pop("state", None)
    if chosen.get("within") not in {str(days) for days in WITHIN}:
        chosen.pop("within", None)
    return Asked(sort, chosen, _after(args.get("after", ""), sort), _day(args.get("then", ""), now))


def page(conn: Connection, workspace: Workspace, wish: Asked, now: datetime) -> Shown:
    """The page that is asked for."""
    today = now.astimezone(UTC).date()
    since = questions.recorded_since(conn, workspace)
    weeks = [day for week in range(WEEKS, 0, -1) if since and (day := today - timedelta(weeks=week)) >= since]
    found = board(
        conn, workspace, sort=wish.sort, filters=wish.filters(now), after=wish.after, top=TOP, weeks=weeks,
        then=wish.then if since and wish.then and wish.then >= since else None,
    )  # fmt: skip
    following = wish.query(after=_written(found.after)) if found.after else ""
    return Shown(wish, found, choices(conn, workspace), since, today, following)


def keep_its_past(workspace: Workspace, shown: Shown) -> None:
    """Has the places of the day it is compared with kept, for whoever compares with it next.

    Outside of a transaction. Does without where nothing can be written: the page is as right.
    """
    then, state = shown.asked.then, app_state.current()
    if then is None or not shown.board.to_keep:
        return
    try:
        with transaction(state.engine) as conn:
            past_places.want(conn, workspace.id, then, shown.asked.sort, now=state.clock())
    except (SQLAlchemyError, TryLater) as trouble:
        log.warning("past_places_not_asked_for", error=type(trouble).__name__)
    else:
        state.wake()


def seen_by(shown: Shown, may: May) -> Shown:
    """The page without what its reader may not see. To be asked outside of a transaction: `may` asks Jira."""
    rows, fallen = shown.board.rows, shown.board.fallen
    found = may([*(row.demand.item.id for row in rows), *(item.id for item, _then in fallen)])
    left = tuple(_for_reader(rows, found))
    board = replace(shown.board, rows=left, fallen=tuple(one for one in fallen if one[0].id in found))
    return replace(shown, board=board, left_out=len(rows) - len(left))


def offered_to(conn: Connection, workspace: Workspace, shown: Shown, *, segments: bool) -> Shown:
    """The page with no other choices than of what its reader sees on it, and of what they chose already.

    Nor does a choice of theirs tell how much is hidden where they may not look.
    """
    there = choices_among(conn, workspace, [row.demand.item.id for row in shown.board.rows])
    chosen = shown.asked.chosen
    offered = Choices(
        _with(there.projects, chosen.get("project")),
        _with(there.components, chosen.get("component")),
        shown.choices.segments if segments else (),
    )
    narrowed = {"project", "component"} & chosen.keys()
    return replace(shown, choices=offered, left_out=0 if narrowed else shown.left_out)


def _with(names: Collection[str], chosen: str | None) -> tuple[str, ...]:
    return tuple(sorted({*names, *([chosen] if chosen else [])}))


def _for_reader(rows: Collection[Row], found: Mapping[ItemId, bool]) -> Iterator[Row]:
    """No company is named beside an issue where customers are not for this reader."""
    for row in rows:
        named = found.get(row.demand.item.id)
        if named is not None:
            yield row if named else replace(row, demand=replace(row.demand, why=()))


def as_csv(workspace: Workspace, wish: Asked, *, summaries: bool, may: May | None = None) -> Response:
    """All of it, a few hundred rows at a time. `summaries`: for whoever may read those of every issue.

    The first rows are there before the first byte is sent, so that what fails at all fails with its own
    status. `may` finds the app, and no request. Raises what `may` raises.
    """
    pages = _pages(current_app.app_context, workspace, wish, summaries=summaries, may=may)
    first = "\ufeff" + line(HEADINGS) + next(pages)
    answer = Response(chain([first], pages), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="demand-{workspace.slug}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


HEADINGS = (
    "place", "issue", "title", "state", "people", "companies", "votes", "customers", "pipeline", "currency",
    "score", "oldest request", "address",
)  # fmt: skip


def _pages(
    inside: Callable[[], AppContext], workspace: Workspace, wish: Asked, *, summaries: bool, may: May | None
) -> Iterator[str]:
    """Nothing is held open between two pages: whoever asked may go away, and another thread tidy up."""
    now = app_state.current().clock()
    after: After | None = None
    while True:
        with inside():
            rows, after = _rows_of(workspace, wish, after, now=now, may=may)
        yield "".join(line(_cells(row, summaries=summaries)) for row in rows)
        if after is None:
            return


def _rows_of(
    workspace: Workspace, wish: Asked, after: After | None, *, now: datetime, may: May | None
) -> tuple[Collection[Row], After | None]:
    """A few hundred rows, and where the next begin."""
    with reading(app_state.current().engine) as conn:
        found = board(conn, workspace, sort=wish.sort, filters=wish.filters(now), after=after, top=CSV_PAGE)
    if may is None:
        return found.rows, found.after
    told = may([row.demand.item.id for row in found.rows])
    return tuple(_for_reader(found.rows, told)), found.after


def _cells(row: Row, *, summaries: bool) -> tuple[object, ...]:
    one = row.demand
    title = one.item.public_title or (one.item.summary if summaries else "")
    oldest = one.oldest_at.date().isoformat() if one.oldest_at else ""
    return (
        row.place, one.item.key, title, one.item.state.value, one.requesters, one.companies, one.votes,
        _plain(one.customer), _plain(one.pipeline), one.customer.currency, Decimal(f"{one.score:.2f}"),
        oldest, one.item.url,
    )  # fmt: skip


def _plain(amount: Money) -> Decimal:
    """A number that any spreadsheet reads: `1250.00`."""
    return Decimal(amount.minor).scaleb(-get_currency_precision(amount.currency))


def _day(given: str, now: datetime) -> date | None:
    """A day that is over."""
    try:
        found = date.fromisoformat(given)
    except ValueError:
        return None
    return found if found < now.astimezone(UTC).date() else None


def _written(after: After) -> str:
    value = after.value
    if isinstance(value, datetime):
        value = (value - EPOCH) // timedelta(microseconds=1)
    return f"{after.place}.{value}.{after.score}.{after.item}"


def _after(given: str, sort: str) -> After | None:
    """The end of the page before; None for what is none."""
    parts = given.split(".")
    if len(parts) != 4 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        return None
    place, number, score = map(int, parts[:3])
    value = EPOCH + timedelta(microseconds=min(number, FAR)) if sort in RISING else number
    return After(place, value, score, parts[3])
