"""One official comment on a post of the community for one outcome, whoever voted for it: the protocol.

A comment there has neither a mark nor a stamp. So what was said is found by its words: a comment of ours
that says just this, and that told no other outcome. Each attempt reads the comments first. What was written
without an answer rests, is read back, and is written again only if it does not stand there after that. Two
messages on one post never go out together (`lineage/notices.py`), so nobody else of ours writes meanwhile.
"""

import html
import re
from dataclasses import dataclass, field

from sqlalchemy import Engine

from connectors.errors import NotFound, Refused, Unauthorized, Unavailable
from connectors.outcomes import Blocked, GivenUp, NotYet, Outcome, Said, Unknown
from connectors.zendesk import entries
from connectors.zendesk.answers import Json
from connectors.zendesk.attempts import Attempt
from connectors.zendesk.client import number
from lineage.outbox import Receipt
from lineage.votes import IN_COMMUNITY
from store.crash_points import reached
from store.database import reading, transaction

PLACE = f"{IN_COMMUNITY}:"
PAUSED_S = 60.0
UNSEEN = (
    "Zendesk does not show the community post any more, so nobody can read whether this arrived: look there, "
    "then cancel this, or publish the post again and try again"
)
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Comment(Attempt):
    """One attempt at one comment. `mails`: whether Zendesk is to mail those who follow the post."""

    engine: Engine = field(kw_only=True)
    mails: bool = field(default=True, kw_only=True)

    @property
    def post(self) -> str:
        return self.sending.place.removeprefix(PLACE)

    @property
    def outcome(self) -> str:
        return str(self.sending.kept["outcome"])


def attempt(comment: Comment) -> Outcome:
    """Say it, or find that it was said. Raises Unavailable where nothing could be read."""
    with reading(comment.engine) as conn:
        told = entries.said_by(conn, comment.sending.workspace_id, comment.post)
    if known := told.get(comment.outcome):
        return _said(comment, known)
    try:
        post = _post(comment)
        found = _standing(comment, set(told.values()))
    except NotFound:
        return _nowhere(comment)
    if found:
        return _found(comment, found)
    reached("comment.read")
    if comment.sent_at is not None and _age_s(comment) < comment.settle_s:
        return Unknown(comment.read_back_s, "nobody knows yet whether the last attempt arrived")
    if not comment.sending.still_owed:
        comment.keep({"sent_at": None})
        return GivenUp("taken back: it was not true any more, or cancelled, before it was said")
    if not comment.sending.may_write:
        return NotYet(PAUSED_S, "the workspace is paused")
    if post.get("closed"):
        comment.keep({"sent_at": None})
        return Blocked("the community post is closed for comments: open it there, or tell its voters by hand")
    return _write(comment)


def _post(comment: Comment) -> Json:
    """Raises NotFound, and Unavailable where Zendesk said nothing of it."""
    found = comment.client.get(f"community/posts/{number(comment.post)}.json").get("post")
    if not isinstance(found, dict):
        raise Unavailable("Zendesk answered without the community post. It is asked again later.")
    return found


def _write(comment: Comment) -> Outcome:
    comment.keep({"sent_at": comment.moment().isoformat()})
    words = {"body": comment.sending.html, "official": True}
    body: dict[str, object] = {"comment": words, "notify_subscribers": comment.mails}
    path = f"community/posts/{number(comment.post)}/comments.json"
    try:
        made = comment.client.call("POST", path, body).get("comment")
    except Unavailable as trouble:
        if not trouble.sent:
            comment.keep({"sent_at": None})
            raise
        return Unknown(comment.read_back_s, str(trouble), tried=True)
    except Refused as refusal:
        if not refusal.whole_account or isinstance(refusal, Unauthorized):
            comment.keep({"sent_at": None})
        if refusal.whole_account:  # it waits until the account takes us again
            raise
        return Blocked(str(refusal))
    reached("comment.answered")
    if not isinstance(made, dict) or not made.get("id"):
        why = "Zendesk answered a comment without its number. It is read back."
        return Unknown(comment.read_back_s, why, tried=True)
    return _found(comment, str(made["id"]))


def _found(comment: Comment, ident: str) -> Said:
    with transaction(comment.engine) as conn:
        where = (comment.sending.workspace_id, comment.post, comment.outcome, ident)
        entries.keep(conn, *where, now=comment.now)
    reached("comment.found")
    return _said(comment, ident)


def _said(comment: Comment, ident: str) -> Said:
    return Said(Receipt(comment.sending.place, comment_id=ident))


def _nowhere(comment: Comment) -> Outcome:
    """A bare 404. What may stand on a hidden post is seen again once that is shown: a person who looked gives
    it up. Or it is for somebody who was forgotten.
    """
    in_doubt = comment.sent_at is not None
    if not comment.sending.still_owed and (comment.settled or not in_doubt):
        return GivenUp("taken back: the community post is gone")
    if in_doubt:
        return Blocked(UNSEEN)
    return Blocked(
        f"Zendesk does not show the community post {comment.post}: it is deleted, unpublished, or hidden "
        "from the connected account"
    )


def _standing(comment: Comment, told: set[str]) -> str:
    """The comment of ours that says this and told nothing else; empty where there is none."""
    ours, words = comment.client.me().get("id"), _words(comment.sending.html)
    for one in comment.client.every("comments", f"community/posts/{number(comment.post)}/comments.json"):
        same = one.get("author_id") == ours and _words(str(one.get("body"))) == words
        if same and str(one.get("id")) not in told:
            return str(one["id"])
    return ""


def _words(text: str) -> str:
    """What people read of it: without markup and space, which Zendesk sets anew."""
    return "".join(html.unescape(TAG.sub("", text)).split())


def _age_s(comment: Comment) -> float:
    return (comment.now - comment.sent_at).total_seconds() if comment.sent_at else 0.0
