"""Posts of the community, their votes and comments."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from sandbox.zendesk import community
from sandbox.zendesk.problems import invalid
from sandbox.zendesk.rest.here import account, actor, base, given, page

routes = Blueprint("zendesk_community", __name__, url_prefix="/api/v2/community")


@routes.get("/posts")
def posts() -> ResponseReturnValue:
    found = [one for one in account().posts.values() if not one.hidden]
    return jsonify(page("posts", [community.post_json(one, base()) for one in found]))


@routes.get("/posts/<int:ident>")
def post(ident: int) -> ResponseReturnValue:
    return jsonify(post=community.post_json(community.post(account(), ident), base()))


@routes.get("/posts/<int:ident>/votes")
def votes(ident: int) -> ResponseReturnValue:
    """Agents see all of them; end users are not played."""
    of = community.post(account(), ident)
    return jsonify(page("votes", [community.vote_json(one, of, base()) for one in of.votes.values()]))


@routes.post("/posts/<int:ident>/up")
def up(ident: int) -> ResponseReturnValue:
    of = community.post(account(), ident)
    community.vote(account(), of, actor(), 1)
    return jsonify(vote=community.vote_json(of.votes[actor().id], of, base()))


@routes.get("/posts/<int:ident>/comments")
def comments(ident: int) -> ResponseReturnValue:
    on = community.post(account(), ident)
    return jsonify(page("comments", [community.comment_json(one, on, base()) for one in on.comments]))


@routes.post("/posts/<int:ident>/comments")
def comment(ident: int) -> ResponseReturnValue:
    """`notify_subscribers` stands beside the comment, and mails nobody here."""
    on, wanted = community.post(account(), ident), given("comment")
    if on.closed:
        raise invalid("base", "The post is closed for comments")
    if not str(wanted.get("body") or "").strip():
        raise invalid("body", "Body: cannot be blank")
    official = bool(wanted.get("official")) and actor().staff
    made = community.comment(account(), on, actor(), str(wanted["body"]), official=official)
    return jsonify(comment=community.comment_json(made, on, base())), 201
