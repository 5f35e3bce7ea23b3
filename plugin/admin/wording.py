"""The operator's own wording of messages: a template for each kind and language, tried on real cases."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lineage import ledger, questions
from lineage.errors import LineageError
from lineage.operator_changes import WordingSet
from lineage.terms import Kind
from lineage.wording import LANGUAGES, STARTER, trouble_with
from lineage.wording.catalogue import later
from plugin import app_state, identity
from plugin.admin.workspace import around, cause, named, say
from plugin.errors import Missing
from plugin.identity import Operator
from plugin.said import said
from plugin.translating import gettext as _
from store.database import reading, transaction

routes = Blueprint("wording", __name__)

LONGEST = 10_000
NAMES = {
    "en": later("English"), "de": later("German"), "fr": later("French"), "es": later("Spanish"),
    "pt": later("Portuguese"), "ja": later("Japanese"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edited:
    """The template that is looked at: `problem` says why it cannot be kept."""

    kind: Kind
    language: str
    template: str
    problem: str = ""


@routes.get("/<slug>/wording")
@identity.operators_only
def wording(operator: Operator, slug: str) -> ResponseReturnValue:
    kind, language = _chosen(request.args.get("kind", "delivered"), request.args.get("language", "en"))
    with reading(app_state.current().engine) as conn:
        kept = questions.own_wordings(conn, named(conn, slug)).get((kind, language))
    return _page(operator, slug, Edited(kind, language, kept.template if kept else STARTER))


@routes.post("/<slug>/wording")
@identity.operators_only
def change(operator: Operator, slug: str) -> ResponseReturnValue:
    """Try it, keep it, or use ours again. What cannot be kept stays in the form, with the reason."""
    form, state = request.form, app_state.current()
    kind, language = _chosen(form.get("kind", ""), form.get("language", ""))
    template, act = form.get("template", "").replace("\r\n", "\n"), form.get("act")
    if act == "preview":
        return _page(operator, slug, Edited(kind, language, template, trouble_with(kind, language, template)))
    if act == "ours":
        template = ""
    elif not template.strip():
        problem = "It says nothing: use {{ news }}."
        return _page(operator, slug, Edited(kind, language, template, problem)), 422
    now = state.clock()
    change = WordingSet(kind, language, template, by=operator.email, at=now)
    try:
        with transaction(state.engine) as conn:
            ledger.record(conn, named(conn, slug), change, cause=cause("wording"), now=now)
    except LineageError as refused:
        return _page(operator, slug, Edited(kind, language, template, str(refused))), 422
    state.wake()
    say(_("Our own wording is used again.") if act == "ours" else _("Kept. What waits is worded anew."))
    return redirect(url_for("admin.wording.wording", slug=slug, kind=kind.value, language=language), 303)


def _page(operator: Operator, slug: str, edited: Edited) -> str:
    with reading(app_state.current().engine) as conn:
        workspace = named(conn, slug)
        own = questions.own_wordings(conn, workspace)
        shown = questions.preview(conn, workspace, edited.kind, edited.language, edited.template)
    return render_template(
        "admin/wording.html",
        own=own,
        kept=own.get((edited.kind, edited.language)),
        edited=edited,
        problem=said(edited.problem),
        previews=shown,
        kinds=list(Kind),
        languages=LANGUAGES,
        names=NAMES,
        longest=LONGEST,
        **around(operator, workspace),
    )


def _chosen(kind: str, language: str) -> tuple[Kind, str]:
    """Raises Missing for a kind that there is not, or a language that we do not write."""
    if kind not in {one.value for one in Kind} or language not in LANGUAGES:
        raise Missing
    return Kind(kind), language
