"""Zendesk, as far as we call it: what zenpy does well through zenpy, the rest on the same session."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast
from urllib.parse import quote

from zenpy import Zenpy
from zenpy.lib.exception import ZenpyException

from connectors.errors import Unavailable
from connectors.zendesk.answers import Json
from connectors.zendesk.session import READ_S, ApiToken, OAuthClient, ZendeskSession
from connectors.zendesk.transport import ZENPY_HOST

PAGE = 100
"""More than this is on no page of audits or comments."""

MOST_PAGES = 100
"""Offsets end there."""

EXPORT_PAGE = 300

MAX_KEY_CHARS = 255


class Read(NamedTuple):
    """A ticket as it was, and Zendesk's own time when it said so."""

    ticket: Json
    at: datetime


class Zendesk:
    """One account. Make one per thread and workspace: neither zenpy nor the session is for sharing.

    What is returned is the JSON that Zendesk sent: zenpy's objects rename and drop fields. Every method
    raises Unavailable, Refused, NotFound and Unauthorized; the writes also Conflict.
    """

    def __init__(
        self,
        *,
        url: str,
        client_id: str = "",
        client_secret: str = "",
        email: str = "",
        api_token: str = "",
        timeout_s: float = READ_S,
    ) -> None:
        """OAuth client credentials, or the legacy e-mail and API token. Raises ValueError for neither."""
        credentials: OAuthClient | ApiToken
        if client_id and client_secret:
            credentials = OAuthClient(client_id, client_secret)
        elif email and api_token:
            credentials = ApiToken(email, api_token)
        else:
            raise ValueError("Zendesk needs a client id with its secret, or an e-mail with its API token.")
        self.url = url.rstrip("/")
        self._session = ZendeskSession(self.url, credentials, read_s=timeout_s)
        subdomain, _, domain = ZENPY_HOST.partition(".")
        self._zenpy = Zenpy(
            subdomain=subdomain, domain=domain, session=self._session, timeout=timeout_s, disable_cache=True
        )

    def clock(self) -> datetime:
        """Zendesk's own time at its last answer."""
        return self._session.clock()

    @property
    def heard_at(self) -> datetime | None:
        """The same; None where the answer did not say it."""
        return self._session.heard_at

    @property
    def scopes(self) -> frozenset[str] | None:
        """What the access token of the last call may do; None where nobody said it, as with API tokens."""
        return self._session.granted

    def close(self) -> None:
        self._session.close()

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Json:
        """Any other call, under `/api/v2/`. The answer; empty where there is none.

        Sent once. Of a write, Unavailable with `sent` means that nobody knows whether it took place.
        """
        self._session.request(method, f"{self.url}/api/v2/{path}", json=body)
        return self._session.answer

    def text(self, path: str) -> str:
        """What is no JSON there."""
        return self._session.text(f"{self.url}/api/v2/{path}")

    # Reading

    def ticket(self, ident: str | int) -> Read:
        """One ticket, never from a cache."""
        which = number(ident)
        return Read(self._one("ticket", lambda: self._zenpy.tickets(id=which)), self.clock())

    def audits(self, ticket: str | int, *, most: int = PAGE) -> list[Json]:
        """The newest audits of a ticket, newest first, at most `most` (up to 100: one page).

        zenpy lists them oldest first only; and of archived tickets only the first page can be had at all.
        """
        size = min(most, PAGE)
        return self._list("audits", f"tickets/{number(ticket)}/audits.json?sort_order=desc&per_page={size}")

    def audits_since(self, ticket: str | int, since: datetime) -> list[Json]:
        """Every audit of a ticket made since then, newest first; of an archived one the newest hundred."""
        found: list[Json] = []
        for page in range(1, MOST_PAGES + 1):
            path = f"tickets/{number(ticket)}/audits.json?sort_order=desc&per_page={PAGE}&page={page}"
            audits = self._list("audits", path)
            found += [one for one in audits if made(one) >= since]
            if len(audits) < PAGE or made(audits[-1]) < since or not self._session.answer.get("next_page"):
                break
        return found

    def requested_by(self, user: str | int) -> list[Json]:
        """Every ticket of this user, closed ones too."""
        return self.every("tickets", f"users/{number(user)}/tickets/requested.json")

    def comments(self, ticket: str | int) -> list[Json]:
        """The first hundred comments of a ticket, oldest first."""
        which = number(ticket)
        return self._many("comments", lambda: self._zenpy.tickets.comments(ticket=which))

    def related(self, ticket: str | int) -> Json:
        """`followup_source_ids`, `from_archive`, `incidents` …"""
        return self.get(f"tickets/{number(ticket)}/related.json")

    def tickets_by_external_id(self, external_id: str) -> list[Json]:
        """All with this `external_id`: Zendesk does not keep it unique. No search, whose index lags."""
        return self._list("tickets", f"tickets.json?external_id={quote(external_id, safe='')}")

    def user(self, ident: str | int) -> Json:
        which = number(ident)
        return self._one("user", lambda: self._zenpy.users(id=which))

    def identities(self, user: str | int) -> list[Json]:
        """The addresses of a user."""
        which = number(user)
        return self._many("identities", lambda: self._zenpy.users.identities(id=which))

    def tickets_there(self, idents: Sequence[str]) -> set[str]:
        """Those of at most a hundred tickets that are there for us."""
        found = self._list("tickets", f"tickets/show_many.json?ids={','.join(map(str, map(number, idents)))}")
        return {str(one.get("id")) for one in found}

    def users_by_email(self, email: str) -> list[Json]:
        return self._many("users", lambda: self._zenpy.users.search(query=email))

    def organization(self, ident: str | int) -> Json:
        which = number(ident)
        return self._one("organization", lambda: self._zenpy.organizations(id=which))

    def me(self) -> Json:
        """The user as whom we act."""
        return self._one("user", self._zenpy.users.me)

    def webhooks(self) -> list[Json]:
        """At most the first hundred."""
        return self._many("webhooks", self._zenpy.webhooks.list)

    def invocations(self, webhook: str) -> list[Json]:
        """Calls of a webhook: what became of each. One page of a hundred."""
        return self._list("invocations", f"webhooks/{quote(webhook, safe='')}/invocations?page[size]={PAGE}")

    def attempts(self, webhook: str, invocation: str) -> list[Json]:
        """The tries of one call, each with what was sent."""
        which = f"{quote(webhook, safe='')}/invocations/{quote(invocation, safe='')}"
        return self._list("attempts", f"webhooks/{which}/attempts")

    def changes(self, *, start: int | None = None, cursor: str | None = None) -> Json:
        """One page of the incremental export, from a Unix time or on from a cursor. Admins only.

        zenpy forgets the size after the first page, and a thousand long tickets are too large an answer.
        """
        where = f"start_time={start}" if cursor is None else f"cursor={quote(cursor, safe='')}"
        return self.get(f"incremental/tickets/cursor.json?{where}&per_page={EXPORT_PAGE}")

    # Writing

    def put_ticket(self, ident: str | int, body: Mapping[str, Any]) -> Json:
        """Update a ticket; `body` is the whole document, `{"ticket": {…}}`. Returns `{"ticket", "audit"}`.

        Sent once. Unavailable with `sent` means that nobody knows whether it took place; Conflict that the
        `updated_stamp` was no longer the ticket's.
        """
        content = json.dumps(body, ensure_ascii=False).encode()
        return self._send("PUT", f"tickets/{number(ident)}.json", content, {})

    def create_ticket(self, body: bytes, *, idempotency_key: str) -> Json:
        """Create a ticket from exactly these bytes. Returns `{"ticket", "audit"}`.

        The same key with the same bytes creates nothing a second time within two hours; with other bytes it
        is Refused (400). Raises ValueError for a key that Zendesk would not take.
        """
        if not 0 < len(idempotency_key) <= MAX_KEY_CHARS:
            raise ValueError(f"An idempotency key has 1 to {MAX_KEY_CHARS} characters.")
        return self._send("POST", "tickets.json", body, {"Idempotency-Key": idempotency_key})

    # How

    def _send(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> Json:
        headers = {"Content-Type": "application/json", **headers}
        self._session.request(method, f"{self.url}/api/v2/{path}", data=content, headers=headers)
        answer = self._session.answer
        if not isinstance(answer.get("ticket"), dict) or not isinstance(answer.get("audit"), dict):
            raise Unavailable("Zendesk answered a write without a ticket and its audit. It is read back.")
        return answer

    def get(self, path: str) -> Json:
        """What is there under `/api/v2/`; or anywhere in the account, for a path with a slash in front."""
        self._session.request("GET", f"{self.url}{path if path.startswith('/') else f'/api/v2/{path}'}")
        return self._session.answer

    def every(self, key: str, path: str) -> list[Json]:
        """A list to its end, page by page. Raises Unavailable where the pages go in a circle."""
        found, cursor, seen = list[Json](), "", set[str]()
        while True:
            answer = self.get(f"{path}?page[size]={PAGE}{cursor}")
            found += objects(answer, key)
            meta = answer.get("meta") or {}
            after = str(meta.get("after_cursor") or "")
            if not meta.get("has_more") or not after:
                return found
            if after in seen:
                raise Unavailable(f"Zendesk's list of {key} leads in a circle. It is read again later.")
            seen.add(after)
            cursor = f"&page[after]={quote(after, safe='')}"

    def calls_a_minute(self) -> int | None:
        """How many calls the account bears, all programs together, as its last answer said."""
        return self._session.calls_a_minute

    def _list(self, key: str, path: str) -> list[Json]:
        return objects(self.get(path), key)

    def _through_zenpy(self, call: Callable[[], object]) -> Json:
        """What Zendesk sent when zenpy was asked to make this call."""
        self._session.answer = {}
        try:
            call()
        except (ZenpyException, AttributeError, KeyError, TypeError, ValueError) as e:
            # zenpy could make no object of it; its objects are not what we are after.
            if not self._session.answer:
                text = f"Zendesk's answer was not understood ({type(e).__name__}). It is asked again later."
                raise Unavailable(text) from e
        return self._session.answer

    def _one(self, key: str, call: Callable[[], object]) -> Json:
        found = self._through_zenpy(call).get(key)
        if not isinstance(found, dict):
            raise Unavailable(f"Zendesk answered without a {key}. It is asked again later.")
        return cast(Json, found)

    def _many(self, key: str, call: Callable[[], object]) -> list[Json]:
        return objects(self._through_zenpy(call), key)


def objects(answer: Json, key: str) -> list[Json]:
    """The list of objects under `key`. Raises Unavailable where there is none."""
    found = answer.get(key)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Unavailable(f"Zendesk answered without {key}. It is asked again later.")
    return found


def made(audit: Json) -> datetime:
    """When it was made. Raises Unavailable where Zendesk did not say it."""
    try:
        return datetime.fromisoformat(str(audit.get("created_at")))
    except ValueError:
        raise Unavailable("Zendesk answered an audit without its time. It is asked again later.") from None


def number(ident: str | int) -> int:
    """An id, which goes into a path. Raises ValueError for what is none."""
    if isinstance(ident, str) and not (ident.isascii() and ident.isdigit()):
        raise ValueError(f"{ident!r} is not a Zendesk id")
    return int(ident)
