"""Where each issue stood on a past day with which the board is compared, kept for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0027_past_places"
down_revision = "0026_voter_tickets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "past_days",
        sa.Column("id", _number(), nullable=False, autoincrement=True),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("measure", sa.String(20), nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("changes", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("made_of", sa.BigInteger),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("fence", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("parked_at", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_past_days"),
        sa.UniqueConstraint("workspace_id", "day", "measure", name="uq_past_days_workspace_id_day_measure"),
        _to_workspace("past_days"),
        sqlite_autoincrement=True,
    )
    for columns in (["workspace_id", "due_at"], ["workspace_id", "parked_at"], ["lease_until"]):
        there = sa.text(f"{columns[-1]} IS NOT NULL")
        name = f"ix_past_days_{'_'.join(columns)}"
        op.create_index(name, "past_days", columns, sqlite_where=there, postgresql_where=there)
    op.create_table(
        "past_places",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("past_day_id", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "past_day_id", "item_id", name="pk_past_places"),
        _to_workspace("past_places"),
        sqlite_with_rowid=False,
    )
    op.create_index("past_places_by_place", "past_places", ["workspace_id", "past_day_id", "place"])


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _to_workspace(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_workspace_id"
    return sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=name, ondelete="CASCADE")
