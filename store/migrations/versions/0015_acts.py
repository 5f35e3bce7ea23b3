"""What engineers did from the panel, and what of it is still to be done in Jira."""

import sqlalchemy as sa
from alembic import op

revision = "0015_acts"
down_revision = "0014_forge"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "jira_acts",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("click", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("made", sa.Text, server_default="{}", nullable=False),
        sa.Column("before", sa.Text, server_default="{}", nullable=False),
        sa.Column("after", sa.Text, server_default="{}", nullable=False),
        sa.Column("undone_at", sa.BigInteger),
        sa.Column("undone_by", sa.String(200)),
        sa.Column("undoes", sa.BigInteger),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("fence", sa.BigInteger, server_default=sa.text("0"), nullable=False),
        sa.Column("attempts", sa.Integer, server_default=sa.text("0"), nullable=False),
        sa.Column("parked_at", sa.BigInteger),
        sa.Column("reason", sa.Text, server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_jira_acts_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_jira_acts"),
        sa.UniqueConstraint("workspace_id", "click", name="uq_jira_acts_workspace_id_click"),
    )
    for columns in (["workspace_id", "due_at"], ["workspace_id", "parked_at"], ["lease_until"]):
        there = sa.text(f"{columns[-1]} IS NOT NULL")
        op.create_index(
            f"ix_jira_acts_{'_'.join(columns)}", "jira_acts", columns,
            sqlite_where=there, postgresql_where=there,
        )  # fmt: skip
    op.create_index("jira_acts_by_item", "jira_acts", ["workspace_id", "item_id", "id"])
