"""What a restore from a backup leaves to be read back, and what was found there."""

import sqlalchemy as sa
from alembic import op

revision = "0012_restored"
down_revision = "0011_templates"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TO_WORKSPACE = (["workspace_id"], ["workspaces.id"])


def upgrade() -> None:
    op.create_table(
        "restores",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("backup_at", sa.BigInteger, nullable=False),
        sa.Column("restored_at", sa.BigInteger, nullable=False),
        sa.Column("reading_at", sa.BigInteger),
        sa.Column("finished_at", sa.BigInteger),
        *_waiting(),
        sa.PrimaryKeyConstraint("id", name="pk_restores"),
        sa.ForeignKeyConstraint(*TO_WORKSPACE, name="fk_restores_workspace_id", ondelete="CASCADE"),
        sa.UniqueConstraint("workspace_id", name="uq_restores_workspace_id"),
    )
    op.create_table(
        "readbacks",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        *_waiting(),
        sa.PrimaryKeyConstraint("id", name="pk_readbacks"),
        sa.ForeignKeyConstraint(*TO_WORKSPACE, name="fk_readbacks_workspace_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["persons.workspace_id", "persons.id"],
            name="fk_readbacks_workspace_id_person_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("workspace_id", "person_id", name="uq_readbacks_workspace_id_person_id"),
    )
    op.create_table(
        "found_words",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("word", sa.String(16), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "word", name="pk_found_words"),
        sa.ForeignKeyConstraint(*TO_WORKSPACE, name="fk_found_words_workspace_id", ondelete="CASCADE"),
    )
    for table in ("restores", "readbacks"):
        _index(table, "due_at")
        _index(table, "parked_at")
        there = sa.text("lease_until IS NOT NULL")
        op.create_index(
            f"ix_{table}_lease_until", table, ["lease_until"], sqlite_where=there, postgresql_where=there
        )


def _waiting() -> list[sa.Column[object]]:
    return [
        sa.Column("due_at", sa.BigInteger),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("fence", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("parked_at", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
    ]


def _index(table: str, column: str) -> None:
    there = sa.text(f"{column} IS NOT NULL")
    op.create_index(
        f"ix_{table}_workspace_id_{column}", table, ["workspace_id", column],
        sqlite_where=there, postgresql_where=there,
    )  # fmt: skip
