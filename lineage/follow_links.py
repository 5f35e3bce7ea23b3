"""The links to requesters' own pages.

The address and the secret belong to the installation and lie in its row, because a message is worded
wherever something changes: in the web app, a worker or a command.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row

from lineage import follow_tokens
from lineage.follow_tokens import Named
from store import installation


@dataclass(frozen=True, slots=True)
class FollowLinks:
    """Makes links. `base` is None while nobody knows where the web app is reached: then there are none."""

    base: str | None
    key: str = field(repr=False)

    def to(self, request: Row[Any]) -> str | None:
        """The link that opens the page of this request, by its row."""
        if self.base is None or not self.key:
            return None
        named = Named(request.workspace_id, request.id, request.link_number)
        return f"{self.base}/r/{follow_tokens.make(self.key, named)}"


def load(conn: Connection) -> FollowLinks:
    ours = installation.load(conn)
    return FollowLinks(ours.public_url, ours.follow_key)
