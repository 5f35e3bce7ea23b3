"""One official comment on a post of the community for one outcome, whoever voted for it: the protocol.

A comment there has neither a mark nor a stamp. So what was said is found by its words: a comment of ours
that says just this, and that told no other outcome. Each attempt reads the comments first. What was written
without an answer rests, is read back, and is written again only if it does not stand there after that. Two
messages on one post never go out together (`lineage/notices.py`), so nobody else of ours writes meanwhile.
"""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine

from connectors.errors import NotFound, Refused, Unavailable
from connectors.outcomes import Blocked, GivenUp, NotYet, Outcome, Said, Unknown
from connectors.zendesk import entries
from connectors.zendesk.answers import Json
from connectors.zendesk.client import Zendesk, number, objects
from lineage.notices import Sending
from lineage.outbox import Receipt
from store.crash_points import reached
from store.database import reading, transaction

PLACE = "zendesk:community:"
READ_BACK_S, PAUSED_S = 15.0, 60.0
PAGE = 100
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Comment:
    """One attempt at one comment. `keep` commits what a later attempt must know, before anything is sent."""

    engine: Engine
    client: Zendesk
    sending: Sending
    now: datetime
    settle_s: float
    keep: Callable[[Mapping[str, Any]], None]

    @property
    def post(self) -> str:
        return self.sending.place.removeprefix(PLACE)

    @property
    def outcome(self) -> str:
        return str(self.sending.kept["outcome"])

    @property
    def read_back_s(self) -> float:
        """When an unknown outcome is read back: soon, and well before it may be written again."""
        return min(READ_BACK_S, self.settle_s / 4)

    @property
    def sent_at(self) -> datetime | None:
        """When it was written, as far as nobody knows what became of it."""
        at = self.sending.kept.get("sent_at")
        return datetime.fromisoformat(at) if at else None


def attempt(comment: Comment) -> Outcome:
    """Say it, or find that it was said. Raises Unavailable where nothing could be read."""
    with reading(comment.engine) as conn:
        told = entries.said_by(conn, comment.sending.workspace_id, comment.post)
    if known := told.get(comment.outcome):
        return _said(comment, known)
    try:
        post = comment.client.get(f"community/posts/{number(comment.post)}.json").get("post")
        found = _standing(comment, set(told.values()))
    except NotFound:
        return _nowhere(comment)
    if found:
        return _found(comment, found)
    if comment.sent_at is not None and _age_s(comment) < comment.settle_s:
        return Unknown(comment.read_back_s, "nobody knows yet whether the last attempt arrived")
    if not comment.sending.still_owed:
        comment.keep({"sent_at": None})
        return GivenUp("taken back: it was not true any more, or cancelled, before it was said")
    if not comment.sending.may_write:
        return NotYet(PAUSED_S, "the workspace is paused")
    if isinstance(post, dict) and post.get("closed"):
        comment.keep({"sent_at": None})
        return Blocked("the community post is closed for comments: open it there, or tell its voters by hand")
    return _write(comment)


def _write(comment: Comment) -> Outcome:
    comment.keep({"sent_at": comment.now.isoformat()})
    body = {"comment": {"body": comment.sending.html, "official": True}, "notify_subscribers": True}
    path = f"community/posts/{number(comment.post)}/comments.json"
    try:
        made = comment.client.post(path, body).get("comment")
    except Unavailable as trouble:
        if not trouble.sent:
            comment.keep({"sent_at": None})
            raise
        return Unknown(comment.read_back_s, str(trouble), tried=True)
    except Refused as refusal:
        comment.keep({"sent_at": None})
        return Blocked(str(refusal))
    reached("reply.answered")
    if not isinstance(made, dict) or not made.get("id"):
        why = "Zendesk answered a comment without its number. It is read back."
        return Unknown(comment.read_back_s, why, tried=True)
    return _found(comment, str(made["id"]))


def _found(comment: Comment, ident: str) -> Said:
    with transaction(comment.engine) as conn:
        where = (comment.sending.workspace_id, comment.post, comment.outcome, ident)
        entries.keep(conn, *where, now=comment.now)
    return _said(comment, ident)


def _said(comment: Comment, ident: str) -> Said:
    return Said(Receipt(comment.sending.place, comment_id=ident))


def _nowhere(comment: Comment) -> Outcome:
    """Nothing stands on a post that is not shown; what may have been written there is seen by nobody."""
    comment.keep({"sent_at": None})
    return Blocked(
        f"Zendesk does not show the community post {comment.post}: it is deleted, unpublished, or hidden "
        "from the connected account"
    )


def _standing(comment: Comment, told: set[str]) -> str:
    """The comment of ours that says this and told nothing else; empty where there is none."""
    ours, words = comment.client.me().get("id"), _words(comment.sending.html)
    for one in _comments(comment.client, comment.post):
        same = one.get("author_id") == ours and _words(str(one.get("body"))) == words
        if same and str(one.get("id")) not in told:
            return str(one["id"])
    return ""


def _comments(client: Zendesk, post: str) -> list[Json]:
    """Every comment of a post. Raises Unavailable where they cannot be read to the end."""
    found, cursor = list[Json](), ""
    while True:
        where = f"community/posts/{number(post)}/comments.json?page[size]={PAGE}"
        answer = client.get(f"{where}&page[after]={quote(cursor, safe='')}" if cursor else where)
        found += objects(answer, "comments")
        meta = answer.get("meta") or {}
        after = str(meta.get("after_cursor") or "") if meta.get("has_more") else ""
        if not after:
            return found
        if after == cursor:
            raise Unavailable("Zendesk's list of comments leads in a circle. It is read again later.")
        cursor = after


def _words(text: str) -> str:
    """What people read of it: without markup and space, which Zendesk sets anew."""
    return "".join(html.unescape(TAG.sub("", text)).split())


def _age_s(comment: Comment) -> float:
    return (comment.now - comment.sent_at).total_seconds() if comment.sent_at else 0.0
