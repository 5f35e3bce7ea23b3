"""What follows: carriers, demand, what was told, and the rows that wait to go out."""

import sqlalchemy as sa
from alembic import op

revision = "0002_lineage"
down_revision = "0002_people"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _create_demands()
    _index_demands()
    _create_pushes()
    _index_pushes()
    _create_notices()
    _index_notices()
    _create_told()
    _create_carriers()
    _index_carriers()
    _create_told_asks()
    _index_told_asks()


def _create_demands() -> None:
    op.create_table(
        "demands",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("ranked", sa.Boolean, nullable=False),
        sa.Column("requesters", sa.Integer, nullable=False),
        sa.Column("companies", sa.Integer, nullable=False),
        sa.Column("votes", sa.Integer, nullable=False),
        sa.Column("reach_customer", sa.BigInteger, nullable=False),
        sa.Column("reach_pipeline", sa.BigInteger, nullable=False),
        sa.Column("whole_customer", sa.BigInteger, nullable=False),
        sa.Column("whole_pipeline", sa.BigInteger, nullable=False),
        sa.Column("customer", sa.BigInteger, nullable=False),
        sa.Column("pipeline", sa.BigInteger, nullable=False),
        sa.Column("score_hundredths", sa.BigInteger, nullable=False),
        sa.Column("oldest_at", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_demands_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "item_id", name="pk_demands"),
    )


def _index_demands() -> None:
    op.create_index("demands_ranked", "demands", ["workspace_id", "ranked", "score_hundredths"], unique=False)


def _create_pushes() -> None:
    op.create_table(
        "pushes",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("rev", sa.BigInteger, nullable=False),
        sa.Column("pushed_rev", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=True),
        sa.Column("lease_until", sa.BigInteger, nullable=True),
        sa.Column("fence", sa.BigInteger, server_default=sa.text("0"), nullable=False),
        sa.Column("attempts", sa.Integer, server_default=sa.text("0"), nullable=False),
        sa.Column("parked_at", sa.BigInteger, nullable=True),
        sa.Column("reason", sa.Text, server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_pushes_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pushes"),
        sa.UniqueConstraint("workspace_id", "item_id", name="uq_pushes_workspace_id_item_id"),
    )


def _index_pushes() -> None:
    op.create_index(
        "ix_pushes_workspace_id_due_at",
        "pushes",
        ["workspace_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_pushes_workspace_id_parked_at",
        "pushes",
        ["workspace_id", "parked_at"],
        unique=False,
        sqlite_where=sa.text("parked_at IS NOT NULL"),
        postgresql_where=sa.text("parked_at IS NOT NULL"),
    )


def _create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("lane", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("digest", sa.String(16), nullable=False),
        sa.Column("approved_digest", sa.String(16), nullable=True),
        sa.Column("approved_by", sa.String(200), nullable=True),
        sa.Column("settled_by", sa.String(200), nullable=True),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("sent_at", sa.BigInteger, nullable=True),
        sa.Column("mark", sa.Text, nullable=True),
        sa.Column("sending", sa.Text, nullable=True),
        sa.Column("tried_places", sa.Text, nullable=False),
        sa.Column("receipt", sa.Text, nullable=True),
        sa.Column("due_at", sa.BigInteger, nullable=True),
        sa.Column("lease_until", sa.BigInteger, nullable=True),
        sa.Column("fence", sa.BigInteger, server_default=sa.text("0"), nullable=False),
        sa.Column("attempts", sa.Integer, server_default=sa.text("0"), nullable=False),
        sa.Column("parked_at", sa.BigInteger, nullable=True),
        sa.Column("reason", sa.Text, server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["persons.workspace_id", "persons.id"],
            name="fk_notices_workspace_id_person_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_notices_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_notices_workspace_id_id"),
    )


def _index_notices() -> None:
    op.create_index(
        "ix_notices_workspace_id_due_at",
        "notices",
        ["workspace_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_notices_workspace_id_parked_at",
        "notices",
        ["workspace_id", "parked_at"],
        unique=False,
        sqlite_where=sa.text("parked_at IS NOT NULL"),
        postgresql_where=sa.text("parked_at IS NOT NULL"),
    )
    op.create_index("notices_by_person", "notices", ["workspace_id", "person_id", "state"], unique=False)


def _create_told() -> None:
    op.create_table(
        "told",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("own", sa.Boolean, server_default="0", nullable=False),
        sa.Column("happened", sa.String(20), nullable=False),
        sa.Column("nth", sa.Integer, server_default="1", nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("notice_id", sa.BigInteger, nullable=True),
        sa.Column("place", sa.String(120), server_default="", nullable=False),
        sa.Column("retracted_at", sa.BigInteger, nullable=True),
        sa.Column("correction_dismissed_at", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["persons.workspace_id", "persons.id"],
            name="fk_told_workspace_id_person_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_told_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_told"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_told_workspace_id_id"),
        sa.UniqueConstraint(
            "workspace_id",
            "person_id",
            "item_id",
            "happened",
            "nth",
            name="uq_told_workspace_id_person_id_item_id_happened_nth",
        ),
    )


def _create_carriers() -> None:
    op.create_table(
        "carriers",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("ask_id", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("own", sa.Boolean, nullable=False),
        sa.Column("share", sa.String(80), nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "ask_id"],
            ["asks.workspace_id", "asks.id"],
            name="fk_carriers_workspace_id_ask_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_carriers_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "ask_id", "item_id", "own", name="pk_carriers"),
    )


def _index_carriers() -> None:
    op.create_index("carriers_by_item", "carriers", ["workspace_id", "item_id"], unique=False)


def _create_told_asks() -> None:
    op.create_table(
        "told_asks",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("told_id", sa.BigInteger, nullable=False),
        sa.Column("ask_id", sa.BigInteger, nullable=False),
        sa.Column("promised", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "ask_id"],
            ["asks.workspace_id", "asks.id"],
            name="fk_told_asks_workspace_id_ask_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "told_id"],
            ["told.workspace_id", "told.id"],
            name="fk_told_asks_workspace_id_told_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_told_asks_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "told_id", "ask_id", name="pk_told_asks"),
    )


def _index_told_asks() -> None:
    op.create_index("told_asks_by_ask", "told_asks", ["workspace_id", "ask_id"], unique=False)
