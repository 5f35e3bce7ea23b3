"""How Jira says no."""

from flask import Response, jsonify

NOT_SEEN = "Issue does not exist or you do not have permission to see it."
SIGN_IN = "Client must be authenticated to access this resource."


class Problem(Exception):
    """Ends a request with this status and Jira's error body."""

    def __init__(
        self,
        status: int,
        *messages: str,
        errors: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.status, self.messages = status, messages
        self.errors, self.headers = errors or {}, headers or {}
        super().__init__(status, *messages)


def body(*messages: str, errors: dict[str, str] | None = None) -> dict[str, object]:
    return {"errorMessages": list(messages), "errors": errors or {}}


def answer(problem: Problem) -> tuple[Response, int, dict[str, str]]:
    """A Flask error handler."""
    return jsonify(body(*problem.messages, errors=problem.errors)), problem.status, problem.headers


def fault_body(status: int) -> dict[str, object]:
    """What an ordered fault answers with."""
    if status == 401:
        return {"code": 401, "message": "Unauthorized; scope does not match"}
    return body("Rate limit exceeded." if status == 429 else f"The sandbox was told to answer {status}.")
