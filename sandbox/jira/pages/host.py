"""What a Connect app needs of its host's pages: the install key, the script, and context tokens."""

from pathlib import Path

from flask import Blueprint, Response, g, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.jira.backend import Backend

HERE = Path(__file__).parent


def add(pages: Blueprint, backend: Backend) -> None:
    @pages.get("/connect-keys/<kid>")
    def install_key(kid: str) -> ResponseReturnValue:
        key = backend.connect.install_key
        if kid != key.kid:
            return Response("<html>Not found</html>", 404, content_type="text/html")
        return Response(key.public_pem, content_type="text/plain; charset=utf-8")

    @pages.get("/connect-host/all.js")
    def script() -> ResponseReturnValue:
        return Response((HERE / "all.js").read_text("utf-8"), content_type="text/javascript; charset=utf-8")

    @pages.get("/connect-host/token")
    def token() -> ResponseReturnValue:
        """For our own pages only, which hand it to the frame that asked."""
        with backend.site.lock:
            named = request.args.get("issue", "")
            issue = backend.site.issue(named) if named else None
            return jsonify(token=backend.connect.context_token(issue, g.person))
