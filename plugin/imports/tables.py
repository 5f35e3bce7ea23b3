"""How far the import of a workspace is, and which links it found: from here it is gone on with."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from store.database import Instant, metadata, row_id
from store.waiting import Shelf, waiting_columns

LISTING, CHECKING, READY, LINKING, DONE = "listing", "checking", "ready", "linking", "done"
"""Links are listed page by page, looked at, and then recorded; a preview ends at `READY`."""

UNKNOWN, NEW, ALREADY, NO_TICKET, NO_ISSUE, LINKED = (
    "unknown", "new", "already", "no_ticket", "no_issue", "linked",
)  # fmt: skip
"""What was found of a link: nothing yet; to be recorded; recorded here before, or taken back here; its ticket
or its issue is deleted or hidden from us; recorded by this import."""

imports = Table(
    "imports",
    metadata,
    row_id(),
    Column("workspace_id", BigInteger, ForeignKey("workspaces.id", ondelete="CASCADE"), nullable=False),
    Column("source", String(120), nullable=False),
    Column("phase", String(20), nullable=False),
    Column("cursor", Text, nullable=False, server_default=""),
    Column("tickets", Integer, nullable=False, server_default="0"),
    Column("issues", Integer, nullable=False, server_default="0"),
    Column("preview", Boolean, nullable=False, server_default="0"),
    Column("started_by", String(200), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("phase_at", Instant, nullable=False),
    Column("finished_at", Instant),
    *waiting_columns(),
    UniqueConstraint("workspace_id"),
)
SHELF = Shelf("imports", imports)

import_links = Table(
    "import_links",
    metadata,
    Column(
        "workspace_id", BigInteger, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True,
        nullable=False,
    ),
    Column("ticket", String(40), primary_key=True),
    Column("issue", String(40), primary_key=True),
    Column("key", String(120), nullable=False, server_default=""),
    Column("linked_at", Instant),
    Column("found", String(20), nullable=False, server_default=UNKNOWN),
    Index("import_links_by_found", "workspace_id", "found", "ticket", "issue"),
    Index("import_links_by_issue", "workspace_id", "issue"),
)  # fmt: skip
