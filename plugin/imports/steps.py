"""The steps of an import of links: each reads a little, commits it together with how far it came, and ends.

So a worker that dies loses one step at most, which is done again and says nothing new. Each step is followed
by a rest, so that all of them take a quarter of the calls that the account bears: agents and replies need the
others.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Connection as Database
from sqlalchemy import Row, select, tuple_, update

from connectors import accounts, calls
from connectors import known as known_links
from connectors.errors import NotFound
from connectors.jira.client import Jira
from connectors.jira.look import mapping_of
from connectors.jira.reading import read_around, read_issue
from connectors.resting import Rests
from connectors.zendesk.client import Zendesk
from connectors.zendesk.jira_links import page
from connectors.zendesk.reader import read_ticket
from lineage import ledger
from lineage.changes import Change, IssueSeen, TicketSeen
from lineage.operator_changes import LinkImported
from lineage.terms import ItemId, Origin
from plugin.app_state import Kithspark
from plugin.imports.tables import (
    ALREADY,
    CHECKING,
    DONE,
    LINKED,
    LINKING,
    LISTING,
    NEW,
    NO_ISSUE,
    NO_TICKET,
    READY,
    SHELF,
    import_links,
    imports,
)
from store import connections, workspaces
from store.connections import Connection
from store.database import insert_or_ignore, reading, transaction
from store.waiting import Claimed, Superseded
from store.workspaces import Workspace

CHECKED_AT_ONCE = 100
"""Tickets that Zendesk shows in one call."""
TICKETS_AT_ONCE = 5
AROUND = 200
"""Issues that links lead to, read with those of one step: more is left to the worker's looks."""

SHARE = 0.25
CALLS_A_MINUTE = 200
"""What the smallest account bears, until an answer says otherwise."""
COUNTED_AT_ONCE = 500
ORIGIN = "zendesk:ticket:{}"


@dataclass(frozen=True, slots=True)
class Importing:
    """A claimed step: whose, and from where it reads."""

    app: Kithspark
    claimed: Claimed
    workspace: Workspace
    zendesk: Zendesk
    zendesk_account: Connection
    jira: Jira
    jira_account: Connection

    @property
    def row(self) -> Mapping[str, Any]:
        return self.claimed.row

    def obeying(self, account: Connection) -> AbstractContextManager[None]:
        """Around calls to one of the two, each by itself: the trouble of one is no rest of the other."""
        return Rests(self.app.engine, self.app.clock).obeyed(account)

    def go_on(self, conn: Database, values: Mapping[str, Any], *, rest_s: float = 0) -> None:
        """Keep how far it came. Raises Superseded where another worker has this step."""
        now = self.app.clock()
        kept = {"lease_until": None, "attempts": 0, "reason": "", "due_at": now + timedelta(seconds=rest_s)}
        if values.get("phase", self.row["phase"]) != self.row["phase"]:
            kept |= {"phase_at": now, "cursor": ""}
        done = conn.execute(update(imports).where(SHELF.held(self.claimed)).values(**kept | dict(values)))
        if done.rowcount != 1:
            raise Superseded(f"the import of {self.workspace.slug} was taken over by another worker")


Step: TypeAlias = Callable[[Importing, list[calls.Call]], None]


def step(app: Kithspark, claimed: Claimed) -> None:
    """One step. Raises TryLater, GiveUp and Superseded."""
    with reading(app.engine) as conn:
        workspace = workspaces.by_id(conn, claimed.workspace_id)
        helpdesk = connections.load(conn, app.vault, workspace.id, "zendesk")
        tracker = connections.load(conn, app.vault, workspace.id, "jira")
    importing = Importing(
        app, claimed, workspace, accounts.zendesk(helpdesk), helpdesk, accounts.jira(tracker), tracker
    )
    with calls.noted() as made:
        STEPS[claimed.row["phase"]](importing, made)
    app.wake()


def _rest_s(importing: Importing, made: Iterable[calls.Call]) -> float:
    """How long the calls of this step last at our share of what the account bears."""
    asked = sum(call.system == "zendesk" for call in made)
    return asked * 60 / (SHARE * (importing.zendesk.calls_a_minute() or CALLS_A_MINUTE))


def _list(importing: Importing, made: list[calls.Call]) -> None:
    """One page of links."""
    with importing.obeying(importing.zendesk_account):
        found = page(importing.zendesk, importing.row["source"], importing.row["cursor"])
    with transaction(importing.app.engine) as conn:
        for link in found.links:
            key = {"workspace_id": importing.workspace.id, "ticket": link.ticket, "issue": link.issue}
            insert_or_ignore(conn, import_links, key | {"key": link.key, "linked_at": link.at})
        rest_s = _rest_s(importing, made)
        if found.cursor:
            importing.go_on(conn, {"cursor": found.cursor, "source": found.source}, rest_s=rest_s)
        else:
            importing.go_on(conn, {"phase": CHECKING}, rest_s=rest_s)


def _check(importing: Importing, made: list[calls.Call]) -> None:
    """What is to be done with the links of the next hundred tickets."""
    here = import_links.c.workspace_id == importing.workspace.id
    ahead = select(import_links.c.ticket).distinct().where(here)
    ahead = ahead.where(import_links.c.ticket > importing.row["cursor"]).order_by(import_links.c.ticket)
    with reading(importing.app.engine) as conn:
        tickets = list(conn.scalars(ahead.limit(CHECKED_AT_ONCE)))
        links = conn.execute(select(import_links).where(here, import_links.c.ticket.in_(tickets))).all()
        known = known_links.asked_for(conn, importing.workspace.id, map(ORIGIN.format, tickets))
    with importing.obeying(importing.zendesk_account):
        there = importing.zendesk.tickets_there(list(filter(_is_number, tickets))) if tickets else set()
    shown = _issues_there(importing, {row.issue for row in links})
    with transaction(importing.app.engine) as conn:
        for row in links:
            _mark(conn, importing, [(row.ticket, row.issue)], _finding(row, known, there, shown))
        if len(tickets) == CHECKED_AT_ONCE:
            importing.go_on(conn, {"cursor": tickets[-1]}, rest_s=_rest_s(importing, made))
            return
        counted = {
            "tickets": _distinct(conn, importing, "ticket"),
            "issues": _distinct(conn, importing, "issue"),
        }
        if importing.row["preview"]:
            importing.go_on(conn, {"phase": READY, **counted, "due_at": None})
        else:
            importing.go_on(conn, {"phase": LINKING, **counted}, rest_s=_rest_s(importing, made))


def _finding(row: Row[Any], known: set[tuple[str, str]], tickets: set[str], issues: set[str]) -> str:
    if (ORIGIN.format(row.ticket), row.issue) in known:
        return ALREADY
    if row.ticket not in tickets:
        return NO_TICKET
    return NEW if row.issue in issues else NO_ISSUE


def _link(importing: Importing, made: list[calls.Call]) -> None:
    """The links of the next few tickets are recorded, as of the time at which their reading began."""
    as_of, links = importing.app.clock(), _next_links(importing)
    if not links:
        with transaction(importing.app.engine) as conn:
            importing.go_on(conn, {"phase": DONE, "finished_at": as_of, "due_at": None})
        return
    wanted = [ItemId(issue) for issue in dict.fromkeys(row.issue for row in links)]
    with importing.obeying(importing.jira_account):
        mapping, site = mapping_of(importing.jira_account), importing.jira_account.url
        issues = read_around(importing.jira, wanted, mapping=mapping, site=site, most=AROUND)
        for item in set(wanted) - {one.item for one in issues}:  # a call for many may leave one out
            with suppress(NotFound):
                issues.append(read_issue(importing.jira, item, mapping=mapping, site=site))
    with importing.obeying(importing.zendesk_account):
        tickets = {one: _ticket(importing, one) for one in dict.fromkeys(row.ticket for row in links)}
    with transaction(importing.app.engine) as conn:
        workspaces.hold(conn, importing.workspace.id)
        importing.go_on(conn, {}, rest_s=_rest_s(importing, made))
        _record(conn, importing, links, issues, tickets, as_of)


def _record(
    conn: Database,
    importing: Importing,
    links: list[Row[Any]],
    issues: list[IssueSeen],
    tickets: Mapping[str, TicketSeen | None],
    as_of: datetime,
) -> None:
    shown = {one.item for one in issues}
    seen: list[Change] = [*issues, *(ticket for ticket in tickets.values() if ticket is not None)]
    for row in links:
        found = LINKED if row.issue in shown else NO_ISSUE
        found = found if tickets[row.ticket] is not None else NO_TICKET
        _mark(conn, importing, [(row.ticket, row.issue)], found)
        if found == LINKED:
            origin, item = Origin.parse(ORIGIN.format(row.ticket)), ItemId(row.issue)
            at = min(row.linked_at or as_of, as_of)
            seen.append(LinkImported(origin, item, importing.row["started_by"], at, as_of))
    cause = f"import:{importing.claimed.id}:{importing.claimed.fence}"
    for number, change in enumerate(seen):
        ledger.record(conn, importing.workspace, change, cause=f"{cause}:{number}", now=as_of)


def _next_links(importing: Importing) -> list[Row[Any]]:
    """Every link still to be recorded of the next few tickets."""
    to_do = (import_links.c.workspace_id == importing.workspace.id, import_links.c.found == NEW)
    ahead = select(import_links.c.ticket).distinct().where(*to_do).order_by(import_links.c.ticket)
    with reading(importing.app.engine) as conn:
        tickets = list(conn.scalars(ahead.limit(TICKETS_AT_ONCE)))
        query = select(import_links).where(*to_do, import_links.c.ticket.in_(tickets))
        return list(conn.execute(query.order_by(import_links.c.ticket, import_links.c.issue)).all())


def _ticket(importing: Importing, number: str) -> TicketSeen | None:
    try:
        return read_ticket(importing.zendesk, number)
    except NotFound:
        return None


def _issues_there(importing: Importing, ids: set[str]) -> set[str]:
    """Those of these issues that Jira shows, or did not say of that it does not."""
    wanted = [ItemId(one) for one in sorted(ids) if _is_number(one)]
    with importing.obeying(importing.jira_account):
        found = importing.jira.issues(wanted)
    return {str(one) for one in set(wanted) - set(found.missing)}


def _mark(conn: Database, importing: Importing, which: list[tuple[str, str]], found: str) -> None:
    table = import_links.c
    of = (table.workspace_id == importing.workspace.id, tuple_(table.ticket, table.issue).in_(which))
    conn.execute(update(import_links).where(*of).values(found=found))


def _distinct(conn: Database, importing: Importing, name: str) -> int:
    """How many tickets, or issues, the links have."""
    column, counted, last = import_links.c[name], 0, ""
    query = select(column).distinct().where(import_links.c.workspace_id == importing.workspace.id)
    while True:
        some = list(conn.scalars(query.where(column > last).order_by(column).limit(COUNTED_AT_ONCE)))
        counted += len(some)
        if len(some) < COUNTED_AT_ONCE:
            return counted
        last = some[-1]


def _is_number(ident: str) -> bool:
    return ident.isascii() and ident.isdigit()


STEPS: Mapping[str, Step] = {LISTING: _list, CHECKING: _check, LINKING: _link}
