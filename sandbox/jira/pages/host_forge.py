"""What a Forge app needs of its host: its key set, its static page with the bridge in it, its calls."""

from flask import Blueprint, Response, abort, g, jsonify, request, send_from_directory
from flask.typing import ResponseReturnValue

from sandbox.jira.backend import Backend
from sandbox.jira.pages.host import HERE

BRIDGE = '<script src="/forge-host/bridge.js"></script>'
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors *"
"""As strict as Forge's for an app that asks for nothing: no inline code, no address but the page's own."""


def add(pages: Blueprint, backend: Backend) -> None:
    @pages.get("/forge-keys/jwks.json")
    def key_set() -> ResponseReturnValue:
        return jsonify(backend.forge.key_set())

    @pages.get("/forge-host/bridge.js")
    def bridge() -> ResponseReturnValue:
        return Response((HERE / "forge.js").read_text("utf-8"), content_type="text/javascript; charset=utf-8")

    @pages.get("/forge-cdn/<path:name>")
    def resource(name: str) -> ResponseReturnValue:
        """The deployed folder, on no cookie of ours: a real one has an origin of its own."""
        there = backend.forge.installed
        if there is None:
            abort(404)
        if name == "index.html":
            page = (there.folder / "pages" / name).read_text("utf-8").replace("<head>", f"<head>{BRIDGE}", 1)
            answer = Response(page, content_type="text/html; charset=utf-8")
        else:
            answer = send_from_directory((there.folder / "pages").resolve(), name)
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    @pages.post("/forge-host/invoke")
    def invoke() -> ResponseReturnValue:
        """For our own pages only, which ask for the frame beside them. The reader is who clicks here."""
        with backend.site.lock:
            key = request.args.get("issue", "")
            issue = backend.site.issue(key) if key else None
        asked = request.get_json()
        return jsonify(backend.forge.invoke(issue, g.person, request.args["module"], asked))
