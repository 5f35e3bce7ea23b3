"""Requesters' own pages: where they are reached, the secret and number of each link, what is said there."""

import sqlalchemy as sa
from alembic import op

revision = "0006_follow"
down_revision = "0005_counting"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.add_column("installation", sa.Column("public_url", sa.Text))
    op.add_column("installation", sa.Column("follow_key", sa.Text))  # filled by `installation.ensure`
    op.add_column("requests", sa.Column("link_number", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "remarks",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("request_id", sa.BigInteger, nullable=False),
        sa.Column("words", sa.Text, nullable=False, server_default=""),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("settled_by", sa.String(200)),
        sa.PrimaryKeyConstraint("id", name="pk_remarks"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_remarks_workspace_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "request_id"],
            ["requests.workspace_id", "requests.id"],
            name="fk_remarks_workspace_id_request_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("remarks_by_request", "remarks", ["workspace_id", "request_id"])
