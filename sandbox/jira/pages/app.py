"""The app's own page in Jira, beside no issue: in a Connect frame, under Forge, or both."""

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from sandbox.jira.backend import Backend

BOARD, FORGE_BOARD = "demand-board", "kithspark-board"


def add(pages: Blueprint, backend: Backend) -> None:
    @pages.get("/apps/demand")
    def show() -> ResponseReturnValue:
        with backend.site.lock:
            forge = FORGE_BOARD if backend.forge.installed else ""
            return render_template("jira_app.html", frame=_frame(backend), forge=forge, issue=None)


def _frame(backend: Backend) -> str:
    """Empty where no Connect app is installed."""
    try:
        return backend.connect.page_url(g.person, module=BOARD, shown_at=request.host_url.rstrip("/"))
    except KeyError:
        return ""
