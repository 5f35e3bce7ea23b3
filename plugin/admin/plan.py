"""The send plan: who will hear what, where, in which exact words, and why now or why not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lineage import notices, questions
from lineage.errors import LineageError
from lineage.questions.views import NoticeView
from lineage.wording.catalogue import later
from plugin import app_state, identity
from plugin.admin.workspace import around, named, say
from plugin.identity import Operator
from plugin.incoming import row_number
from plugin.progress import progress_in_words
from plugin.said import said
from plugin.translating import gettext as _
from store.database import reading, transaction
from store.workspaces import Workspace

routes = Blueprint("plan", __name__)

GROUPS = (
    ("waiting", later("Waits for your yes"), ("awaiting_approval",)),
    ("going", later("Goes out by itself"), ("held", "queued", "sending", "unknown")),
    ("stuck", later("Could not be sent"), ("blocked",)),
    (
        "done",
        later("Sent, or settled otherwise"),
        ("sent", "confirmed", "posted_not_emailed", "cancelled", "skipped"),
    ),
)
MOST_SHOWN = 50
MOST_REFUSED = 5
"""What is said once travels in the cookie, which holds 4 KB."""


@dataclass(frozen=True, slots=True)
class Group:
    """Notices that stand alike. `total` counts all, also those not shown."""

    name: str
    title: str
    notices: Sequence[NoticeView]
    total: int


@routes.get("/<slug>/plan")
@identity.operators_only
def plan(operator: Operator, slug: str) -> ResponseReturnValue:
    with reading(app_state.current().engine) as conn:
        workspace = named(conn, slug)
        groups = _groups(conn, workspace)
        progress = questions.progress(conn, workspace, now=app_state.current().clock())
    totals = Counter({group.name: group.total for group in groups})
    return render_template(
        "admin/plan.html",
        groups=groups,
        totals=totals,
        progress=progress_in_words(progress),
        **around(operator, workspace),
    )


@routes.post("/<slug>/plan/approve")
@identity.operators_only
def approve(operator: Operator, slug: str) -> ResponseReturnValue:
    """Every `ID@DIGEST` of the form: exactly the words that were on the page, and no others."""
    state, refused, approved = app_state.current(), [], 0
    for ident, digest in _named_notices():
        try:
            with transaction(state.engine) as conn:
                notices.approve(
                    conn, named(conn, slug), ident, digest=digest, by=operator.email, now=state.clock()
                )
            approved += 1
        except LineageError as error:
            refused.append(said(str(error)))
    state.wake()
    say(
        _("%(number)s approved: sent in exactly the words you read.", number=approved)
        if approved
        else _("Nothing was approved.")
    )
    for words in refused[:MOST_REFUSED]:
        say(words)
    if len(refused) > MOST_REFUSED:
        say(_("And %(number)s more, for reasons like these.", number=len(refused) - MOST_REFUSED))
    return redirect(url_for("admin.plan.plan", slug=slug), 303)


@routes.post("/<slug>/plan/<int:notice>/<any(cancel, dismiss, retry):act>")
@identity.operators_only
def settle(operator: Operator, slug: str, notice: int, act: str) -> ResponseReturnValue:
    state = app_state.current()
    try:
        with transaction(state.engine) as conn:
            say(settle_notice(conn, named(conn, slug), notice, act, by=operator.email, now=state.clock()))
    except LineageError as error:
        say(said(str(error)))
    state.wake()
    return redirect(url_for("admin.plan.plan", slug=slug), 303)


def settle_notice(
    conn: Connection, workspace: Workspace, notice: int, act: str, *, by: str, now: datetime
) -> str:
    """Does it, and says what that means. Raises LineageError where there is nothing to settle."""
    if act == "retry":
        notices.retry(conn, workspace, notice, by=by, now=now)
        return _("It is tried again now.")
    if not notices.cancel(conn, workspace, notice, by=by, now=now):
        return _("It may have arrived already. If it has not, it is taken back.")
    return _("Cancelled: it will not be sent.") if act == "cancel" else _("Dismissed: what was told stands.")


def _groups(conn: Connection, workspace: Workspace) -> list[Group]:
    totals, groups = questions.notices_by_state(conn, workspace), []
    for name, title, states in GROUPS:
        total = sum(totals.get(state, 0) for state in states)
        # What waits for a yes is shown whole: whoever approves all has all of it before them.
        most = total if name == "waiting" else MOST_SHOWN
        shown = questions.newest_notices(conn, workspace, states, most=most)
        groups.append(Group(name, title, shown[::-1] if name == "done" else shown, total))
    return groups


def _named_notices() -> list[tuple[int, str]]:
    pairs = (text.partition("@") for text in request.form.getlist("notice"))
    numbered = ((row_number(ident), digest) for ident, _, digest in pairs)
    return [(ident, digest) for ident, digest in numbered if ident is not None]
