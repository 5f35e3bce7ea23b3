"""The board: what was asked for, how far it is, and a search that finds it before it is asked again."""

from dataclasses import dataclass

from flask import render_template, request
from sqlalchemy import Connection

from lineage import questions
from plugin.app_state import current
from plugin.forum import posts, visits, votes, words
from plugin.forum.posts import Order, Post
from plugin.forum.status import Status, status_of
from plugin.forum.visits import Visit
from store.database import reading

LONGEST_SEARCH = 200
LAST_PAGE = 400


@dataclass(frozen=True, slots=True)
class Card:
    """One post in a list. `voted`: by whoever is looking."""

    post: Post
    excerpt: str
    status: Status | None
    voted: bool


def show(slug: str) -> str:
    wanted = words.one_line(request.args.get("q", ""))[:LONGEST_SEARCH]
    order = Order.NEW if request.args.get("sort") == Order.NEW else Order.VOTES
    page = min(max(request.args.get("page", 1, int), 1), LAST_PAGE)
    with reading(current().engine) as conn:
        visit = visits.arrive(conn, slug)
        found = posts.board(conn, visit.workspace.id, order=order, wanted=wanted, page=page)
        shown = cards(conn, visit, found[: posts.PER_PAGE])
        mine = posts.unpublished_of(conn, visit.workspace.id, visit.member.id) if visit.member else []
    template = "forum/cards.html" if _only_the_list() else "forum/board.html"
    return render_template(
        template,
        **visits.frame(visit),
        cards=shown,
        mine=mine,
        wanted=wanted,
        order=order,
        page=page,
        more=len(found) > posts.PER_PAGE,
    )


def cards(conn: Connection, visit: Visit, found: list[Post]) -> list[Card]:
    """Posts as this visitor sees them in a list."""
    voted = votes.standing_of(conn, visit.workspace.id, visit.member_id, [post.id for post in found])
    return [
        Card(post, words.excerpt(post.words), _status(conn, visit, post), post.id in voted) for post in found
    ]


def _status(conn: Connection, visit: Visit, post: Post) -> Status | None:
    return status_of(questions.post_status(conn, visit.workspace, str(post.id)))


def _only_the_list() -> bool:
    """While somebody types, the script asks for the list alone; a page from its history is whole."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
