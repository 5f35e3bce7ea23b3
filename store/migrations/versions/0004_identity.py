"""Who may come in: tokens seen before, operators and their links, Connect installations."""

import sqlalchemy as sa
from alembic import op

revision = "0004_identity"
down_revision = "0003_forum"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _create_tokens_and_names()
    _create_operators()
    _create_connect()


def _create_tokens_and_names() -> None:
    op.create_table(
        "seen_tokens",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_seen_tokens"),
    )
    op.create_index("ix_seen_tokens_expires_at", "seen_tokens", ["expires_at"])
    op.create_table(
        "vendor_users",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("system", sa.String(20), nullable=False),
        sa.Column("id", sa.String(120), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("staff", sa.Boolean, nullable=False),
        sa.Column("read_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "system", "id", name="pk_vendor_users"),
        _to_workspace("vendor_users", "CASCADE"),
    )


def _create_operators() -> None:
    op.create_table(
        "operators",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("sessions_from", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_operators"),
        sa.UniqueConstraint("email", name="uq_operators_email"),
    )
    op.create_table(
        "operator_links",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("operator_id", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_operator_links"),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name="fk_operator_links_operator_id", ondelete="CASCADE"
        ),
    )


def _create_connect() -> None:
    op.create_table(
        "connect_installations",
        sa.Column("client_key", sa.String(120), nullable=False),
        sa.Column("base_url", sa.Text, nullable=False),
        sa.Column("display_url", sa.Text, nullable=False),
        sa.Column("workspace_id", sa.BigInteger),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("previous_secret", sa.Text),
        sa.Column("previous_until", sa.BigInteger),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("installed_at", sa.BigInteger, nullable=False),
        sa.Column("uninstalled_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("client_key", name="pk_connect_installations"),
        _to_workspace("connect_installations", "SET NULL"),
    )
    op.create_table(
        "connect_events",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("client_key", sa.String(120), nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("base_url", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_connect_events"),
    )
    op.create_index("ix_connect_events_client_key", "connect_events", ["client_key"])
    op.create_table(
        "connect_sites",
        sa.Column("site", sa.String(300), nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("attached_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("site", name="pk_connect_sites"),
        _to_workspace("connect_sites", "CASCADE"),
    )


def _to_workspace(table: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"], ["workspaces.id"], name=f"fk_{table}_workspace_id", ondelete=ondelete
    )
