"""What is imported from elsewhere: as of when, and how far a run is."""

import sqlalchemy as sa
from alembic import op

revision = "0021_imports"
down_revision = "0020_agents_language"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("asks", sa.Column("imported_at", sa.BigInteger))
    op.create_index("companies_by_name", "companies", ["workspace_id", "name"])
    _create_imports()
    _create_import_links()


def _create_imports() -> None:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "imports",
        sa.Column("id", number, nullable=False, autoincrement=True),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("phase", sa.String(20), nullable=False),
        sa.Column("cursor", sa.Text, nullable=False, server_default=""),
        sa.Column("tickets", sa.Integer, nullable=False, server_default="0"),
        sa.Column("issues", sa.Integer, nullable=False, server_default="0"),
        sa.Column("preview", sa.Boolean, nullable=False, server_default="0"),
        sa.Column("started_by", sa.String(200), nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("phase_at", sa.BigInteger, nullable=False),
        sa.Column("finished_at", sa.BigInteger),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("fence", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("parked_at", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_imports_workspace_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("workspace_id", name="uq_imports_workspace_id"),
    )
    for columns in (("workspace_id", "due_at"), ("workspace_id", "parked_at"), ("lease_until",)):
        there = sa.text(f"{columns[-1]} IS NOT NULL")
        op.create_index(
            f"ix_imports_{'_'.join(columns)}", "imports", list(columns), sqlite_where=there,
            postgresql_where=there,
        )  # fmt: skip


def _create_import_links() -> None:
    op.create_table(
        "import_links",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("ticket", sa.String(40), nullable=False),
        sa.Column("issue", sa.String(40), nullable=False),
        sa.Column("key", sa.String(120), nullable=False, server_default=""),
        sa.Column("linked_at", sa.BigInteger),
        sa.Column("found", sa.String(20), nullable=False, server_default="unknown"),
        sa.PrimaryKeyConstraint("workspace_id", "ticket", "issue", name="pk_import_links"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_import_links_workspace_id", ondelete="CASCADE"
        ),
    )
    op.create_index("import_links_by_found", "import_links", ["workspace_id", "found", "ticket", "issue"])
    op.create_index("import_links_by_issue", "import_links", ["workspace_id", "issue"])
