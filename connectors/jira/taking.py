"""Takes from an answer what we count on, and says where it is not there."""

from collections.abc import Callable
from typing import Any, TypeVar

import requests
from jira.exceptions import JIRAError

from connectors.jira import reader
from connectors.jira.answers import IssueJson

STUMBLES = (
    JIRAError, ValueError, TypeError, KeyError, AttributeError, NotImplementedError, RecursionError,
)  # fmt: skip
"""What the library raises over an answer that it does not expect."""

T = TypeVar("T")


def plainly(ask: Callable[[], T]) -> T:
    """Ask through the library, whose ways to stumble over a garbled answer are many."""
    try:
        return ask()
    except STUMBLES as e:
        raise reader.garbled(f"the library cannot read it ({type(e).__name__})") from e


def json_of(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except (ValueError, RecursionError):
        raise reader.garbled("it is not JSON") from None


def object_of(answer: requests.Response) -> dict[str, Any]:
    body = json_of(answer)
    if not isinstance(body, dict):
        raise reader.garbled("it is not an object")
    return body


def rows_of(page: dict[str, Any], name: str) -> list[IssueJson]:
    rows = page.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise reader.garbled(f"{name!r} is not a list of objects")
    return rows


def texts_of(of: Any, *names: str) -> list[str]:
    """These members as text. Raises Unavailable where one is missing."""
    if not isinstance(of, dict) or any(not isinstance(of.get(name), str | int) for name in names):
        raise reader.garbled(f"one of {', '.join(names)} is missing")
    return [str(of[name]) for name in names]
