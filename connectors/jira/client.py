"""What we ask of one Jira Cloud site. Raises connectors.errors, never the library's or requests' own."""

import json
import math
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from jira import JIRA
from requests.auth import AuthBase, HTTPBasicAuth

from connectors.errors import NotFound, Refused, Unauthorized, Unavailable
from connectors.jira import reader
from connectors.jira.answers import (
    Account,
    Fetched,
    Hit,
    IssueJson,
    LinkType,
    Project,
    Resolution,
    Searched,
)
from connectors.jira.session import Session
from connectors.jira.taking import object_of, plainly, rows_of, texts_of
from lineage.changes import VersionSeen
from lineage.terms import ItemId

API = "/rest/api/3"
BULK = 100
PAGE = 1000
PAGES = 100
"""A search of more pages than this is broken, or wants a narrower question."""
OVERLAP = timedelta(minutes=2)  # the search index is late, and JQL counts in whole minutes
ISSUE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]+-\d+|\d+")
KEY_IN_TEXT = re.compile(r"\b[A-Z][A-Z0-9_]+-\d+\b")
PROPERTY_CHARS = 32_768


class Library(JIRA):
    """The jira library on our session."""

    def __init__(self, url: str, session: Session) -> None:
        options: dict[str, Any] = {"rest_api_version": "3"}
        super().__init__(url, options=options, get_server_info=False, max_retries=0, logging=False)
        self._session = session


class Jira:
    """One site, for one thread: neither the library nor a session may be shared.

    Signs in with e-mail address and API token; `auth` signs requests in another way (Connect, Forge).
    `site`: its address for people, where that is not `url`. `timeout_s` is (connect, between two reads).
    """

    def __init__(
        self,
        *,
        url: str,
        site: str = "",
        email: str = "",
        api_token: str = "",
        auth: AuthBase | None = None,
        timeout_s: tuple[float, float] = (3.05, 10.0),
    ) -> None:
        self.url, self.site = url.rstrip("/"), (site or url).rstrip("/")
        self.timeout_s = timeout_s
        # Bytes, because requests would encode text as Latin-1.
        self.session = Session(auth or HTTPBasicAuth(email.encode(), api_token.encode()), timeout_s=timeout_s)
        self._library = Library(self.url, self.session)

    def close(self) -> None:
        self.session.close()

    def issue(self, id_or_key: str) -> IssueJson:
        """What `reader.read` reads. A key that the issue had before it moved finds it too.

        Raises NotFound where it is deleted or hidden.
        """
        name, fields = _issue_name(id_or_key), ",".join(reader.FIELDS)
        return plainly(lambda: dict(self._library.issue(name, fields=fields, expand="changelog").raw))

    def issues(self, ids: Iterable[ItemId]) -> Fetched:
        """Any number of issues by id, a hundred a call."""
        wanted = list(dict.fromkeys(ids))
        found: list[IssueJson] = []
        failed: set[str] = set()
        for start in range(0, len(wanted), BULK):
            body = {
                "issueIdsOrKeys": wanted[start : start + BULK],
                "fields": list(reader.FIELDS),
                "expand": ["changelog"],
            }
            answer = self._post("/issue/bulkfetch", body)
            found += rows_of(answer, "issues")
            failed |= {str(one.get("id")) for one in answer.get("issueErrors") or []}
        known = {reader.item_id(issue) for issue in found}
        return Fetched(
            issues=tuple(found),
            missing=tuple(one for one in wanted if one not in known and one not in failed),
            failed=tuple(one for one in wanted if one in failed),
        )

    def changed_since(self, since: datetime, *, now: datetime) -> Searched:
        """The issues touched since then, with an overlap.

        The question is relative ("-90m"): Jira reads a date in the time zone of the account's profile.
        """
        minutes = max(1, math.ceil((now - since + OVERLAP) / timedelta(minutes=1)))
        return self._ids(f'updated >= "-{minutes}m" ORDER BY created ASC')

    def issues_of_version(self, version_id: str) -> Searched:
        """The issues that this version fixes."""
        return self._ids(f"fixVersion = {_number(version_id)} ORDER BY created ASC")

    def children(self, item: ItemId) -> list[IssueJson]:
        """The issues whose parent this is, as `reader.read` wants them."""
        fields = list(reader.CHILD_FIELDS)
        return self._pages(f"parent = {_number(item)} ORDER BY created ASC", fields)[0]

    def search_text(self, query: str, limit: int = 10) -> list[Hit]:
        """For a person: by key, by the address of an issue here, or by words (the last one unfinished)."""
        query = query.strip()
        key = self._key_meant(query)
        if key:
            try:
                fields = ",".join(reader.HIT_FIELDS)
                return [reader.hit(plainly(lambda: dict(self._library.issue(key, fields=fields).raw)))]
            except NotFound:
                if query != key:
                    return []
        words = re.findall(r"\w+", query)
        if not words:
            return []
        jql = f'text ~ "{" ".join(words)}*" ORDER BY updated DESC'
        body = {"jql": jql, "fields": list(reader.HIT_FIELDS), "maxResults": limit}
        return [reader.hit(issue) for issue in rows_of(self._post("/search/jql", body), "issues")][:limit]

    def link_types(self) -> list[LinkType]:
        kinds = plainly(lambda: [one.raw for one in self._library.issue_link_types(force=True)])
        return [LinkType(*texts_of(kind, "id", "name", "inward", "outward")) for kind in kinds]

    def resolutions(self) -> list[Resolution]:
        found = plainly(lambda: [one.raw for one in self._library.resolutions()])
        return [Resolution(*texts_of(one, "id", "name")) for one in found]

    def projects(self) -> list[Project]:
        """Those that our account can see."""
        found = plainly(lambda: [one.raw for one in self._library.projects()])
        return [Project(*texts_of(one, "id", "key", "name")) for one in found]

    def project(self, id_or_key: str) -> Project:
        """By a key that it had once, too. Raises NotFound."""
        name = quote(id_or_key, safe="")
        return Project(*texts_of(plainly(lambda: self._library.project(name).raw), "id", "key", "name"))

    def myself(self) -> Account:
        return Account(*texts_of(plainly(self._library.myself), "accountId", "displayName"))

    def lacking(self, permissions: Sequence[str]) -> list[str]:
        """Which of these permission keys our account has in no project."""
        answer = self._get(f"/mypermissions?permissions={','.join(permissions)}")
        known = answer.get("permissions") or {}
        return [one for one in permissions if not (known.get(one) or {}).get("havePermission")]

    def version(self, id: str) -> VersionSeen:
        """Raises NotFound."""
        return reader.version(plainly(lambda: self._library.version(_number(id)).raw))

    def property(self, item: ItemId, key: str) -> Any:
        """The value; None where this issue has no such property, or is itself not there."""
        try:
            return self._get(f"/issue/{_issue_name(item)}/properties/{key}").get("value")
        except NotFound:
            return None

    def set_property(self, item: ItemId, key: str, value: Any) -> None:
        """The whole value. Repeating it does no harm. Raises NotFound; ValueError if it is too long."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        if len(text) > PROPERTY_CHARS:
            raise ValueError(f"An issue property holds {PROPERTY_CHARS} characters, not {len(text)}.")
        self.session.put(self._to(f"/issue/{_issue_name(item)}/properties/{key}"), data=text.encode())

    def readable_by_anyone(self, project: str) -> bool:
        """Whether this project (by key) can be browsed without signing in: no amount may go there.

        Who is sent on to a page where one signs in may not. What a stranger is told concerns this question
        and never the account.
        """
        with Session(None, timeout_s=self.timeout_s) as nobody:
            try:
                object_of(nobody.get(f"{self.site}{API}/project/{quote(project, safe='')}"))
            except (NotFound, Unauthorized):
                return False
            except Refused as no:
                if 300 <= no.status < 400:
                    return False
                no.whole_account = False
                raise
            except Unavailable as trouble:
                trouble.whole_account = False
                raise
        return True

    def _key_meant(self, query: str) -> str:
        """The issue that a key or an address names; empty for words, and for another site's address."""
        if "://" not in query:
            return query.upper() if ISSUE_NAME.fullmatch(query) and not query.isdigit() else ""
        if urlsplit(query).netloc != urlsplit(self.site).netloc:
            return ""
        keys = KEY_IN_TEXT.findall(query)
        return keys[-1] if keys else ""

    def _ids(self, jql: str) -> Searched:
        """Every page of a search, by id only."""
        rows, complete = self._pages(jql, ["id"])
        return Searched(tuple(dict.fromkeys(reader.item_id(row) for row in rows)), complete=complete)

    def _pages(self, jql: str, fields: list[str]) -> tuple[list[IssueJson], bool]:
        """Every page, and whether that was all. Tokens are known to repeat and "last" to be missing."""
        found: list[IssueJson] = []
        used: set[str] = set()
        token: str | None = None
        for _ in range(PAGES):
            body = {"jql": jql, "fields": fields, "maxResults": PAGE}
            page = self._post("/search/jql", {**body, "nextPageToken": token} if token else body)
            rows = rows_of(page, "issues")
            found += rows
            token = page.get("nextPageToken")
            if not token or not rows:
                return found, True
            if token in used:
                break
            used.add(token)
        return found, False

    def _to(self, path: str) -> str:
        return f"{self.url}{API}{path}"

    def _get(self, path: str) -> dict[str, Any]:
        return object_of(self.session.get(self._to(path)))

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return object_of(self.session.post(self._to(path), data=json.dumps(body)))


def _issue_name(id_or_key: str) -> str:
    """What may stand in a path. Raises NotFound: nothing else names an issue."""
    if not ISSUE_NAME.fullmatch(id_or_key):
        raise NotFound(
            f"Jira: {id_or_key[:80]!r} names no issue. Give a key like KS-1, or an id.", status=404
        )
    return id_or_key


def _number(id: str) -> str:
    if id.isascii() and id.isdigit():
        return id
    raise NotFound(f"Jira: {id[:80]!r} is no id.", status=404)
