"""Whose page a link opens. Whoever has the link is taken for the requester; nothing else is asked."""

import functools
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from lineage import questions
from lineage.terms import Origin, PersonId, RequestId
from plugin import app_state, identity
from plugin.follow.trouble import dead_link
from plugin.translating import accepted, speak
from store import workspaces
from store.database import reading
from store.workspaces import Workspace

View = Callable[["Requester"], ResponseReturnValue]
BY = "the requester"
"""Who did it, in the history."""


@dataclass(frozen=True, slots=True)
class Requester:
    """Who made this request. `tag`: their language as the letters take it, such as `de-AT`."""

    workspace: Workspace
    request: RequestId
    person: PersonId
    origin: Origin
    token: str
    tag: str

    def show(self, template: str, **shown: object) -> str:
        """A page for this reader. Its forms are good for this link only."""
        frame = {"company": self.workspace.name, "token": self.token}
        return render_template(template, **frame, form=_form(self.token, identity.signing_keys()[0]), **shown)


def requesters_only(view: View) -> Callable[[str], ResponseReturnValue]:
    """The view gets the `Requester`. Links that open nothing all get the same answer, after the same work.

    A change needs a form of ours. There is no cookie to bind it to, and need not be: whoever could forge
    one for this address knows the link already.
    """

    @identity.proves("requester")
    @functools.wraps(view)
    def asked(token: str) -> ResponseReturnValue:
        with reading(app_state.current().engine) as conn:
            page = questions.opened_by(conn, token)
            workspace = workspaces.by_id(conn, page.workspace_id) if page else None
        if page is None or workspace is None:
            return dead_link()
        if request.method == "POST" and not _is_ours(token):
            abort(400)
        tag = page.language or accepted()
        speak(tag)
        origin = Origin.parse(page.origin)
        return view(Requester(workspace, page.request_id, page.person_id, origin, token, tag))

    return asked


def _is_ours(token: str) -> bool:
    given = request.form.get("csrf_token", "").encode()
    return any(hmac.compare_digest(given, _form(token, key).encode()) for key in identity.signing_keys())


def _form(token: str, key: str) -> str:
    """What a form on the page of this link carries."""
    return hmac.new(key.encode(), f"kithspark form {token}".encode(), hashlib.sha256).hexdigest()
