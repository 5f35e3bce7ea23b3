"""Entries on forum posts as a channel of `connectors/delivery.py`.

The post is in our own database, so saying it and remembering it could be one transaction; it is two, as
for every channel, and the entry is unique per outcome: a second try finds it and is done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from connectors.outcomes import Blocked, Outcome, Said
from lineage.notices import Sending
from lineage.outbox import Receipt
from plugin.forum.entries import post_entry
from store.database import transaction
from store.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class ForumEntries:
    engine: Engine

    def say(
        self,
        workspace: Workspace,
        sending: Sending,
        now: datetime,
        _keep: Callable[[Mapping[str, Any]], None],
    ) -> Outcome:
        """One public entry for the outcome; everybody who voted for the post is told by it."""
        post, outcome = sending.place.removeprefix("forum:post:"), str(sending.kept["outcome"])
        try:
            with transaction(self.engine) as conn:
                post_entry(conn, workspace, int(post), outcome, text=sending.text, html=sending.html, now=now)
        except (LookupError, ValueError):
            return Blocked(f"the forum post {post} is gone: nobody can be told there")
        return Said(Receipt(sending.place))

    def read_again(self, _workspace: Workspace, _ticket: str, _now: datetime) -> None:
        """A post never moves."""
