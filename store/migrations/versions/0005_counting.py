"""What items count, kept by differences; where asks rest is worked out on reading and kept no more.

Everything here is derived: it starts empty, and `kithspark migrate` fills it from the facts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005_counting"
down_revision = "0004_identity"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.drop_table("carriers")
    op.drop_table("demands")
    for gone in ("standing", "delivered", "parts"):
        op.drop_column("asks", gone)
    op.drop_index("requests_by_reply_to", "requests")
    op.create_index("requests_by_reply_to", "requests", ["workspace_id", "reply_to", "asked_at"])
    _create_passes()
    _create_claims()
    _create_portions()
    _create_demands()
    _create_replans()


def _workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"], ["workspaces.id"], name=f"fk_{table}_workspace_id", ondelete="CASCADE"
    )


def _create_passes() -> None:
    op.create_table(
        "passes",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("ask_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("own", sa.Boolean, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("company_id", sa.BigInteger, nullable=True),
        sa.Column("weight", sa.SmallInteger, nullable=False),
        sa.Column("vote", sa.Boolean, nullable=False),
        sa.Column("direct", sa.Boolean, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        _workspace("passes"),
        sa.PrimaryKeyConstraint("workspace_id", "ask_id", "item_id", "own", name="pk_passes"),
        sqlite_with_rowid=False,
    )
    op.create_index("passes_by_person", "passes", ["workspace_id", "item_id", "person_id", "own", "weight"])
    op.create_index("passes_by_age", "passes", ["workspace_id", "item_id", "asked_at"])


def _create_claims() -> None:
    op.create_table(
        "claims",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("own", sa.Boolean, nullable=False),
        sa.Column("company_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("asks", sa.Integer, nullable=False),
        sa.Column("direct", sa.Integer, nullable=False),
        sa.Column("inflow_customer", sa.BigInteger, nullable=False),
        sa.Column("inflow_pipeline", sa.BigInteger, nullable=False),
        sa.Column("customer", sa.BigInteger, nullable=False),
        sa.Column("pipeline", sa.BigInteger, nullable=False),
        _workspace("claims"),
        sa.PrimaryKeyConstraint("workspace_id", "item_id", "own", "company_id", name="pk_claims"),
        sqlite_with_rowid=False,
    )
    op.create_index("claims_by_company", "claims", ["workspace_id", "company_id"])


def _create_portions() -> None:
    op.create_table(
        "portions",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("giver_id", sa.String(40), nullable=False),
        sa.Column("giver_own", sa.Boolean, nullable=False),
        sa.Column("company_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("heir_id", sa.String(40), nullable=False),
        sa.Column("heir_own", sa.Boolean, nullable=False),
        sa.Column("customer", sa.BigInteger, nullable=False),
        sa.Column("pipeline", sa.BigInteger, nullable=False),
        _workspace("portions"),
        sa.PrimaryKeyConstraint(
            "workspace_id", "giver_id", "giver_own", "company_id", "heir_id", "heir_own", name="pk_portions"
        ),
        sqlite_with_rowid=False,
    )


def _create_demands() -> None:
    counts = ("asks", "own_asks", "requesters", "companies", "votes")
    kinds = ("reach_", "whole_", "own_", "")
    money = [f"{kind}{what}" for kind in kinds for what in ("customer", "pipeline")]
    op.create_table(
        "demands",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("ranked", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in counts),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in money),
        sa.Column("score_hundredths", sa.BigInteger, nullable=False),
        sa.Column("oldest_at", sa.BigInteger, nullable=True),
        _workspace("demands"),
        sa.PrimaryKeyConstraint("workspace_id", "item_id", name="pk_demands"),
    )
    op.create_index("demands_ranked", "demands", ["workspace_id", "ranked", "score_hundredths"], unique=False)


def _create_replans() -> None:
    op.create_table(
        "replans",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=True),
        sa.Column("lease_until", sa.BigInteger, nullable=True),
        sa.Column("fence", sa.BigInteger, server_default=sa.text("0"), nullable=False),
        sa.Column("attempts", sa.Integer, server_default=sa.text("0"), nullable=False),
        sa.Column("parked_at", sa.BigInteger, nullable=True),
        sa.Column("reason", sa.Text, server_default="", nullable=False),
        _workspace("replans"),
        sa.PrimaryKeyConstraint("id", name="pk_replans"),
        sa.UniqueConstraint("workspace_id", "person_id", name="uq_replans_workspace_id_person_id"),
    )
    for column in ("due_at", "parked_at"):
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_replans_workspace_id_{column}", "replans", ["workspace_id", column],
            sqlite_where=there, postgresql_where=there,
        )  # fmt: skip
