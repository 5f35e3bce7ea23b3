"""A click is named by the form that it sends, so that a form sent twice does its work once."""

import secrets

from flask import request

LONGEST = 100
"""The history keeps 200 letters of a cause, and a click is one part of it."""


def fresh() -> str:
    """The name of a form that is about to be shown."""
    return secrets.token_urlsafe(9)


def sent() -> str:
    """The name of the form that was sent; a fresh one where it has none."""
    return request.form.get("click", "")[:LONGEST] or fresh()
