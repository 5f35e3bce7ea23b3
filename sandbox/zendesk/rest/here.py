"""What every call of the API shares: whose account, who calls, and pages of results."""

import base64
import binascii
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from flask import current_app, g, request

from sandbox.zendesk.account import Account
from sandbox.zendesk.problems import bad_request, forbidden
from sandbox.zendesk.records import Json, User

if TYPE_CHECKING:
    from sandbox.zendesk import Zendesk

PAGE = 100


def vendor() -> "Zendesk":
    return cast("Zendesk", current_app.extensions["zendesk"])


def account() -> Account:
    return vendor().account


def actor() -> User:
    """Who calls, as `authenticate` found out."""
    return cast(User, g.actor)


def base() -> str:
    """This vendor's own address, without a slash at its end."""
    return request.host_url.rstrip("/")


def admins_only() -> None:
    """Raises Problem 403."""
    if actor().role != "admin":
        raise forbidden()


def authenticate() -> None:
    """Before every call of the API. Raises Problem 401, 403 and 429."""
    if request.path.startswith(("/api/v2", "/api/services")):
        g.actor = vendor().doors.caller(request)
        vendor().doors.check_scope(request)
        g.rate_headers = account().limits.call(account().clock.now())


def given(key: str) -> Json:
    """The object under `key` of the JSON body. Raises Problem 400."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get(key), dict):
        raise bad_request("Unprocessable", f"The body must be an object with {key!r}")
    return cast(Json, body[key])


def page(key: str, items: list[Json]) -> Json:
    """One page of `items` under `key`: by cursor where `page[size]` was asked for, else by offset."""
    if "page[size]" in request.args:
        return cursor_page(key, items)
    size = min(int(request.args.get("per_page", PAGE)), PAGE)
    number = int(request.args.get("page", 1))
    if number > PAGE:
        raise bad_request("InvalidPaginationDepth", "Offset pagination ends at page 100")
    shown = items[(number - 1) * size : number * size]
    more = number * size < len(items)
    return {
        key: shown,
        "next_page": address(page=number + 1) if more else None,
        "previous_page": address(page=number - 1) if number > 1 else None,
        "count": len(items),
    }


def cursor_page(key: str, items: list[Json]) -> Json:
    size = min(int(request.args["page[size]"]), PAGE)
    start = 0
    if after := request.args.get("page[after]"):
        ids = [str(item["id"]) for item in items]
        ident = decoded(after)
        start = ids.index(ident) + 1 if ident in ids else len(ids)
    shown = items[start : start + size]
    more = start + size < len(items)
    last = encoded(shown[-1]["id"]) if shown else None
    following = address(**{"page[size]": size, "page[after]": last}) if more else None
    meta = {
        "has_more": more,
        "after_cursor": last,
        "before_cursor": encoded(shown[0]["id"]) if shown else None,
    }
    return {key: shown, "meta": meta, "links": {"prev": None, "next": following}}


def address(**changed: Any) -> str:
    return f"{request.base_url}?{urlencode({**request.args.to_dict(), **changed})}"


def encoded(ident: object) -> str:
    return base64.urlsafe_b64encode(str(ident).encode()).decode()


def decoded(cursor: str) -> str:
    """Raises Problem 400."""
    try:
        return base64.urlsafe_b64decode(cursor).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise bad_request("InvalidCursor", "cursor is invalid or expired") from None
