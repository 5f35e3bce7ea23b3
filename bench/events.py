"""The small events, each told to the ledger as those who hear of it tell it, in a durable transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from sqlalchemy import event, insert

from bench.company import DAY, FIRST, ORDINARY, Company, ordinary, part
from bench.measure import Do
from lineage import ledger
from lineage.changes import Change, CompanySeen, IssueSeen, Linked, PersonSeen, Unlinked, Voted
from lineage.seen import EdgeSeen
from lineage.tables import history
from lineage.terms import EdgeKind, ItemId, Origin
from store.database import transaction

NOW = DAY + timedelta(days=300)

Event: TypeAlias = Callable[[int], Change]
"""From a running number to what is told."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of small event. `before` is told first and not timed."""

    name: str
    event: Event
    before: Event | None = None


def seen(number: str, *edges: EdgeSeen, minute: int) -> IssueSeen:
    """An open issue with these links, read at this minute."""
    return IssueSeen(
        item=ItemId(number), key=f"KS-{number}", summary="", project="KS", issue_type="Story", status="Open",
        category="new", resolution_id=None, resolution=None, meaning=None, created=DAY,
        updated=NOW + timedelta(minutes=minute), state_at=DAY, edges=edges,
    )  # fmt: skip


def _edge(ident: int, kind: EdgeKind, src: str, dst: str) -> EdgeSeen:
    return EdgeSeen(str(FIRST + ident), kind, ItemId(src), ItemId(dst), f"KS-{dst}", NOW)


def _pair(n: int) -> tuple[str, str]:
    return ordinary(600 + 2 * n), ordinary(600 + 2 * n + 1)


def _merge(n: int, minute: int = 1) -> IssueSeen:
    src, dst = _pair(n)
    return seen(src, _edge(n, EdgeKind.MERGED, src, dst), minute=minute)


def _split(n: int) -> IssueSeen:
    whole, parts = ordinary(1_500 + n), (part(2 * n), part(2 * n + 1))
    edges = [_edge(ORDINARY + 2 * n + i, EdgeKind.SPLIT, whole, one) for i, one in enumerate(parts)]
    return seen(whole, *edges, minute=1)


def _ticket(n: int) -> Origin:
    return Origin("zendesk:ticket", str(FIRST + 3 * ORDINARY + n % ORDINARY))


def _worth(n: int) -> CompanySeen:
    number = FIRST + 6_000 + n
    return CompanySeen(str(number), f"Company {number}", 2_000_000 + n, 70_000, NOW)


KINDS = (
    Kind("vote", lambda n: Voted(ordinary(n), PersonSeen("forum", f"m{n}", "M", (f"m{n}@x.example",)), NOW)),
    Kind("link", lambda n: Linked(_ticket(n), ItemId(ordinary(300 + n)), "bench", NOW)),
    Kind("unlink", lambda n: Unlinked(_ticket(n), ItemId(ordinary(300 + n)), False, "bench", NOW)),
    Kind("merge", _merge),
    Kind(
        "undo of the merge",
        lambda n: seen(_pair(n)[1], minute=3),
        before=lambda n: seen(_pair(n)[0], minute=2),
    ),
    Kind("split", _split),
    Kind("company amount", _worth),
)
"""In this order: what is unlinked was linked before, what is undone was merged. Up to 300 of each."""


def happens(company: Company, kind: Kind, first: int) -> Callable[[int], Do]:
    """The event of this kind, ready to be timed; numbers begin at `first`."""

    def ready(n: int) -> Do:
        number = first + n
        if kind.before:
            _tell(company, kind.before(number), f"{kind.name}:{number}:before")
        change = kind.event(number)
        return lambda: _tell(company, change, f"{kind.name}:{number}")

    return ready


def _tell(company: Company, change: Change, cause: str) -> None:
    with transaction(company.engine) as conn:
        told = ledger.record(conn, company.workspace, change, cause=cause, now=NOW)
    assert told or cause.endswith(":before"), f"nothing new in {change}"


def bare_commit(company: Company, name: str) -> Callable[[int], Do]:
    """The anchor: one row, durable. `name` keeps its causes apart."""
    row = {"workspace_id": company.workspace.id, "kind": "bare", "change": {}}
    row |= {"happened_at": NOW, "heard_at": NOW, "who": ""}
    statement = insert(history)

    def ready(n: int) -> Do:
        def commit() -> None:
            with transaction(company.engine) as conn:
                conn.execute(statement, row | {"cause": f"bare:{name}:{n}"})

        return commit

    return ready


def cost(company: Company, do: Do) -> Mapping[str, int]:
    """How many statements this takes, and how many rows are written."""
    made: list[str] = []

    def note(*given: object) -> None:
        made.append(str(given[2]))

    event.listen(company.engine, "before_cursor_execute", note)
    with company.engine.connect() as conn:
        raw = conn.connection.driver_connection
        assert raw is not None
        before = raw.total_changes
    do()
    with company.engine.connect() as conn:
        raw = conn.connection.driver_connection
        assert raw is not None
        rows = raw.total_changes - before
    event.remove(company.engine, "before_cursor_execute", note)
    return {"statements": len([one for one in made if not one.startswith(("PRAGMA", "BEGIN"))]), "rows": rows}
