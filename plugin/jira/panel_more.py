"""What the panel shows a moment later, or once somebody opens it: each a fragment of its own."""

from dataclasses import replace

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from lineage import questions
from lineage.questions import Picture
from lineage.terms import ItemId
from plugin import app_state, identity, picture, trend
from plugin.identity import Engineer
from plugin.jira import hiding, panel, site
from store.database import reading

routes = Blueprint("panel_more", __name__)

PAGE = 50
LETTERS = 20
"""So many of the letters that would go out are shown; the send plan has them all."""


@routes.get("/jira/<slug>/issues/<issue>/closing")
@identity.engineers_only
def closing(engineer: Engineer) -> ResponseReturnValue:
    """Closing this now: who would hear what."""
    with reading(app_state.current().engine) as conn:
        found = questions.closing_now(
            conn, engineer.workspace, engineer.issue, now=app_state.current().clock()
        )
        item = questions.item(conn, engineer.workspace, engineer.issue)
    found = hiding.in_closing(engineer, found, most=LETTERS)
    return render_template("jira/closing.html", closing=found, item=item, letters=LETTERS)


@routes.get("/jira/<slug>/issues/<issue>/lineage")
@identity.engineers_only
def lineage(engineer: Engineer) -> ResponseReturnValue:
    with reading(app_state.current().engine) as conn:
        found = questions.picture_of_item(conn, engineer.workspace, engineer.issue)
    return render_template("jira/lineage.html", drawing=picture.draw(_may_see(engineer, found)))


def _may_see(engineer: Engineer, whole: Picture) -> Picture:
    """Of issues that this person may not browse in Jira: that they are there, and nothing of them."""
    items = {node.name: ItemId(node.name.partition(":")[2]) for node in whole.nodes if node.key}
    hidden = set(items.values()) - site.seen(engineer, set(items.values()))
    names = [node.name for node in whole.nodes if hidden.intersection(node.name.split(":"))]
    called = {name: f"unseen:{number}" for number, name in enumerate(names)}
    nodes = tuple(
        replace(node, name=called[node.name], key=hiding.nameless(), title=" ", url="")
        if items.get(node.name) in hidden
        else replace(node, name=called.get(node.name, node.name))
        for node in whole.nodes
    )
    edges = tuple(
        replace(edge, src=called.get(edge.src, edge.src), dst=called.get(edge.dst, edge.dst))
        for edge in whole.edges
    )
    return replace(whole, nodes=nodes, edges=edges)


@routes.get("/jira/<slug>/issues/<issue>/why")
@identity.engineers_only
def why(engineer: Engineer) -> ResponseReturnValue:
    """The terms of the score, the companies behind it, and how it was before."""
    with reading(app_state.current().engine) as conn:
        demand = questions.demand(conn, engineer.workspace, engineer.issue)
        line = trend.of_item(conn, engineer.workspace, engineer.issue)
    return render_template("jira/why.html", demand=demand, trend=line)


@routes.get("/jira/<slug>/issues/<issue>/waiting")
@identity.engineers_only
def waiting(engineer: Engineer) -> ResponseReturnValue:
    """The next of those who wait."""
    offset = request.args.get("from", 0, type=int)
    if not 0 <= offset <= 1_000_000:
        abort(404)
    found = panel.panel(engineer, limit=PAGE, offset=offset)
    if found is None:
        abort(404)
    return render_template("jira/waiting.html", panel=found, offset=offset, page=PAGE, edits=engineer.edits)
