"""The forum: members and their sign-in links and mails, posts with votes and entries, moderation."""

import sqlalchemy as sa
from alembic import op

revision = "0003_forum"
down_revision = "0002_lineage"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _create_members()
    _create_links()
    _create_mails()
    _create_posts()
    _create_votes()
    _create_entries()
    _create_moderations()


def _create_members() -> None:
    op.create_table(
        "forum_members",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("language", sa.String(20)),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_forum_members"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_forum_members_workspace_id_id"),
        sa.UniqueConstraint("workspace_id", "email", name="uq_forum_members_workspace_id_email"),
        _belongs_to_workspace("forum_members"),
        sqlite_autoincrement=True,
    )


def _create_links() -> None:
    op.create_table(
        "forum_links",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("then", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_forum_links"),
        sa.UniqueConstraint("digest", name="uq_forum_links_digest"),
        _belongs_to_workspace("forum_links"),
    )
    op.create_index("forum_links_by_age", "forum_links", ["workspace_id", "created_at"])


def _create_mails() -> None:
    op.create_table(
        "forum_mails",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        *_waiting_columns(),
        sa.PrimaryKeyConstraint("id", name="pk_forum_mails"),
        _belongs_to_workspace("forum_mails"),
        sqlite_autoincrement=True,
    )
    op.create_index("forum_mails_by_age", "forum_mails", ["workspace_id", "created_at"])
    _index_waiting("forum_mails")


def _create_posts() -> None:
    op.create_table(
        "forum_posts",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("author_id", sa.BigInteger, nullable=False),
        sa.Column("form", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("votes", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("published_at", sa.BigInteger),
        sa.Column("decided_by", sa.String(200), nullable=False, server_default=""),
        sa.Column("decided_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_forum_posts"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_forum_posts_workspace_id_id"),
        sa.UniqueConstraint(
            "workspace_id", "author_id", "form", name="uq_forum_posts_workspace_id_author_id_form"
        ),
        _belongs_to_workspace("forum_posts"),
        _belongs_to("forum_members", "forum_posts", "author_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("forum_posts_by_votes", "forum_posts", ["workspace_id", "state", "votes"])
    op.create_index("forum_posts_by_age", "forum_posts", ["workspace_id", "state", "published_at"])


def _create_votes() -> None:
    op.create_table(
        "forum_votes",
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("post_id", sa.BigInteger, nullable=False),
        sa.Column("member_id", sa.BigInteger, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("voted_at", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "post_id", "member_id", name="pk_forum_votes"),
        _belongs_to_workspace("forum_votes"),
        _belongs_to("forum_posts", "forum_votes", "post_id"),
        _belongs_to("forum_members", "forum_votes", "member_id"),
    )
    op.create_index("forum_votes_by_member", "forum_votes", ["workspace_id", "member_id"])


def _create_entries() -> None:
    op.create_table(
        "forum_entries",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("post_id", sa.BigInteger, nullable=False),
        sa.Column("outcome", sa.String(200), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_forum_entries"),
        sa.UniqueConstraint(
            "workspace_id", "post_id", "outcome", name="uq_forum_entries_workspace_id_post_id_outcome"
        ),
        _belongs_to_workspace("forum_entries"),
        _belongs_to("forum_posts", "forum_entries", "post_id"),
    )


def _create_moderations() -> None:
    op.create_table(
        "forum_moderations",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("post_id", sa.BigInteger, nullable=False),
        sa.Column("model", sa.String(200), nullable=False, server_default=""),
        sa.Column("categories", sa.Text, nullable=False),
        sa.Column("judged_at", sa.BigInteger),
        *_waiting_columns(),
        sa.PrimaryKeyConstraint("id", name="pk_forum_moderations"),
        sa.UniqueConstraint("workspace_id", "post_id", name="uq_forum_moderations_workspace_id_post_id"),
        _belongs_to_workspace("forum_moderations"),
        _belongs_to("forum_posts", "forum_moderations", "post_id"),
    )
    _index_waiting("forum_moderations")


def _belongs_to_workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"], ["workspaces.id"], name=f"fk_{table}_workspace_id", ondelete="CASCADE"
    )


def _belongs_to(owner: str, table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{owner}.workspace_id", f"{owner}.id"],
        name=f"fk_{table}_workspace_id_{column}",
        ondelete="CASCADE",
    )


def _waiting_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("due_at", sa.BigInteger),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("fence", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("parked_at", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
    ]


def _index_waiting(table: str) -> None:
    for column in ("due_at", "parked_at"):
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_{table}_workspace_id_{column}",
            table,
            ["workspace_id", column],
            sqlite_where=there,
            postgresql_where=there,
        )
