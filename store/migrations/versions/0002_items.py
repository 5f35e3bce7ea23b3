"""What was heard of items: the history, items, their versions and links."""

import sqlalchemy as sa
from alembic import op

revision = "0002_items"
down_revision = "0001_store"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _create_history()
    _create_items()
    _index_items()
    _create_versions()
    _create_edges()
    _index_edges()
    _create_item_versions()
    _index_item_versions()


def _create_history() -> None:
    op.create_table(
        "history",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("cause", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("change", sa.Text, nullable=False),
        sa.Column("happened_at", sa.BigInteger, nullable=False),
        sa.Column("heard_at", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_history_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_history"),
        sa.UniqueConstraint("workspace_id", "cause", name="uq_history_workspace_id_cause"),
    )


def _create_items() -> None:
    op.create_table(
        "items",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("project", sa.String(120), server_default="", nullable=False),
        sa.Column("issue_type", sa.String(120), server_default="", nullable=False),
        sa.Column("status", sa.String(200), server_default="", nullable=False),
        sa.Column("category", sa.String(20), server_default="new", nullable=False),
        sa.Column("resolution_id", sa.String(40), nullable=True),
        sa.Column("resolution", sa.String(200), nullable=True),
        sa.Column("meaning", sa.String(20), nullable=True),
        sa.Column("url", sa.Text, server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("status_at", sa.BigInteger, nullable=False),
        sa.Column("children_done", sa.Integer, server_default="0", nullable=False),
        sa.Column("children_all", sa.Integer, server_default="0", nullable=False),
        sa.Column("unmapped_links", sa.Text, nullable=False),
        sa.Column("read_at", sa.BigInteger, nullable=True),
        sa.Column("deleted_at", sa.BigInteger, nullable=True),
        sa.Column("unreadable_at", sa.BigInteger, nullable=True),
        sa.Column("public_title", sa.Text, nullable=True),
        sa.Column("own_title", sa.Text, nullable=True),
        sa.Column("keeps_part", sa.Boolean, nullable=True),
        sa.Column("sizes", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), server_default="open", nullable=False),
        sa.Column("state_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_items_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_items"),
    )


def _index_items() -> None:
    op.create_index("items_by_key", "items", ["workspace_id", "key"], unique=False)


def _create_versions() -> None:
    op.create_table(
        "versions",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(250), nullable=False),
        sa.Column("released", sa.Boolean, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_versions_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_versions"),
    )


def _create_edges() -> None:
    op.create_table(
        "edges",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("link_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("src", sa.String(40), nullable=False),
        sa.Column("dst", sa.String(40), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("src_lists", sa.Boolean, nullable=True),
        sa.Column("dst_lists", sa.Boolean, nullable=True),
        sa.Column("removed_at", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "dst"],
            ["items.workspace_id", "items.id"],
            name="fk_edges_workspace_id_dst",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "src"],
            ["items.workspace_id", "items.id"],
            name="fk_edges_workspace_id_src",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_edges_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "link_id", name="pk_edges"),
    )


def _index_edges() -> None:
    op.create_index("edges_by_dst", "edges", ["workspace_id", "dst"], unique=False)
    op.create_index("edges_by_src", "edges", ["workspace_id", "src"], unique=False)


def _create_item_versions() -> None:
    op.create_table(
        "item_versions",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.String(40), nullable=False),
        sa.Column("version_id", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "item_id"],
            ["items.workspace_id", "items.id"],
            name="fk_item_versions_workspace_id_item_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_item_versions_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "item_id", "version_id", name="pk_item_versions"),
    )


def _index_item_versions() -> None:
    op.create_index("item_versions_by_version", "item_versions", ["workspace_id", "version_id"], unique=False)
