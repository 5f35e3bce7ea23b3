"""Pages for people: what an engineer sees and clicks. Every click is a deed that is told by webhook."""

from pathlib import Path

from flask import Blueprint, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from sandbox.jira.backend import Backend
from sandbox.jira.pages import app, board, host, host_forge, issue
from sandbox.jira.state import NoSuchIssue

PERSON = "person"
"""The cookie that says who clicks."""


def blueprint(backend: Backend) -> Blueprint:
    pages = Blueprint("pages", __name__, template_folder=str(Path(__file__).parent))

    @pages.before_request
    def who() -> None:
        people = [user for user in backend.site.users if user.email not in backend.tokens]
        chosen = request.cookies.get(PERSON)
        g.people = people
        g.person = next((user for user in people if user.account_id == chosen), people[0])

    @pages.context_processor
    def around() -> dict[str, object]:
        return {"people": g.people, "person": g.person, "said": request.args.get("said", "")}

    @pages.post("/person")
    def change_person() -> ResponseReturnValue:
        back = redirect(request.form.get("back", "/"), 303)
        back.set_cookie(PERSON, request.form["account"], samesite="Lax")
        return back

    @pages.errorhandler(NoSuchIssue)
    def gone(error: NoSuchIssue) -> ResponseReturnValue:
        return render_template("jira_gone.html", key=str(error)), 404

    app.add(pages, backend)
    board.add(pages, backend)
    issue.add(pages, backend)
    host.add(pages, backend)
    host_forge.add(pages, backend)
    return pages
