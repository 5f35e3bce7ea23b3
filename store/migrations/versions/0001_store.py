"""Workspaces and their connections, the installation, and the first two shelves: inbox and looks."""

import sqlalchemy as sa
from alembic import op

revision = "0001_store"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _create_workspaces()
    _create_installation()
    _create_connections()
    _create_inbox()
    _create_looks()


def _create_workspaces() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("auto_kinds", sa.Text, nullable=False),
        sa.Column("hold_s", sa.Integer, nullable=False),
        sa.Column("deliver", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("push_amounts", sa.Boolean, nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workspaces"),
        sa.UniqueConstraint("slug", name="uq_workspaces_slug"),
        sqlite_autoincrement=True,
    )


def _create_installation() -> None:
    op.create_table(
        "installation",
        sa.Column("only", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("only", name="pk_installation"),
    )


def _create_connections() -> None:
    op.create_table(
        "connections",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("system", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("config", sa.Text, nullable=False),
        sa.Column("secrets", sa.Text, nullable=False),
        sa.Column("last_event_at", sa.BigInteger),
        sa.Column("last_sync_at", sa.BigInteger),
        sa.Column("watermark", sa.Text, nullable=False, server_default="{}"),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "system", name="pk_connections"),
        _belongs_to_workspace("connections"),
    )


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("system", sa.Text, nullable=False),
        sa.Column("delivery_id", sa.Text, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("headers", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False, server_default=""),
        *_waiting_columns(),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint(
            "workspace_id", "system", "delivery_id", name="uq_inbox_workspace_id_system_delivery_id"
        ),
        _belongs_to_workspace("inbox"),
        sqlite_autoincrement=True,
    )
    _index_waiting("inbox")


def _create_looks() -> None:
    op.create_table(
        "looks",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("system", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("object_id", sa.Text, nullable=False),
        sa.Column("asked", sa.BigInteger, nullable=False),
        sa.Column("done_asked", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("event_at", sa.BigInteger),
        sa.Column("hint", sa.Text, nullable=False, server_default="{}"),
        sa.Column("serial", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        *_waiting_columns(),
        sa.PrimaryKeyConstraint("id", name="pk_looks"),
        sa.UniqueConstraint(
            "workspace_id", "system", "kind", "object_id", name="uq_looks_workspace_id_system_kind_object_id"
        ),
        _belongs_to_workspace("looks"),
        sqlite_autoincrement=True,
    )
    _index_waiting("looks")


def _belongs_to_workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"], ["workspaces.id"], name=f"fk_{table}_workspace_id", ondelete="CASCADE"
    )


def _waiting_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("due_at", sa.BigInteger),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("fence", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("parked_at", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
    ]


def _index_waiting(table: str) -> None:
    for column in ("due_at", "parked_at"):
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_{table}_workspace_id_{column}",
            table,
            ["workspace_id", column],
            sqlite_where=there,
            postgresql_where=there,
        )
