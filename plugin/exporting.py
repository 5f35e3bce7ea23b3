"""A whole workspace as lines of JSON: what was heard and what was said, and no secret. See docs/export.md."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, func, select

from lineage import outcomes, tables
from lineage.components import item_components
from lineage.demand_days import demand_days
from lineage.likeness.tables import rejections
from lineage.remark_rows import remarks
from plugin.forum import tables as forum
from store.connections import connections
from store.workspaces import Workspace, workspaces

VERSION = 1
AT_ONCE = 1000
WORK = frozenset({"workspace_id", "due_at", "lease_until", "fence", "attempts", "parked_at"})
"""Columns of how the work goes, and of whose row it is: the same for all."""

AMOUNTS = frozenset({
    "customer", "pipeline", "reach_customer", "reach_pipeline", "whole_customer", "whole_pipeline",
    "own_customer", "own_pipeline", "customer_minor", "pipeline_minor",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of line: a table's rows, without the columns that are left out."""

    name: str
    table: Table
    left_out: frozenset[str] = field(default_factory=frozenset)

    @property
    def columns(self) -> list[Column[Any]]:
        return [one for one in self.table.columns if one.name not in WORK | self.left_out]


KINDS = (
    Kind("workspace", workspaces),
    Kind("connection", connections, frozenset({"config", "secrets", "watermark"})),
    Kind("company", tables.companies),
    Kind("person", tables.persons),
    Kind("address", tables.addresses),
    Kind("item", tables.items),
    Kind("version", tables.versions),
    Kind("item_version", tables.item_versions),
    Kind("item_component", item_components),
    Kind("edge", tables.edges),
    Kind("request", tables.requests, frozenset({"link_number"})),
    Kind("post", tables.posts),
    Kind("placement", tables.placements),
    Kind("ask", tables.asks),
    Kind("rejection", rejections),
    Kind("choice", tables.choices),
    Kind("remark", remarks),
    Kind("told", outcomes.told),
    Kind("told_ask", outcomes.told_asks),
    Kind("notice", outcomes.notices, frozenset({"mark", "sending", "tried_places"})),
    Kind("wording", outcomes.wordings),
    Kind("demand", outcomes.demands),
    Kind("demand_day", demand_days),
    Kind("forum_member", forum.forum_members),
    Kind("forum_post", forum.forum_posts, frozenset({"form", "folded"})),
    Kind("forum_vote", forum.forum_votes),
    Kind("forum_entry", forum.forum_entries),
    Kind("forum_moderation", forum.forum_moderations),
    Kind("history", tables.history),
)
"""In this order; within a kind by the table's key."""

NOT_EXPORTED: Mapping[str, str] = {
    "inbox": "deliveries as they came; what they told is in the history",
    "looks": "work that waits",
    "pushes": "work that waits",
    "remote_links": "links that stand in Jira, which has them",
    "replans": "work that waits",
    "past_days": "worked out from the days of demand; kept for a while",
    "past_places": "worked out from the days of demand; kept for a while",
    "restores": "work that waits",
    "readbacks": "work that waits",
    "paces": "how fast messages may go out, learnt anew",
    "found_words": "marks that nobody can read",
    "passes": "worked out from the asks and edges",
    "claims": "worked out from the asks and edges",
    "portions": "worked out from the asks and edges",
    "likenesses": "worked out from the issues, posts and requests",
    "likeness_heard": "how far the history was read for that",
    "embeddings": "made by the connected model of issues and requests",
    "request_embeddings": "made by the connected model of issues and requests",
    "embedding_rounds": "how far the model was asked for that",
    "history_about": "an index over the history",
    "forum_links": "sign-in secrets",
    "forum_mails": "sign-in secrets",
    "vendor_users": "names and languages of agents, and whether they see every ticket, kept for a while",
    "connect_installations": "secrets of the Jira app",
    "forge_installations": "tokens of the Jira app",
    "connect_sites": "which Jira site is whose",
    "community_entries": "comments that stand in Zendesk, which has them",
    "post_entries": "which message says what on a post; the comments stand in Zendesk",
    "imports": "how far an import is; what came of it is in the history",
    "import_links": "links that stand in Zendesk, which has them",
    "jira_acts": "what came of it is in the history; kept to undo it",
}
"""The other tables that belong to a workspace, and why they are left out."""


def total(conn: Connection, workspace: Workspace) -> int:
    """How many rows there are to export."""
    counts = (
        conn.scalar(select(func.count()).select_from(kind.table).where(_here(kind, workspace)))
        for kind in KINDS
    )
    return sum(count or 0 for count in counts)


def lines(conn: Connection, workspace: Workspace, *, now: datetime) -> Iterator[bytes]:
    """The lines, a few rows at a time: the first says what this is, the last how many there are."""
    written = 0
    yield _line({"kind": "export", "version": VERSION, "workspace": workspace.slug, "as_of": _plain(now)})
    for kind in KINDS:
        columns = kind.columns
        shapes = [_shape(column, workspace.policy.currency) for column in columns]
        query = select(*columns).where(_here(kind, workspace)).order_by(*kind.table.primary_key.columns)
        for row in conn.execute(query.execution_options(yield_per=AT_ONCE)):
            named = dict(shape(value) for shape, value in zip(shapes, row, strict=True))
            yield _line(_with_its_currency({"kind": kind.name} | named))
            written += 1
    yield _line({"kind": "end", "lines": written})


def _here(kind: Kind, workspace: Workspace) -> Any:
    column = kind.table.c.id if kind.table is workspaces else kind.table.c.workspace_id
    return column == workspace.id


def named(column: Column[Any]) -> str:
    """How a column is called in a line; `kind` says what the line is."""
    return "what" if column.name == "kind" else column.name.removesuffix("_minor")


def _shape(column: Column[Any], currency: str) -> Callable[[Any], tuple[str, Any]]:
    """How a column's value is named and written; amounts say their currency."""
    name = named(column)
    if column.name in AMOUNTS:
        return lambda value: (name, {"minor": value, "currency": currency})
    if column.name == "auto_kinds":
        return lambda value: (name, [one for one in value.split(",") if one])
    return lambda value: (name, _plain(value))


def _with_its_currency(line: dict[str, Any]) -> dict[str, Any]:
    """A day of demand is in the currency of that day."""
    if line["kind"] != "demand_day":
        return line
    return {
        name: {**value, "currency": line["currency"]} if name in AMOUNTS else value
        for name, value in line.items()
        if name != "currency"
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
