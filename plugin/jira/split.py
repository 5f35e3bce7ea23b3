"""Split an issue, or close it in part: which parts, who wants which, what follows from it, and then do it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from connectors.errors import Refused, Unavailable
from connectors.jira.answers import Hit
from lineage import questions
from lineage.questions import Waiter, Waiting
from lineage.tables import items
from lineage.terms import PersonId
from plugin import app_state, clicks, identity
from plugin.errors import Missing
from plugin.identity import Engineer
from plugin.jira import acts, between, hiding, panel, proposals, site, splitting
from plugin.jira.acts import NewAct
from plugin.jira.around import account_of, around
from plugin.jira.between import Meanwhile
from plugin.jira.proposals import Proposals
from plugin.jira.site import NotAllowedThere
from plugin.jira.splitting import ALL, Picked, Typed, TypedPart
from plugin.translating import gettext as _
from store import workspaces
from store.connections import NotConnected
from store.crash_points import reached
from store.database import reading, transaction
from store.errors import GiveUp

routes = Blueprint("split", __name__)

MOST_ASKING = 500
"""Lines in the form; who is not among them wants all, as long as nobody says otherwise."""
SPLIT, CLOSE = "split", "close"


@dataclass(frozen=True, slots=True)
class Form:
    """What the form shows. `people`: one of each requester, with all their words; `proposed`: what was found
    for whom, once somebody asked for it.
    """

    here: str
    typed: Typed
    waiting: Waiting
    people: Sequence[tuple[Waiter, str]]
    seen: str
    mistakes: Sequence[str] = ()
    hits: Sequence[Hit] | None = None
    proposed: Proposals | None = None

    @property
    def parts_unseen(self) -> int:
        return hiding.parts_unseen(self.waiting)

    @property
    def options(self) -> list[tuple[str, str]]:
        return splitting.options(self.typed, self.waiting)

    def chosen(self, waiter: Waiter) -> str:
        return self.typed.wants.get(waiter.person_id) or splitting.default_of(waiter)


@routes.get("/jira/<slug>/issues/<issue>/split")
@identity.engineers_only
def begin(engineer: Engineer) -> ResponseReturnValue:
    close = request.args.get("close") == "yes"
    empty = TypedPart("")
    return _show(_form(engineer, Typed(close, (empty,) if close else (empty, empty))))


@routes.post("/jira/<slug>/issues/<issue>/split/form")
@identity.engineers_only
def change(engineer: Engineer) -> ResponseReturnValue:
    """Another line, an issue picked, issues found, or a proposal: all that was typed stays."""
    typed = splitting.read(request.form)
    if use := request.form.get("use", ""):
        typed = _with(typed, use)
    if "more" in request.form and len(typed.parts) < splitting.MOST_PARTS:
        typed = replace(typed, parts=(*typed.parts, TypedPart("")))
    form = _form(engineer, typed)
    if "search" in request.form and typed.find:
        try:
            form = replace(form, hits=site.find(engineer, typed.find))
        except (Unavailable, Refused, NotConnected, NotAllowedThere) as trouble:
            form = replace(form, mistakes=[str(trouble)])
    if "propose" in request.form:
        form = replace(
            form, proposed=proposals.found(engineer.workspace, form.typed, form.waiting, form.people)
        )
    return _show(form)


@routes.post("/jira/<slug>/issues/<issue>/split/preview")
@identity.engineers_only
def preview(engineer: Engineer) -> ResponseReturnValue:
    """What would follow, before anything is done; or the form again, with what is wrong."""
    form, picked = _checked(engineer, splitting.read(request.form))
    if form.mistakes:
        return _show(form)
    state = app_state.current()
    what = splitting.supposed(form.typed, form.waiting.item, picked)
    with reading(state.engine) as conn:
        found = questions.following(conn, engineer.workspace, what, now=state.clock())
    found = hiding.in_following(engineer, found)
    return render_template("jira/split_preview.html", form=form, found=found, click=clicks.fresh())


@routes.post("/jira/<slug>/issues/<issue>/split")
@identity.engineers_only
def do(engineer: Engineer) -> ResponseReturnValue:
    """Keep what is to be done, once for this click; the worker does it in Jira."""
    form, picked = _checked(engineer, splitting.read(request.form))
    if form.mistakes:
        return _show(form)
    typed, state, workspace = form.typed, app_state.current(), engineer.workspace
    extra = _where(engineer)
    with transaction(state.engine) as conn:
        workspaces.hold(conn, workspace.id)
        click = clicks.sent()
        again = acts.by_click(conn, workspace.id, click)
        meanwhile = [] if again else between.changed_since(conn, workspace, engineer.issue, form.seen)
        if not again and not meanwhile:
            marks = [secrets.token_hex(12) for _part in typed.filled]
            plan = splitting.plan(typed, form.waiting.item, picked, marks, by=engineer.name, extra=extra)
            new = NewAct(CLOSE if typed.close else SPLIT, engineer.name, plan, waits=True)
            acts.keep(conn, workspace.id, engineer.issue, new, click=click, now=state.clock())
    if meanwhile:
        return _show(_told_meanwhile(engineer, typed, meanwhile))
    reached("acts.kept")
    state.wake()
    reached("acts.rung")
    return panel.show(engineer)


def _checked(engineer: Engineer, typed: Typed) -> tuple[Form, dict[str, Picked]]:
    """The form with what is wrong with it, and the issues that were picked."""
    form = _form(engineer, typed)
    keys = [part.key for _n, part in typed.filled if part.key]
    fresh = any(not part.key for _n, part in typed.filled)
    try:
        site.must_be_allowed(engineer, site.rights_to_split(fresh=fresh, close=typed.close))
        picked = site.picked(engineer, keys)
        asked = site.lacking(engineer, _where(engineer)) if fresh else []
    except (Unavailable, GiveUp, NotConnected, NotAllowedThere) as trouble:
        return replace(form, mistakes=[str(trouble)]), {}
    wrong = [
        _("There is no issue %(key)s, or it is not for you to see.", key=key)
        for key in keys
        if key not in picked
    ]
    if asked:
        wrong.append(
            _("A new issue needs more in this project (%(fields)s). Make it in Jira, then name its key here.",
              fields=", ".join(asked))
        )  # fmt: skip
    wrong += splitting.mistakes(typed, form.waiting.item, list(picked.values()))
    return replace(form, mistakes=wrong), picked


def _told_meanwhile(engineer: Engineer, typed: Typed, meanwhile: Sequence[Meanwhile]) -> Form:
    """The form as it was filled in, on what is true now."""
    form = _form(engineer, typed, seen="")
    said = _("Nothing was done: this changed while you were here. Look at it, then go on.")
    return replace(form, mistakes=[said, *between.in_words(engineer, meanwhile)])


def _form(engineer: Engineer, typed: Typed, *, seen: str | None = None) -> Form:
    """Raises Missing for an issue that nobody asked for."""
    with reading(app_state.current().engine) as conn:
        waiting = questions.waiting_for(conn, engineer.workspace, engineer.issue, limit=MOST_ASKING)
        beside = around(conn, engineer.workspace, engineer.issue)
    if waiting is None:
        raise Missing
    waiting = hiding.in_waiting(engineer, waiting, partial(account_of, beside))
    known = request.form.get("seen") if seen is None else None
    form = Form(panel.address(engineer), typed, waiting, _people(waiting), known or str(beside.seen))
    return replace(form, typed=_as_offered(form))


def _as_offered(form: Form) -> Typed:
    """Only who is named in the form wants something, and only what it offers."""
    asking = {waiter.person_id for waiter, _words in form.people}
    offered = {splitting.ALL, splitting.AS_IS, *(value for value, _name in form.options)}
    wants = {who: what for who, what in form.typed.wants.items() if who in asking and what in offered}
    return replace(form.typed, wants=wants)


def _people(waiting: Waiting) -> list[tuple[Waiter, str]]:
    """Each person once, with the words of all that they asked."""
    first: dict[PersonId, Waiter] = {}
    said: dict[PersonId, list[str]] = {}
    for waiter in waiting.waiters:
        first.setdefault(waiter.person_id, waiter)
        said.setdefault(waiter.person_id, []).append(waiter.words or waiter.subject)
    return [(waiter, " · ".join(filter(None, dict.fromkeys(said[who])))) for who, waiter in first.items()]


def _with(typed: Typed, key: str) -> Typed:
    """This issue as a part: on the first empty line, else on a new one."""
    parts = list(typed.parts)
    for n, part in enumerate(parts):
        if not part.text:
            parts[n] = TypedPart(key, part.title)
            return replace(typed, parts=tuple(parts))
    return replace(typed, parts=(*parts, TypedPart(key)))


def _where(engineer: Engineer) -> dict[str, str]:
    """Where new issues are made: beside this one, of its type. A sub-task's parts have its parent."""
    with reading(app_state.current().engine) as conn:
        here = (items.c.workspace_id == engineer.workspace.id, items.c.id == engineer.issue)
        row = conn.execute(select(items.c.project, items.c.issue_type, items.c.parent_id).where(*here)).one()
    return {"project": row.project, "issue_type": row.issue_type, "parent": row.parent_id or ""}


def _show(form: Form) -> str:
    return render_template("jira/split.html", form=form, ALL=ALL)
