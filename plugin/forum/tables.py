"""The forum's tables: members and how they sign in, posts with their votes and entries, what waits."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text, UniqueConstraint, text

from lineage.tables import to_own, workspace_column
from store.database import Instant, Json, metadata, row_id
from store.waiting import waiting_columns

forum_members = Table(
    "forum_members",
    metadata,
    row_id(),
    workspace_column(),
    Column("email", String(254), nullable=False),
    Column("name", String(80), nullable=False),
    Column("language", String(20)),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "email"),
    sqlite_autoincrement=True,  # a cookie names the member: a removed one's number must not come back
)

forum_links = Table(
    "forum_links",
    metadata,
    row_id(),
    workspace_column(),
    Column("digest", String(64), nullable=False),
    Column("email", String(254), nullable=False),
    Column("then", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    UniqueConstraint("digest"),
    Index("forum_links_by_age", "workspace_id", "created_at"),
)

forum_mails = Table(
    "forum_mails",
    metadata,
    row_id(),
    workspace_column(),
    Column("email", String(254), nullable=False),
    Column("subject", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    *waiting_columns(),
    Index("forum_mails_by_age", "workspace_id", "created_at"),
    sqlite_autoincrement=True,  # a worker may still hold a number that was forgotten meanwhile
)

forum_posts = Table(
    "forum_posts",
    metadata,
    row_id(),
    workspace_column(),
    Column("author_id", BigInteger, nullable=False),
    Column("form", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("votes", Integer, nullable=False, server_default=text("0")),
    Column("created_at", Instant, nullable=False),
    Column("published_at", Instant),
    Column("decided_by", String(200), nullable=False, server_default=""),
    Column("decided_at", Instant),
    to_own("forum_members", "author_id"),
    UniqueConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "author_id", "form"),
    Index("forum_posts_by_votes", "workspace_id", "state", "votes"),
    Index("forum_posts_by_age", "workspace_id", "state", "published_at"),
    sqlite_autoincrement=True,  # places like forum:post:9 must mean one post for ever
)

forum_votes = Table(
    "forum_votes",
    metadata,
    workspace_column(primary_key=True),
    Column("post_id", BigInteger, primary_key=True),
    Column("member_id", BigInteger, primary_key=True),
    Column("words", Text, nullable=False),
    Column("voted_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Column("turns", Integer, nullable=False),
    to_own("forum_posts", "post_id"),
    to_own("forum_members", "member_id"),
    Index("forum_votes_by_member", "workspace_id", "member_id"),
)

forum_entries = Table(
    "forum_entries",
    metadata,
    row_id(),
    workspace_column(),
    Column("post_id", BigInteger, nullable=False),
    Column("outcome", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    to_own("forum_posts", "post_id"),
    UniqueConstraint("workspace_id", "post_id", "outcome"),
)

forum_moderations = Table(
    "forum_moderations",
    metadata,
    row_id(),
    workspace_column(),
    Column("post_id", BigInteger, nullable=False),
    Column("model", String(200), nullable=False, server_default=""),
    Column("categories", Json, nullable=False),
    Column("judged_at", Instant),
    *waiting_columns(),
    to_own("forum_posts", "post_id"),
    UniqueConstraint("workspace_id", "post_id"),
)
