"""What each item's words are made of, for suggestions.

Every item that is there waits to be read; of the history nothing has to be read again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017_likenesses"
down_revision = "0016_board"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "likenesses",
        sa.Column("id", number, nullable=False, autoincrement=True),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("features", sa.Text, nullable=False, server_default=""),
        sa.Column("serial", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("fence", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("parked_at", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_likenesses"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_likenesses_workspace_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "item_id"],
            ["items.workspace_id", "items.id"],
            name="fk_likenesses_workspace_id_item_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("workspace_id", "item_id", name="uq_likenesses_workspace_id_item_id"),
    )
    op.create_table(
        "likeness_heard",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("history_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name="pk_likeness_heard"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_likeness_heard_workspace_id", ondelete="CASCADE"
        ),
    )
    op.create_index("history_in_order", "history", ["workspace_id", "id"])
    op.create_index("likenesses_by_serial", "likenesses", ["workspace_id", "serial"])
    op.create_index("placements_by_item", "placements", ["workspace_id", "item_id"])
    for columns in (("workspace_id", "due_at"), ("workspace_id", "parked_at"), ("lease_until",)):
        there = sa.text(f"{columns[-1]} IS NOT NULL")
        op.create_index(
            f"ix_likenesses_{'_'.join(columns)}", "likenesses", list(columns), sqlite_where=there,
            postgresql_where=there,
        )  # fmt: skip
    op.execute("INSERT INTO likenesses (workspace_id, item_id, due_at) SELECT workspace_id, id, 0 FROM items")
    op.execute(
        "INSERT INTO likeness_heard (workspace_id, history_id) "
        "SELECT workspace_id, max(id) FROM history GROUP BY workspace_id"
    )
