"""One act at work: what was asked for, what of it is done so far, and how that is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.jira.client import Jira
from connectors.jira.look import mapping_of
from connectors.jira.mapping import LinkMapping
from connectors.jira.reading import read_issue
from lineage.changes import IssueSeen
from lineage.terms import EdgeKind, ItemId
from plugin.app_state import Kithspark
from plugin.jira import acts
from store.connections import Connection
from store.database import transaction
from store.waiting import Claimed
from store.workspaces import Workspace


@dataclass
class Doing:
    """One act at work. `made` grows step by step: `parts` by number, `links` by the id of the part."""

    app: Kithspark
    claimed: Claimed
    workspace: Workspace
    account: Connection
    jira: Jira
    plan: Mapping[str, Any]
    made: dict[str, Any]

    @property
    def item(self) -> ItemId:
        return ItemId(self.claimed.row["item_id"])

    @property
    def mapping(self) -> LinkMapping:
        return mapping_of(self.account)

    @property
    def now(self) -> datetime:
        return self.app.clock()

    def keep(self) -> None:
        """Raises Superseded."""
        with transaction(self.app.engine) as conn:
            acts.progress(conn, self.claimed, self.made)

    def read(self, item: ItemId) -> IssueSeen:
        return read_issue(self.jira, item, mapping=self.mapping, site=self.account.url)


def links_to_parts(seen: IssueSeen) -> dict[ItemId, str]:
    """The ids of its links that say that it was split, by the part."""
    return {
        edge.dst: edge.link_id for edge in seen.edges if edge.kind is EdgeKind.SPLIT and edge.src == seen.item
    }
