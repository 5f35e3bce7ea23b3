"""The community of the help centre: posts, votes and comments, with the events that tell of them."""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.zendesk.account import Account
from sandbox.zendesk.problems import missing
from sandbox.zendesk.records import Json, User
from sandbox.zendesk.shapes import iso


@dataclass
class Vote:
    """`value`: 1 for, -1 against."""

    id: int
    user: int
    value: int
    created: datetime
    updated: datetime


@dataclass
class Comment:
    id: int
    author: int
    body: str
    official: bool
    created: datetime


@dataclass
class Post:
    """`hidden`: deleted or unpublished, so nobody is shown it."""

    id: int
    author: int
    title: str
    details: str
    created: datetime
    closed: bool = False
    hidden: bool = False
    votes: dict[int, Vote] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)


def post(account: Account, ident: int) -> Post:
    """Raises Problem 404."""
    found = account.posts.get(ident)
    if found is None or found.hidden:
        raise missing()
    return found


def add(account: Account, author: User, title: str, details: str) -> Post:
    made = Post(account.new_id(), author.id, title, details, account.stamp())
    account.posts[made.id] = made
    return made


def vote(account: Account, to: Post, user: User, value: int) -> None:
    """A second vote of the same user changes the first; 0 takes it away."""
    now, before = account.stamp(), to.votes.get(user.id)
    if value == 0:
        if to.votes.pop(user.id, None) is not None:
            tell(account, to, user, "vote_removed", {"vote": vote_event(before)})
    elif before is None:
        made = to.votes[user.id] = Vote(account.new_id(), user.id, value, now, now)
        tell(account, to, user, "vote_created", {"vote": vote_event(made)})
    elif before.value != value:
        was = vote_event(before)
        before.value, before.updated = value, now
        tell(account, to, user, "vote_changed", {"current": vote_event(before), "previous": was})


def comment(account: Account, on: Post, author: User, body: str, *, official: bool) -> Comment:
    made = Comment(account.new_id(), author.id, body, official, account.stamp())
    on.comments.append(made)
    event = {"comment": {"id": str(made.id)}}
    tell(account, on, author, "comment_created", event)
    return made


def hide(account: Account, one: Post) -> None:
    one.hidden = True
    tell(account, one, account.users[one.author], "unpublished", {})


def tell(account: Account, about: Post, user: User, what: str, event: Json) -> None:
    detail = {
        "id": str(about.id), "brand_id": "360001", "topic_id": "360002", "user_id": str(user.id),
    }  # fmt: skip
    account.tell(f"community_post.{what}", f"zen:community_post:{about.id}", detail, event)


def vote_event(one: Vote | None) -> Json:
    """As events of articles tell a vote; those of posts are not documented."""
    return {"id": str(one.id), "user_id": str(one.user), "value": one.value} if one else {}


def post_json(one: Post, base: str) -> Json:
    return {
        "id": one.id,
        "title": one.title,
        "details": one.details,
        "author_id": one.author,
        "vote_sum": sum(vote.value for vote in one.votes.values()),
        "vote_count": len(one.votes),
        "comment_count": len(one.comments),
        "follower_count": 1,
        "topic_id": 360_002,
        "html_url": f"{base}/hc/en-us/community/posts/{one.id}",
        "created_at": iso(one.created),
        "updated_at": iso(one.created),
        "url": f"{base}/api/v2/community/posts/{one.id}.json",
        "featured": False,
        "pinned": False,
        "closed": one.closed,
        "frozen": False,
        "status": "none",
        "non_author_editor_id": None,
        "non_author_updated_at": None,
        "content_tag_ids": [],
    }


def vote_json(one: Vote, of: Post, base: str) -> Json:
    return {
        "id": one.id,
        "url": f"{base}/api/v2/help_center/votes/{one.id}.json",
        "user_id": one.user,
        "value": one.value,
        "item_id": of.id,
        "item_type": "Post",
        "created_at": iso(one.created),
        "updated_at": iso(one.updated),
    }


def comment_json(one: Comment, on: Post, base: str) -> Json:
    return {
        "id": one.id,
        "body": one.body,
        "author_id": one.author,
        "vote_sum": 0,
        "vote_count": 0,
        "official": one.official,
        "html_url": f"{base}/hc/en-us/community/posts/{on.id}/comments/{one.id}",
        "created_at": iso(one.created),
        "updated_at": iso(one.created),
        "url": f"{base}/api/v2/community/posts/{on.id}/comments/{one.id}.json",
        "post_id": on.id,
        "non_author_editor_id": None,
        "non_author_updated_at": None,
    }
