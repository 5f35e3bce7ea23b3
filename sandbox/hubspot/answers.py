"""HubSpot's way of saying no, its rate-limit headers, and who may ask."""

import uuid
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date

CATEGORIES = {400: "VALIDATION_ERROR", 401: "INVALID_AUTHENTICATION", 403: "MISSING_SCOPES"}
CATEGORIES |= {404: "OBJECT_NOT_FOUND", 409: "CONFLICT"}

RATE_LIMIT = 190
"""Calls in ten seconds that a portal of the middle tier grants."""


def error(status: int, message: str = "", **more: object) -> dict[str, object]:
    """The body of a refusal."""
    body: dict[str, object] = {
        "status": "error",
        "message": message or HTTPStatus(status).phrase,
        "correlationId": str(uuid.uuid4()),
    }
    if status == 429:
        policy = more.pop("policy", "TEN_SECONDLY_ROLLING")
        return body | {"errorType": "RATE_LIMIT", "policyName": policy, **more}
    return body | {"category": CATEGORIES.get(status, "INTERNAL_ERROR"), **more}


class Refusal(HTTPException):
    """Raised by a view: answer this status with HubSpot's body."""

    def __init__(self, status: int, message: str, **more: object) -> None:
        super().__init__(message)
        self.code = status
        self.body = error(status, message, **more)


def guard(app: Flask, *, token: str, now: Callable[[], datetime]) -> None:
    """Let in who knows the token (people's pages need none); answer refusals as HubSpot does.

    `now` dates the answers.
    """

    @app.before_request
    def may_ask() -> None:
        if not request.path.startswith(("/crm/", "/account-info/")):
            return
        if request.headers.get("Authorization") != f"Bearer {token}":
            raise Refusal(401, "Authentication credentials not found. This API supports OAuth 2.0.")

    @app.errorhandler(Refusal)
    def say_no(refusal: Refusal) -> tuple[dict[str, object], int]:
        return refusal.body, refusal.code or 500

    @app.after_request
    def headers(answer: Response) -> Response:
        answer.headers["Date"] = http_date(now())
        if request.path.startswith("/crm/") and not request.path.endswith("/search"):
            answer.headers["X-HubSpot-RateLimit-Max"] = str(RATE_LIMIT)
            answer.headers["X-HubSpot-RateLimit-Remaining"] = str(RATE_LIMIT - 1)
            answer.headers["X-HubSpot-RateLimit-Interval-Milliseconds"] = "10000"
        return answer
