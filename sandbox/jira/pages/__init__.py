from flask import Blueprint

from sandbox.jira.backend import Backend


def blueprint(backend: Backend) -> Blueprint:
    return Blueprint("pages", __name__)
