"""The tables of what follows: what asks pass, what items count, who was told what, and what waits to go out.

`passes`, `claims`, `portions` and `demands` are derived: only `lineage/counting` writes them, and `kithspark
rebuild` makes them anew from the facts in `lineage/tables.py`. `told` and `notices` are what we said and are
about to say.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from lineage.tables import index_where, to_own, workspace_column
from store.database import Instant, Json, metadata, row_id
from store.waiting import waiting_columns

passes = Table(
    "passes",
    metadata,
    workspace_column(primary_key=True),
    Column("ask_id", BigInteger, primary_key=True, autoincrement=False),
    Column("item_id", String(40), primary_key=True),
    Column("own", Boolean, primary_key=True),
    Column("person_id", BigInteger, nullable=False),
    Column("company_id", BigInteger),
    Column("weight", SmallInteger, nullable=False),
    Column("vote", Boolean, nullable=False),
    Column("direct", Boolean, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Index("passes_by_person", "workspace_id", "item_id", "person_id", "own", "weight"),
    Index("passes_by_age", "workspace_id", "item_id", "asked_at"),
    Index("passes_by_time", "workspace_id", "asked_at", "item_id"),
    sqlite_with_rowid=False,
)
"""Every node that an ask passes or rests on (`own`: the part that the item kept for itself)."""

claims = Table(
    "claims",
    metadata,
    workspace_column(primary_key=True),
    Column("item_id", String(40), primary_key=True),
    Column("own", Boolean, primary_key=True),
    Column("company_id", BigInteger, primary_key=True, autoincrement=False),
    Column("asks", Integer, nullable=False),
    Column("direct", Integer, nullable=False),
    Column("inflow_customer", BigInteger, nullable=False),
    Column("inflow_pipeline", BigInteger, nullable=False),
    Column("customer", BigInteger, nullable=False),
    Column("pipeline", BigInteger, nullable=False),
    Index("claims_by_company", "workspace_id", "company_id"),
    sqlite_with_rowid=False,
)
"""What one company carries at a node: how many of its asks pass it, how many of them were linked right
there, what came from elsewhere, and what it carries (never more than its amount), in minor units."""

portions = Table(
    "portions",
    metadata,
    workspace_column(primary_key=True),
    Column("giver_id", String(40), primary_key=True),
    Column("giver_own", Boolean, primary_key=True),
    Column("company_id", BigInteger, primary_key=True, autoincrement=False),
    Column("heir_id", String(40), primary_key=True),
    Column("heir_own", Boolean, primary_key=True),
    Column("customer", BigInteger, nullable=False),
    Column("pipeline", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""What a company's money at one node hands on to the next; `inflow_…` of a claim is the sum of these."""

demands = Table(
    "demands",
    metadata,
    workspace_column(primary_key=True),
    Column("item_id", String(40), primary_key=True),
    Column("ranked", Boolean, nullable=False),
    Column("asks", Integer, nullable=False),
    Column("own_asks", Integer, nullable=False),
    Column("requesters", Integer, nullable=False),
    Column("companies", Integer, nullable=False),
    Column("votes", Integer, nullable=False),
    Column("reach_customer", BigInteger, nullable=False),
    Column("reach_pipeline", BigInteger, nullable=False),
    Column("whole_customer", BigInteger, nullable=False),
    Column("whole_pipeline", BigInteger, nullable=False),
    Column("own_customer", BigInteger, nullable=False),
    Column("own_pipeline", BigInteger, nullable=False),
    Column("customer", BigInteger, nullable=False),
    Column("pipeline", BigInteger, nullable=False),
    Column("score_hundredths", BigInteger, nullable=False),
    Column("oldest_at", Instant),
    Index("demands_ranked", "workspace_id", "ranked", "score_hundredths", "item_id"),
    *(
        Index(f"demands_by_{name}", "workspace_id", "ranked", name, "score_hundredths", "item_id")
        for name in ("requesters", "companies", "votes", "customer", "pipeline")
    ),
    Index("demands_by_age", "workspace_id", "ranked", "oldest_at", "score_hundredths", "item_id"),
)
"""What an item counts. `whole_…`: the money of all that passes it; `own_…`: of the part that it kept;
`customer` and `pipeline`: what rests on it, its credit."""

replans = Table(
    "replans",
    metadata,
    row_id(),
    workspace_column(),
    Column("person_id", BigInteger, nullable=False),
    *waiting_columns(),
    UniqueConstraint("workspace_id", "person_id"),
)
"""Persons whose news must be worked out again, where they are too many for one transaction."""

pushes = Table(
    "pushes",
    metadata,
    row_id(),
    workspace_column(),
    Column("item_id", String(40), nullable=False),
    Column("rev", BigInteger, nullable=False),
    Column("pushed_rev", BigInteger, nullable=False, server_default="0"),
    Column("settled_fence", BigInteger, nullable=False, server_default="0"),
    *waiting_columns(),
    UniqueConstraint("workspace_id", "item_id"),
)

remote_links = Table(
    "remote_links",
    metadata,
    workspace_column(primary_key=True),
    Column("item_id", String(40), primary_key=True),
    Column("origin", String(120), primary_key=True),
    Column("made", Boolean, nullable=False, server_default="0"),
)
"""Links back to tickets that stand on issues in the tracker (`made`), or are about to: a row is written
before the link is made, and goes once it is gone."""

told = Table(
    "told",
    metadata,
    row_id(),
    workspace_column(),
    Column("person_id", BigInteger, nullable=False),
    Column("item_id", String(40), nullable=False),
    Column("own", Boolean, nullable=False, server_default="0"),
    Column("happened", String(20), nullable=False),
    Column("nth", Integer, nullable=False, server_default="1"),
    Column("at", Instant, nullable=False),
    Column("happened_at", Instant),
    Column("notice_id", BigInteger),
    Column("place", String(120), nullable=False, server_default=""),
    Column("retracted_at", Instant),
    Column("correction_dismissed_at", Instant),
    to_own("persons", "person_id"),
    UniqueConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "person_id", "item_id", "happened", "nth"),
    Index("told_by_item", "workspace_id", "item_id", "happened", "own", "happened_at"),
)

told_asks = Table(
    "told_asks",
    metadata,
    workspace_column(primary_key=True),
    Column("told_id", BigInteger, primary_key=True),
    Column("ask_id", BigInteger, primary_key=True),
    Column("promised", Boolean, nullable=False),
    to_own("told", "told_id"),
    to_own("asks", "ask_id"),
    Index("told_asks_by_ask", "workspace_id", "ask_id"),
)

LIVE = ("held", "awaiting_approval", "queued", "blocked")
UNDER_WAY = ("sending", "unknown")
NOT_OVER = f"state IN {(*LIVE, *UNDER_WAY)!r}"
"""Of a notice that may yet be said, or is being said."""

UNSAID = ("cancelled", "skipped")
"""Of a notice that ended without being said."""
ENDED = "notices_ended"
"""The count of those (`store/tally.py`)."""

notices = Table(
    "notices",
    metadata,
    row_id(),
    workspace_column(),
    Column("person_id", BigInteger, nullable=False),
    Column("lane", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("state", String(30), nullable=False),
    Column("facts", Json, nullable=False),
    Column("place", String(120), nullable=False),
    Column("language", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("digest", String(16), nullable=False),
    Column("approved_digest", String(16)),
    Column("approved_by", String(200)),
    Column("settled_by", String(200)),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("mark", Json),
    Column("sending", Json),
    Column("tried_places", Json, nullable=False),
    Column("receipt", Json),
    Column("not_before", Instant),
    Column("edited_by", String(200)),
    Column("drafted_digest", String(16)),
    Column("drafted_text", Text),
    Column("words_before", Text),
    Column("entry", Json),
    *waiting_columns(),
    to_own("persons", "person_id"),
    UniqueConstraint("workspace_id", "id"),
    Index("notices_by_person", "workspace_id", "person_id", "state"),
    index_where(NOT_OVER, "notices_not_over", "workspace_id", "state", "id"),
    index_where("sent_at IS NOT NULL", "notices_by_sent", "workspace_id", "sent_at"),
)
"""`not_before`: the moment for which it was approved. `drafted_…`: what a person's words (`text`) stand in
place of. `words_before`: those that a person approved last, or wrote and that fell away. `entry`: what a post
says to everybody besides, where one of its voters is told in a ticket of their own (`post_entries.py`)."""

restores = Table(
    "restores",
    metadata,
    row_id(),
    workspace_column(),
    Column("backup_at", Instant, nullable=False),
    Column("restored_at", Instant, nullable=False),
    Column("reading_at", Instant),
    Column("finished_at", Instant),
    *waiting_columns(),
    UniqueConstraint("workspace_id"),
)
"""One row for a workspace that came from a backup. Until `finished_at` nothing goes out: first the vendors
are read (until `reading_at`), then what was told since `backup_at` is read back, person by person."""

readbacks = Table(
    "readbacks",
    metadata,
    row_id(),
    workspace_column(),
    Column("person_id", BigInteger, nullable=False),
    *waiting_columns(),
    to_own("persons", "person_id"),
    UniqueConstraint("workspace_id", "person_id"),
)
"""Persons whose tickets are still to be read for what we told them since the backup."""

found_words = Table(
    "found_words",
    metadata,
    workspace_column(primary_key=True),
    Column("word", String(16), primary_key=True),
    Column("place", String(120), nullable=False),
    Column("at", Instant, nullable=False),
)
"""Words of marks that were read back and fit nothing that is known yet: of whom, of what they speak shows
only when the same is owed again."""
wordings = Table(
    "wordings",
    metadata,
    workspace_column(primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("language", String(20), primary_key=True),
    Column("template", Text, nullable=False),
    Column("changed_by", String(200), nullable=False),
    Column("changed_at", Instant, nullable=False),
)
"""Operators' own templates; where there is none, the words are ours."""
