"""Entries on forum posts as a channel of `connectors/delivery.py`.

The post is in our own database, so saying it and remembering it could be one transaction; it is two, as
for every channel, and the entry is unique per outcome: a second try finds it and is done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from connectors.outcomes import Blocked, GivenUp, NotYet, Outcome, Said
from lineage.notices import Sending
from lineage.outbox import Receipt
from plugin.forum.entries import has_entry, post_entry
from store.crash_points import reached
from store.database import reading, transaction
from store.workspaces import Workspace

PAUSED_S = 60.0


@dataclass(frozen=True, slots=True)
class ForumEntries:
    engine: Engine

    def say(
        self,
        workspace: Workspace,
        sending: Sending,
        now: datetime,
        keep: Callable[[Mapping[str, Any]], None],
    ) -> Outcome:
        """One public entry for the outcome; everybody who voted for the post is told by it."""
        post, outcome = int(sending.place.removeprefix("forum:post:")), str(sending.kept["outcome"])
        with reading(self.engine) as conn:
            said = has_entry(conn, workspace, post, outcome)
        if not said and not sending.still_owed:
            keep({"sent_at": None})
            return GivenUp("taken back: it was not true any more, or cancelled, before it was said")
        if not said and not sending.may_write:
            return NotYet(PAUSED_S, "the workspace is paused")
        if not said:
            keep({"sent_at": now.isoformat()})  # from here on nobody words it anew before it was looked for
            try:
                with transaction(self.engine) as conn:
                    post_entry(conn, workspace, post, outcome, text=sending.text, html=sending.html, now=now)
                reached("entry.posted")
            except LookupError:
                keep({"sent_at": None})
                return Blocked(f"the forum post {post} is gone: nobody can be told there")
        return Said(Receipt(sending.place))

    def read_again(self, _workspace: Workspace, _ticket: str, _now: datetime) -> None:
        """A post never moves."""
