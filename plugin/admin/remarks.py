"""What requesters say on their own pages: that it is not what they meant. Of closed tickets and votes too."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lineage import ledger, questions
from lineage.errors import LineageError
from lineage.requester_changes import RemarksSettled
from lineage.terms import Origin
from plugin import app_state, identity
from plugin.admin.workspace import around, cause, named, say
from plugin.errors import Missing
from plugin.identity import Operator
from plugin.said import said
from plugin.translating import gettext as _
from store.database import reading, transaction

routes = Blueprint("remarks", __name__)


@routes.get("/<slug>/remarks")
@identity.operators_only
def remarks(operator: Operator, slug: str) -> ResponseReturnValue:
    with reading(app_state.current().engine) as conn:
        workspace = named(conn, slug)
        pages = questions.misunderstood(conn, workspace)
    return render_template("admin/remarks.html", pages=pages, **around(operator, workspace))


@routes.post("/<slug>/remarks")
@identity.operators_only
def settle(operator: Operator, slug: str) -> ResponseReturnValue:
    state = app_state.current()
    now = state.clock()
    try:
        change = RemarksSettled(Origin.parse(request.form.get("origin", "")), by=operator.email, at=now)
    except ValueError:
        raise Missing from None
    try:
        with transaction(state.engine) as conn:
            ledger.record(conn, named(conn, slug), change, cause=cause("remark"), now=now)
        say(_("Put away. The requester is not told."))
    except LineageError as refused:
        say(said(str(refused)))
    return redirect(url_for("admin.remarks.remarks", slug=slug), 303)
