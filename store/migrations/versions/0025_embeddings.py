"""What a connected model makes of items and tickets, for suggestions."""

import sqlalchemy as sa
from alembic import op

revision = "0025_embeddings"
down_revision = "0024_links_made"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "embedding_rounds",
        sa.Column("id", number, nullable=False, autoincrement=True),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("model", sa.String(300), nullable=False, server_default=""),
        sa.Column("run", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("made", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("serial", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("request_id", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("fence", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("parked_at", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_embedding_rounds"),
        _of_workspace("embedding_rounds"),
        sa.UniqueConstraint("workspace_id", name="uq_embedding_rounds_workspace_id"),
    )
    op.create_table(
        "embeddings",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("run", sa.BigInteger, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("vector", sa.Text, nullable=False),
        sa.Column("serial", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "item_id", name="pk_embeddings"),
        _of_workspace("embeddings"),
        _of_own("embeddings", "items", "item_id"),
    )
    op.create_table(
        "request_embeddings",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("request_id", sa.BigInteger, nullable=False),
        sa.Column("run", sa.BigInteger, nullable=False),
        sa.Column("vector", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "request_id", name="pk_request_embeddings"),
        _of_workspace("request_embeddings"),
        _of_own("request_embeddings", "requests", "request_id"),
    )
    op.create_index("embeddings_by_serial", "embeddings", ["workspace_id", "serial"])
    for columns in (("workspace_id", "due_at"), ("workspace_id", "parked_at"), ("lease_until",)):
        there = sa.text(f"{columns[-1]} IS NOT NULL")
        op.create_index(
            f"ix_embedding_rounds_{'_'.join(columns)}", "embedding_rounds", list(columns),
            sqlite_where=there, postgresql_where=there,
        )  # fmt: skip


def _of_workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"], ["workspaces.id"], name=f"fk_{table}_workspace_id", ondelete="CASCADE"
    )


def _of_own(table: str, owner: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", column], [f"{owner}.workspace_id", f"{owner}.id"],
        name=f"fk_{table}_workspace_id_{column}", ondelete="CASCADE",
    )  # fmt: skip
