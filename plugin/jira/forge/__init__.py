"""Jira's faces by way of a Forge app that the operator registered: what Forge calls, and the app's folder."""

from flask import Blueprint

from plugin.jira.forge import told, ui

routes = Blueprint("forge", __name__, url_prefix="/forge")
for part in (ui, told):
    routes.register_blueprint(part.routes)
