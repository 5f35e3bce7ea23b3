"""The feedback forum, for customers: read, post, vote, and see how far things are. Works without scripts."""

from flask import Blueprint
from werkzeug.exceptions import HTTPException

from plugin import formats
from plugin.forum import board, post, sign_in, trouble, vote, write
from plugin.forum.visits import SignInFirst
from plugin.identity import proves
from plugin.pages import guard
from plugin.said import said
from store.workspaces import NoSuchWorkspace

routes = Blueprint("forum", __name__, url_prefix="/f/<slug>")
guard(routes)
formats.use(routes)
routes.add_app_template_filter(said)

# What each view asks its visitor to prove; `visits` and `links` prove it, inside the view's transaction.
anyone, member, member_link = proves("anyone"), proves("member"), proves("member link")

routes.get("/", endpoint="board")(anyone(board.show))
routes.get("/posts/<int:post_id>", endpoint="post")(anyone(post.show))
routes.post("/posts/<int:post_id>/vote", endpoint="vote")(member(vote.give))
routes.post("/posts/<int:post_id>/unvote", endpoint="unvote")(member(vote.take_back))
routes.get("/new", endpoint="write")(member(write.show))
routes.post("/new", endpoint="send")(member(write.send))
routes.get("/alike", endpoint="alike")(anyone(write.alike))

routes.get("/sign-in", endpoint="sign_in")(anyone(sign_in.show))
routes.post("/sign-in", endpoint="send_link")(anyone(sign_in.send_link))
routes.get("/sign-in/sent", endpoint="link_sent")(anyone(sign_in.sent))
routes.get("/sign-in/<token>", endpoint="follow_link")(member_link(sign_in.follow))
routes.post("/sign-in/<token>", endpoint="enter")(member_link(sign_in.enter))
routes.post("/sign-out", endpoint="leave")(anyone(sign_in.leave))

routes.register_error_handler(SignInFirst, trouble.sign_in_first)
routes.register_error_handler(NoSuchWorkspace, trouble.no_such_forum)
routes.register_error_handler(HTTPException, trouble.refused)
