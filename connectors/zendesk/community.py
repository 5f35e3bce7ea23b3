"""Posts of Zendesk's community that were placed on issues: who votes for them, and who no longer does.

There is no list of votes since a time, and a swap, where one leaves and one comes, keeps every count. So the
votes of a post are read whole: whenever an event names the post, and all of them once an hour. A vote against
is no request. Whoever took a request back on their own page did not vote again by that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors import known
from connectors.errors import NotFound, Unavailable
from connectors.looking import Looking, Object
from connectors.zendesk.client import Zendesk, number
from connectors.zendesk.reader import person, when
from lineage.changes import Change, PersonSeen, PostSeen, Voted, VoteWithdrawn
from lineage.votes import COMMUNITY
from store.database import reading
from store.errors import GiveUp

ROUND = timedelta(hours=1)
ROUND_MARK = "community"
NEW_AT_ONCE, GO_ON_S = 40, 30.0
"""Voters whose names and addresses are read in one look: two calls each; the others follow."""
AFTER = "after"
"""The hint of a look that follows: after which vote it goes on."""


@dataclass(frozen=True, slots=True)
class Votes:
    """A post as it is now, and who votes for it since when, by user id."""

    post: PostSeen
    since: Mapping[str, datetime]


def post(looking: Looking, zendesk: Zendesk) -> None:
    """One post: what changed among its votes. One that is not shown moves nothing."""
    try:
        votes = read_votes(zendesk, looking.id)
    except NotFound:
        raise GiveUp(
            f"Zendesk does not show the community post {looking.id}: it is deleted, unpublished, or hidden "
            "from the connected account. Its votes count as before. Take it off its issue if it is gone."
        ) from None
    with reading(looking.engine) as conn:
        before = known.voters_of(conn, looking.workspace.id, looking.id)
    seen, last = difference(zendesk, votes, before, now=looking.clock(), after=looking.hint.get(AFTER))
    looking.finish(seen, again_in_s=GO_ON_S if last else None, again_hint={AFTER: last} if last else {})


def due(looking: Looking) -> tuple[list[Object], dict[str, str]]:
    """The posts that a reconciliation has read again, where the last round is long enough ago; its mark."""
    now, last = looking.clock(), looking.account.watermark.get(ROUND_MARK)
    if last is not None and timedelta() <= now - datetime.fromisoformat(last) < ROUND:
        return [], {}
    with reading(looking.engine) as conn:
        placed = known.community_posts(conn, looking.workspace.id)
    return [Object("post", one) for one in placed], {ROUND_MARK: now.isoformat()}


def read_votes(zendesk: Zendesk, ident: str) -> Votes:
    """A call for the post and one for each hundred votes. Raises NotFound, Unavailable."""
    seen = read_post(zendesk, ident)
    try:
        votes = zendesk.every("votes", f"community/posts/{number(ident)}/votes.json")
        votes = [one for one in votes if one["value"] == 1]
        since = {str(one["user_id"]): when(one.get("updated_at") or one["created_at"]) for one in votes}
    except (KeyError, TypeError, ValueError) as e:
        raise _lacks(ident, e) from e
    return Votes(seen, since)


def read_post(zendesk: Zendesk, ident: str) -> PostSeen:
    """Raises NotFound, Unavailable."""
    found = zendesk.get(f"community/posts/{number(ident)}.json").get("post")
    try:
        if not isinstance(found, dict):
            raise TypeError("post")
        author = PersonSeen("zendesk", str(found["author_id"]), "")
        return PostSeen(f"{COMMUNITY}{found['id']}", str(found["title"]), author, when(found["created_at"]))
    except (KeyError, TypeError, ValueError) as e:
        raise _lacks(ident, e) from e


def _lacks(ident: str, e: Exception) -> Unavailable:
    lacks = f"lacks something ({type(e).__name__}: {e}). It is read again later."
    return Unavailable(f"Zendesk's community post {ident} {lacks}")


def difference(
    zendesk: Zendesk, votes: Votes, before: Mapping[str, datetime | None], *, now: datetime,
    after: Sequence[str] | None = None,
) -> tuple[list[Change], tuple[str, str] | None]:  # fmt: skip
    """What is new since, oldest vote first; and where voters are left to be read, after which vote.

    So one whose user is gone, and who stays unknown, keeps nobody who voted later from being read.
    """
    fresh = sorted(
        (at, user) for user, at in votes.since.items() if _is_new(at, before.get(user), known=user in before)
    )
    if after:
        fresh = [one for one in fresh if one > (datetime.fromisoformat(after[0]), after[1])]
    gone = [user for user, taken_back in before.items() if taken_back is None and user not in votes.since]
    changes: list[Change] = [votes.post]
    changes += [VoteWithdrawn(votes.post.post, PersonSeen("zendesk", user, ""), now) for user in sorted(gone)]
    for at, user in fresh[:NEW_AT_ONCE]:
        try:
            changes.append(Voted(votes.post.post, person(zendesk, int(user)), at))
        except NotFound:
            continue  # somebody who is no user any more
        except (KeyError, TypeError, ValueError) as e:
            raise Unavailable(f"Zendesk's user {user} lacks {e}. It is read again later.") from e
    if len(fresh) <= NEW_AT_ONCE:
        return changes, None
    at, user = fresh[NEW_AT_ONCE - 1]
    return changes, (at.isoformat(), user)


def _is_new(at: datetime, taken_back: datetime | None, *, known: bool) -> bool:
    return not known or (taken_back is not None and at > taken_back)
