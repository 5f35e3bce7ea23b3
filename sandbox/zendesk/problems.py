"""The refusals of this vendor, in its own shapes. Texts from the API reference and from recorded traffic."""

from typing import Any

Json = dict[str, Any]


class Problem(Exception):
    """An answer that is not a success."""

    def __init__(self, status: int, body: Json, headers: dict[str, str] | None = None) -> None:
        self.status, self.body, self.headers = status, body, headers or {}
        super().__init__(f"{status} {body}")


def missing() -> Problem:
    return Problem(404, {"error": "RecordNotFound", "description": "Not found"})


def unauthenticated() -> Problem:
    return Problem(401, {"error": "Couldn't authenticate you"})


def forbidden() -> Problem:
    text = "You do not have access to this page. Please contact the account owner of this help desk."
    return Problem(403, {"error": {"title": "Forbidden", "message": text}})


def collided() -> Problem:
    text = (
        "Safe Update prevented the update due to outdated ticket data. Please fetch the latest ticket data."
    )
    return Problem(409, {"error": "UpdateConflict", "description": text})


def invalid(field: str, text: str) -> Problem:
    """A record that would not be valid: 422 with the reason under its field."""
    details = {field: [{"description": text}]}
    return Problem(
        422, {"error": "RecordInvalid", "description": "Record validation errors", "details": details}
    )


def bad_request(kind: str, text: str, status: int = 400) -> Problem:
    return Problem(status, {"error": kind, "description": text})


def too_many(after_s: int, *, scope: str) -> Problem:
    text = f"Number of allowed {scope} exceeded"
    return Problem(
        429, {"error": "APIRateLimitExceeded", "description": text}, {"Retry-After": str(max(1, after_s))}
    )


def faulty(status: int) -> Json:
    """The body of an error that somebody ordered."""
    return {
        409: collided().body,
        422: invalid("base", "Status: closed prevents ticket update").body,
        429: too_many(1, scope="API requests per minute").body,
    }.get(status, {"error": "InternalError", "description": "Sorry, something went wrong."})
