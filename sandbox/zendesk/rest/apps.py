"""Installed apps, and the public key with which an app's signed address is checked. For admins only."""

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from sandbox.zendesk.problems import missing
from sandbox.zendesk.rest.here import admins_only, vendor

routes = Blueprint("zendesk_apps", __name__, url_prefix="/api/v2/apps")


@routes.get("/installations")
def installations() -> ResponseReturnValue:
    """All at once: this list has no pages."""
    admins_only()
    sidebar = vendor().sidebar
    strangers = [one for one in vendor().other_apps if one["id"] != sidebar.installation]
    return jsonify(installations=[*strangers, *sidebar.installations()])


@routes.get("/<int:ident>/public_key.pem")
def public_key(ident: int) -> ResponseReturnValue:
    """As text. Raises Problem 404 for an app that is not installed here."""
    admins_only()
    sidebar = vendor().sidebar
    if ident != sidebar.app_id or not sidebar.backend_url:
        raise missing()
    return Response(sidebar.public_key_pem(), content_type="application/x-pem-file")
