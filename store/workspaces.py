"""Workspaces: one organisation each, with its Jira site, Zendesk account, HubSpot portal and forum.

Every row of every other table belongs to one, and goes with it when it is removed.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    RowMapping,
    Select,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from store.database import Instant, Json, metadata, row_id

Deliver: TypeAlias = Literal["done", "release"]
"""What makes an item delivered: that it is done, or that it is released too."""

CustomersInJira: TypeAlias = Literal["everyone", "editors", "admins", "nobody"]
"""Who reads names and words of customers beside an issue: all who may browse it, those who may edit it, those
who administer its project, or nobody. Counts and sums are for all who may browse it."""

NotesIn: TypeAlias = Literal["en", "de", "fr", "es", "pt", "ja"]
"""What internal notes on tickets can be written in."""

DELIVER: frozenset[str] = frozenset(get_args(Deliver))
CUSTOMERS_IN_JIRA: frozenset[str] = frozenset(get_args(CustomersInJira))
NOTES_IN: tuple[str, ...] = get_args(NotesIn)
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,38}")
CURRENCY = re.compile(r"[A-Z]{3}")

workspaces = Table(
    "workspaces",
    metadata,
    row_id(),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("auto_kinds", Text, nullable=False),
    Column("hold_s", Integer, nullable=False),
    Column("deliver", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("push_amounts", Boolean, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("deliver_in", Json, nullable=False, server_default="{}"),
    Column("remote_links", Boolean, nullable=False, server_default="0"),
    Column("customers_in_jira", Text, nullable=False, server_default="everyone"),
    Column("paused_by", Text, nullable=False, server_default=""),
    Column("paused_at", Instant),
    Column("notes_in", Text, nullable=False, server_default="en"),
    Column("voter_tickets", Boolean, nullable=False, server_default="0"),
    sqlite_autoincrement=True,  # secrets are sealed to the id: a removed one's must never come back
)


class NoSuchWorkspace(LookupError):
    """Nobody has added a workspace of this name."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How one workspace wants its news handled.

    `auto_kinds`: the kinds of news that go out by themselves; `hold_s`: the quiet period in seconds;
    `deliver`: delivered means done, or released; `currency`: ISO 4217; `push_amounts`: may amounts of
    money be written into Jira; `paused`: nothing goes out; `deliver_in`: the projects, by key, in which
    delivered means something else; `remote_links`: may issues link back to tickets; `customers_in_jira`: who
    reads there what customers said; `notes_in`: the language of internal notes on tickets; `voter_tickets`:
    is whoever voted in the community told in a ticket of their own. Raises ValueError for a value out of
    range.
    """

    auto_kinds: tuple[str, ...] = ("part_delivered", "delivered")
    hold_s: int = 900
    deliver: Deliver = "done"
    currency: str = "USD"
    push_amounts: bool = False
    paused: bool = False
    deliver_in: Mapping[str, Deliver] = field(default_factory=dict)
    remote_links: bool = False
    customers_in_jira: CustomersInJira = "everyone"
    notes_in: NotesIn = "en"
    voter_tickets: bool = False

    def __post_init__(self) -> None:
        if self.hold_s < 0:
            raise ValueError(f"A quiet period of {self.hold_s} s is not possible: use 0 or more seconds.")
        for deliver in (self.deliver, *self.deliver_in.values()):
            if deliver not in DELIVER:
                raise ValueError(f"Delivered means 'done' or 'release', not {deliver!r}.")
        if self.customers_in_jira not in CUSTOMERS_IN_JIRA:
            said = f"{self.customers_in_jira!r} in Jira"
            raise ValueError(f"Customers are read by everyone, editors, admins or nobody, not by {said}.")
        if self.notes_in not in NOTES_IN:
            raise ValueError(f"Notes are written in {', '.join(NOTES_IN)}, not in {self.notes_in!r}.")
        if not CURRENCY.fullmatch(self.currency):
            raise ValueError(f"{self.currency!r} is no currency code: use three capitals, like USD.")

    def on_release(self, project: str) -> bool:
        """Whether an item of this project (by key) is delivered only when it is released."""
        return self.deliver_in.get(project, self.deliver) == "release"


@dataclass(frozen=True, slots=True)
class Workspace:
    """`paused_by`, `paused_at`: who paused it, since when; empty where it is not paused."""

    id: int
    slug: str
    name: str
    created_at: datetime
    policy: Policy = field(default_factory=Policy)
    paused_by: str = ""
    paused_at: datetime | None = None


def add(conn: Connection, *, slug: str, name: str, now: datetime) -> Workspace:
    """Raises ValueError for a slug that is malformed or taken."""
    if not SLUG.fullmatch(slug):
        raise ValueError(
            f"{slug!r} cannot be a workspace's short name: use 1 to 39 of a-z, 0-9 and '-', "
            "beginning with a letter or digit."
        )
    if conn.scalar(select(workspaces.c.id).where(workspaces.c.slug == slug)) is not None:
        raise ValueError(f"There is a workspace {slug!r} already: choose another short name.")
    values = {"slug": slug, "name": name, "created_at": now, **_columns(Policy())}
    ident = conn.scalar(insert(workspaces).values(values).returning(workspaces.c.id))
    assert ident is not None
    return Workspace(id=ident, slug=slug, name=name, created_at=now)


def list_all(conn: Connection) -> list[Workspace]:
    """Every workspace, by slug."""
    return [_read(row) for row in conn.execute(select(workspaces).order_by(workspaces.c.slug)).mappings()]


def by_slug(conn: Connection, slug: str) -> Workspace:
    """Raises NoSuchWorkspace."""
    row = conn.execute(select(workspaces).where(workspaces.c.slug == slug)).mappings().first()
    if row is None:
        raise NoSuchWorkspace(f"There is no workspace {slug!r}: see `kithspark workspace list`.")
    return _read(row)


def by_id(conn: Connection, workspace_id: int) -> Workspace:
    """Raises NoSuchWorkspace."""
    return _by_id(conn, _BY_ID, workspace_id)


def _by_id(conn: Connection, query: Select[Any], workspace_id: int) -> Workspace:
    row = conn.execute(query, {"workspace": workspace_id}).mappings().first()
    if row is None:
        raise NoSuchWorkspace(f"Workspace {workspace_id} was removed.")
    return _read(row)


def hold(conn: Connection, workspace_id: int) -> Workspace:
    """The workspace, whose ledger is the caller's alone until the transaction ends.

    On Postgres two changes at once would each work out what follows from what the other has not said yet;
    SQLite has one writer anyway. Take it before any row of the workspace, or two wait for one another.
    Raises NoSuchWorkspace.
    """
    return _by_id(conn, _HOLD, workspace_id)


def set_policy(conn: Connection, workspace_id: int, policy: Policy) -> None:
    conn.execute(update(workspaces).where(workspaces.c.id == workspace_id).values(_columns(policy)))


def set_pause(conn: Connection, workspace_id: int, *, by: str, at: datetime | None) -> None:
    """Who paused it; nobody (`at` None) where it goes on."""
    values = {"paused_by": by, "paused_at": at}
    conn.execute(update(workspaces).where(workspaces.c.id == workspace_id).values(values))


def remove(conn: Connection, workspace_id: int) -> None:
    """Forgets the workspace and everything that belongs to it."""
    conn.execute(delete(workspaces).where(workspaces.c.id == workspace_id))


def _columns(policy: Policy) -> dict[str, Any]:
    return {**asdict(policy), "auto_kinds": ",".join(policy.auto_kinds)}


def _read(row: RowMapping) -> Workspace:
    policy = Policy(
        auto_kinds=tuple(kind for kind in row["auto_kinds"].split(",") if kind),
        hold_s=row["hold_s"],
        deliver=row["deliver"],
        currency=row["currency"],
        push_amounts=row["push_amounts"],
        paused=row["paused"],
        deliver_in=row["deliver_in"],
        remote_links=row["remote_links"],
        customers_in_jira=row["customers_in_jira"],
        notes_in=row["notes_in"],
        voter_tickets=row["voter_tickets"],
    )
    return Workspace(
        row["id"], row["slug"], row["name"], row["created_at"], policy, row["paused_by"], row["paused_at"]
    )


_BY_ID = select(workspaces).where(workspaces.c.id == bindparam("workspace"))
_HOLD = _BY_ID.with_for_update(key_share=True)
