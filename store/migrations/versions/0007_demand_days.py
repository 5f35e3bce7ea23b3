"""The record of demand by day; what the history is about, and what each change made of it.

The record begins empty: what is asked for already comes into it when `kithspark migrate` counts anew.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007_demand_days"
down_revision = "0006_follow"
branch_labels = None
depends_on = None

CHUNK = 1000


def upgrade() -> None:
    _create_demand_days()
    _create_history_about()
    _say_what_the_history_is_about()


def _create_demand_days() -> None:
    op.create_table(
        "demand_days",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("ranked", sa.Boolean, nullable=False),
        sa.Column("requesters", sa.Integer, nullable=False),
        sa.Column("companies", sa.Integer, nullable=False),
        sa.Column("votes", sa.Integer, nullable=False),
        sa.Column("reach_customer", sa.BigInteger, nullable=False),
        sa.Column("reach_pipeline", sa.BigInteger, nullable=False),
        sa.Column("customer", sa.BigInteger, nullable=False),
        sa.Column("pipeline", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("score_hundredths", sa.BigInteger, nullable=False),
        sa.Column("oldest_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("workspace_id", "item_id", "day", name="pk_demand_days"),
        _to_workspace("demand_days"),
    )
    op.create_index("demand_days_by_day", "demand_days", ["workspace_id", "day"])


def _to_workspace(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_workspace_id"
    return sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=name, ondelete="CASCADE")


def _create_history_about() -> None:
    op.add_column("history", sa.Column("effects", sa.Text))
    op.create_table(
        "history_about",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("ref", sa.String(60), nullable=False),
        sa.Column("history_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "role", "ref", "history_id", name="pk_history_about"),
        _to_workspace("history_about"),
    )


HISTORY = sa.table("history", *map(sa.column, ("id", "workspace_id", "kind", "change")))
ABOUT = sa.table("history_about", *map(sa.column, ("workspace_id", "role", "ref", "history_id")))
REQUESTS = sa.table("requests", *map(sa.column, ("id", "workspace_id", "origin", "person_id")))
ROLES = {"Linked": "asked", "Unlinked": "asked", "PartsChosen": "asked"}
PRIVATE = {"PostSeen": ("title",), "CompanySeen": ("why", "domains")}


def _say_what_the_history_is_about() -> None:
    """As far as older rows say it: a vote does not name its voter. What is private is taken out of them."""
    conn, last = op.get_bind(), 0
    while rows := conn.execute(
        sa.select(HISTORY).where(HISTORY.c.id > last).order_by(HISTORY.c.id).limit(CHUNK)
    ).all():
        last = rows[-1].id
        changes = {row.id: json.loads(row.change) for row in rows}
        requests = _requests(conn, {_origin(change) for change in changes.values()} - {""})
        about = {
            (row.workspace_id, role, ref, row.id)
            for row in rows
            for role, ref in _about(row, changes[row.id], requests)
        }
        if about:
            conn.execute(
                sa.insert(ABOUT), [dict(zip(ABOUT.c.keys(), one, strict=True)) for one in sorted(about)]
            )
        for row in rows:
            _take_out(conn, row, changes[row.id])


def _about(
    row: sa.Row[Any], change: Mapping[str, Any], requests: Mapping[tuple[int, str], tuple[int, int]]
) -> Iterator[tuple[str, str]]:
    if "item" in change:
        yield ROLES.get(row.kind, "item"), str(change["item"])
    if "person" in change:
        yield "person", str(change["person"])
    origin = _origin(change)
    if origin.startswith("forum:post:"):
        yield "post", origin.removeprefix("forum:post:")
    if found := requests.get((row.workspace_id, origin)):
        yield "request", str(found[0])
        yield "person", str(found[1])


def _origin(change: Mapping[str, Any]) -> str:
    if "origin" in change:
        return f"{change['origin']['kind']}:{change['origin']['id']}"
    if "post" in change:
        return f"forum:post:{change['post']}"
    return f"zendesk:ticket:{change['ticket']}" if "ticket" in change else ""


def _requests(conn: sa.Connection, origins: set[str]) -> dict[tuple[int, str], tuple[int, int]]:
    found = conn.execute(sa.select(REQUESTS).where(REQUESTS.c.origin.in_(sorted(origins))))
    return {(row.workspace_id, row.origin): (row.id, row.person_id) for row in found}


def _take_out(conn: sa.Connection, row: sa.Row[Any], change: dict[str, Any]) -> None:
    private = [name for name in PRIVATE.get(row.kind, ()) if name in change]
    if isinstance(organisation := change.get("organisation"), dict):
        change["organisation"] = {"id": organisation.get("id")}
    elif not private:
        return
    left = {name: value for name, value in change.items() if name not in private}
    text = json.dumps(left, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    conn.execute(sa.update(HISTORY).where(HISTORY.c.id == row.id).values(change=text))
