"""Indexes for what was found by reading a whole workspace; tests/large_reads.py watches that none lacks."""

import sqlalchemy as sa
from alembic import op

revision = "0010_indexes"
down_revision = "0009_late"
branch_labels = None
depends_on = None

WAITING = ("forum_mails", "forum_moderations", "inbox", "looks", "notices", "pushes", "replans")
NOT_OVER = "state IN ('held', 'awaiting_approval', 'queued', 'blocked', 'sending', 'unknown')"


def upgrade() -> None:
    for table in WAITING:
        _create_where("lease_until IS NOT NULL", f"ix_{table}_lease_until", table, "lease_until")
    _create_where(NOT_OVER, "notices_not_over", "notices", "workspace_id", "state")
    _create_where("settled_at IS NULL", "remarks_open", "remarks", "workspace_id", "request_id")
    _create_where("company_id IS NOT NULL", "persons_by_company", "persons", "workspace_id", "company_id")
    op.drop_index("requests_by_company", "requests")
    _create_where("company_id IS NOT NULL", "requests_by_company", "requests", "workspace_id", "company_id")
    _create_where(
        "reply_to_person_id != person_id", "requests_answered_elsewhere", "requests", "workspace_id",
        "reply_to_person_id",
    )  # fmt: skip
    for name in ("requesters", "companies", "customer", "pipeline"):
        columns = ["workspace_id", "ranked", name, "score_hundredths"]
        op.create_index(f"demands_by_{name}", "demands", columns)
    op.create_index("told_by_item", "told", ["workspace_id", "item_id"])
    op.create_index("posts_by_age", "posts", ["workspace_id", "created_at"])


def _create_where(condition: str, name: str, table: str, *columns: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)
