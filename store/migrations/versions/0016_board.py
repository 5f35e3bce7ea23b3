"""What the board filters by, in the order in which it is read; links from issues back to tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0016_board"
down_revision = "0015_acts"
branch_labels = None
depends_on = None

MEASURES = ("requesters", "companies", "votes", "customer", "pipeline")


def upgrade() -> None:
    op.add_column("workspaces", sa.Column("remote_links", sa.Boolean, nullable=False, server_default="0"))
    _create_remote_links()
    _create_item_components()
    op.create_index("items_by_project", "items", ["workspace_id", "project"])
    op.add_column("companies", sa.Column("segment", sa.String(120)))
    known = sa.text("segment IS NOT NULL")
    op.create_index(
        "companies_by_segment", "companies", ["workspace_id", "segment"],
        sqlite_where=known, postgresql_where=known,
    )  # fmt: skip
    _index_demands()


def _create_remote_links() -> None:
    op.create_table(
        "remote_links",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("origin", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "item_id", "origin", name="pk_remote_links"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_remote_links_workspace_id", ondelete="CASCADE"
        ),
    )


def _create_item_components() -> None:
    op.create_table(
        "item_components",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("component", sa.String(255), nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "component", "item_id", name="pk_item_components"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_item_components_workspace_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "item_id"], ["items.workspace_id", "items.id"],
            name="fk_item_components_workspace_id_item_id", ondelete="CASCADE",
        ),
    )  # fmt: skip
    op.create_index("item_components_by_item", "item_components", ["workspace_id", "item_id"])


def _index_demands() -> None:
    """The item at the end: a page begins right behind the last row of the one before."""
    for name in ("ranked", "by_requesters", "by_companies", "by_customer", "by_pipeline"):
        op.drop_index(f"demands_{name}", "demands")
    here = ["workspace_id", "ranked"]
    op.create_index("demands_ranked", "demands", [*here, "score_hundredths", "item_id"])
    for name in MEASURES:
        op.create_index(f"demands_by_{name}", "demands", [*here, name, "score_hundredths", "item_id"])
    op.create_index("demands_by_age", "demands", [*here, "oldest_at", "score_hundredths", "item_id"])
