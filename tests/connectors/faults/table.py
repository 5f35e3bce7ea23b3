"""What becomes of a row when a vendor fails at one call of its road: each call × each fault.

`CALLS` says what is asked on which road, `FAULTS` what can go wrong there, `BECOMES` what becomes of the
row, by the kind of the call. What is not so at a certain call stands in `BUT`, with the reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sandbox.faults import Fault

Kind: TypeAlias = Literal["look", "sync", "read", "write", "create", "token", "make", "check"]
"""A look or push; a reconciliation; a message's reading and two ways of writing; fetching a token; an
issue to be made; what `kithspark doctor` asks."""

STATES = {
    "waits": "tried again by the schedule: 5 s, 30 s, 2 min … 12 h; after the ninth try it is parked",
    "told": "waits as long as it was told to, and so does everything of that account; uses up no try",
    "later": "a reconciliation comes again in 10 minutes, however long it lasts",
    "shut": "the connection is in trouble, the account left in peace; goes on with new credentials",
    "parked": "given up with the reason, until a person retries or dismisses it",
    "blocked": "the message is parked with the reason, in the send plan",
    "unknown": "nobody knows whether it arrived: it is read back, and written again only if it did not",
    "said": "`kithspark doctor` says so in a line, and goes on to the other vendors; nothing else changes",
    "done": "the rest of the road goes on without this answer",
}


@dataclass(frozen=True, slots=True)
class Call:
    """`name` as `town.named` gives it; `road` on which it is made."""

    road: str
    name: str
    kind: Kind

    @property
    def system(self) -> str:
        return self.name.partition(" ")[0]

    def faulty(self, what: str, **more: object) -> Fault:
        """This fault, at every such call from now on."""
        _, method, path = self.name.split(" ")
        pattern = path.replace("?", r"(\.json)?\?.*").replace("N-N", r"[\d-]+").replace("N", r"\d+")
        pattern = pattern.replace("/KEY", r"/\w+")
        end = "" if "?" in path else r"(\.json)?(\?(?!external_id).*)?$"
        return Fault(what, method=method, path=f"^{pattern}{end}", times=1000, **more)  # type: ignore[arg-type]


def _calls(road: str, kind: Kind, *names: str) -> Iterator[Call]:
    for name in names:
        yield Call(road, name, kind)


Z, J, H = "zendesk GET /api/v2", "jira GET /rest/api/3", "hubspot POST /crm"
TOKEN, SEARCH = "zendesk POST /oauth/tokens", "jira POST /rest/api/3/search/jql"
LINK, UNLINK = "jira POST /rest/api/3/issueLink", "jira DELETE /rest/api/3/issueLink/N"
MOVE = "jira POST /rest/api/3/issue/N/transitions"
TICKET, AUDITS, USER = f"{Z}/tickets/N", f"{Z}/tickets/N/audits", f"{Z}/users/N"
RECORD = "import: record links"
PERSON, BULK = (USER, f"{USER}/identities"), "jira POST /rest/api/3/issue/bulkfetch"
POST, COMMENT = f"{Z}/community/posts/N", "zendesk POST /api/v2/community/posts/N/comments"
PROPERTY = "/issue/N/properties/kithspark.demand"
OBJECTS, TIES = f"{H}/objects/N-N", f"{H}/associations/N-N"
WORTH = (
    f"{OBJECTS}/companies/batch/read", f"{TIES}/companies/deals/batch/read",
    f"{TIES}/companies/contacts/batch/read", f"{TIES}/contacts/deals/batch/read",
    f"{TIES}/deals/companies/batch/read", "hubspot GET /crm/pipelines/N-N/deals",
    f"{OBJECTS}/deals/batch/read", "hubspot GET /account-info/N-N/details",
)  # fmt: skip

CALLS: tuple[Call, ...] = (
    *_calls("read a ticket", "token", TOKEN),
    *_calls("read a ticket", "look", TICKET, USER, f"{USER}/identities", f"{TICKET}/comments"),
    *_calls("read a ticket", "look", f"{Z}/organizations/N"),
    *_calls("reconcile Zendesk", "sync", f"{Z}/incremental/tickets/cursor"),
    *_calls("reply", "token", TOKEN),
    *_calls("reply", "read", TICKET, AUDITS, USER),
    *_calls("reply", "write", "zendesk PUT /api/v2/tickets/N"),
    *_calls("follow-up", "read", TICKET, f"{Z}/tickets?external_id", USER),
    *_calls("follow-up", "create", "zendesk POST /api/v2/tickets"),
    *_calls("read an issue", "look", f"{J}/issue/N", SEARCH),
    *_calls("read a version", "look", f"{J}/version/N"),
    *_calls("read a project", "look", f"{J}/project", f"{J}/project/KEY"),
    *_calls("reconcile Jira", "sync", f"{J}/project", f"{J}/project/KEY", SEARCH),
    *_calls("push demand", "look", f"{J}/project/KEY", f"{J}{PROPERTY}", f"jira PUT /rest/api/3{PROPERTY}"),
    *_calls("read an address", "look", f"{OBJECTS}/contacts/batch/read"),
    *_calls("read an address", "look", f"{TIES}/contacts/companies/batch/read", *WORTH),
    *_calls("reconcile HubSpot", "sync", *(f"{OBJECTS}/{kind}/search" for kind in
                                           ("contacts", "companies", "deals"))),
    *_calls("check a post", "look", "openai POST /v1/moderations"),
    *_calls("read a merged ticket", "look", AUDITS),
    *_calls("read a user", "look", USER, f"{USER}/identities"),
    *_calls("internal note", "read", TICKET, AUDITS),
    *_calls("internal note", "write", "zendesk PUT /api/v2/tickets/N"),
    *_calls("read back", "look", f"{USER}/tickets/requested", TICKET, AUDITS),
    *_calls("read a contact", "look", f"{OBJECTS}/contacts/batch/read"),
    *_calls("read a company", "look", *WORTH[:5], WORTH[6]),
    *_calls("read a deal", "look", f"{TIES}/deals/companies/batch/read", f"{OBJECTS}/companies/batch/read"),
    *_calls("split an issue", "look", f"{J}/issue/createmeta/KEY/issuetypes", f"{J}/issue/N", LINK),
    *_calls("split an issue", "make", "jira POST /rest/api/3/issue"),
    *_calls("close in part", "look", f"{J}/issue/N/transitions", MOVE),
    *_calls("read a community post", "look", POST, f"{POST}/votes", USER, f"{USER}/identities"),
    *_calls("official comment", "read", POST, f"{Z}/users/me", f"{POST}/comments"),
    *_calls("official comment", "write", COMMENT),
    *_calls("a voter's ticket", "read", USER, f"{Z}/tickets?external_id", f"{Z}/users/me"),
    *_calls("a voter's ticket", "create", "zendesk POST /api/v2/tickets"),
    *_calls("undo a close", "look", UNLINK, f"{J}/issue/N/transitions", MOVE, f"{J}/issue/N"),
    *_calls("import: list links", "look", f"{Z}/jira/links"),
    *_calls("import: list links, old address", "look", "zendesk GET /api/services/jira/links"),
    *_calls("import: list links, integration", "look", f"{Z}/integrations/jira/N/links"),
    *_calls("import: check links", "look", f"{Z}/tickets/show_many", BULK),
    *_calls(RECORD, "look", BULK, SEARCH, TICKET, *PERSON, f"{TICKET}/comments", f"{Z}/organizations/N"),
    *_calls("import: record links, issue gone", "look", f"{J}/issue/N"),
)  # fmt: skip

DOCTOR = "kithspark doctor"
H_GET, O_GET = "hubspot GET /crm", "openai GET /v1/models/omni-moderation-latest"
CHECKS: tuple[Call, ...] = (
    *_calls(DOCTOR, "check", TOKEN, f"{Z}/users/me", f"{Z}/incremental/tickets/cursor", f"{Z}/webhooks"),
    *_calls(DOCTOR, "check", *(f"{J}/{what}" for what in ("myself", "project", "mypermissions",
                                                          "issueLinkType", "resolution"))),
    *_calls(DOCTOR, "check", WORTH[7], WORTH[5],
            *(f"{H_GET}/objects/N-N/{kind}" for kind in ("contacts", "companies", "deals"))),
    *_calls(DOCTOR, "check", "openai POST /v1/moderations", O_GET),
)  # fmt: skip
"""What is asked by a person, who reads the answer: no row waits for it."""

NOT_REACHED = ("unknown name", "refused connection")
"""Only where a connection is made does this happen: at the first call of a road."""

DEEP, ELSEWHERE = "[" * 100_000, "http://127.0.0.1:1/elsewhere"
TOLD_S, ABSURD_S = 77, 999_999_999
HTTP_DATE = "an HTTP date"
"""Stands for 77 s from now, in the spelling of an HTTP date."""

FAULTS: Mapping[str, Mapping[str, object]] = {
    "unknown name": {"what": "unresolved"},
    "refused connection": {"what": "refused"},
    "no answer": {"what": "drop_before"},
    "done, but no answer": {"what": "drop_after"},
    "too late": {"what": "delay", "seconds": 0.35},
    "reset": {"what": "reset"},
    "cut in the middle": {"what": "cut"},
    "truncated JSON": {"what": "truncated"},
    "empty 200": {"what": "empty"},
    "garbage": {"what": "garbage"},
    "HTML 200": {"what": "status", "status": 200, "body": "<!doctype html><h1>Sign in to the Wi-Fi</h1>"},
    "wrong shape": {"what": "status", "status": 200, "body": "[]"},
    "deep JSON": {"what": "status", "status": 200, "body": DEEP},
    "huge body": {"what": "huge"},
    "400": {"what": "status", "status": 400},
    "401": {"what": "status", "status": 401},
    "403": {"what": "status", "status": 403},
    "404": {"what": "status", "status": 404},
    "409": {"what": "status", "status": 409},
    "410": {"what": "status", "status": 410},
    "413": {"what": "status", "status": 413},
    "422": {"what": "status", "status": 422},
    "429, 77 s": {"what": "status", "status": 429, "headers": {"Retry-After": str(TOLD_S)}},
    "429, a date": {"what": "status", "status": 429, "headers": {"Retry-After": HTTP_DATE}},
    "429": {"what": "status", "status": 429},
    "429, absurd": {"what": "status", "status": 429, "headers": {"Retry-After": str(ABSURD_S)}},
    "500": {"what": "status", "status": 500},
    "502 HTML": {"what": "html"},
    "503, 77 s": {"what": "status", "status": 503, "headers": {"Retry-After": str(TOLD_S)}},
    "redirect": {"what": "status", "status": 302, "headers": {"Location": ELSEWHERE}},
}

_SILENT = {
    "look": "waits", "sync": "later", "read": "waits", "write": "unknown", "create": "unknown",
    "token": "waits", "make": "unknown", "check": "said",
}  # fmt: skip
_REFUSED = {
    "look": "parked", "sync": "later", "read": "blocked", "write": "blocked", "create": "blocked",
    "token": "shut", "make": "parked", "check": "said",
}  # fmt: skip
_TOLD = {**dict.fromkeys(_SILENT, "told"), "check": "said"}
_SHUT = {**dict.fromkeys(_SILENT, "shut"), "check": "said"}
_LIMITED = {**_SILENT, "write": "waits", "create": "waits", "make": "waits"}
"""429: it was not done, and nobody said how long to wait."""

BECOMES: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(FAULTS, _SILENT),
    **dict.fromkeys(("400", "403", "404", "410", "413", "422"), _REFUSED),
    **dict.fromkeys(("401", "redirect"), _SHUT),
    **dict.fromkeys(("429, 77 s", "429, a date", "429, absurd"), _TOLD),
    "429": _LIMITED,
    "503, 77 s": {**_TOLD, "write": "unknown", "create": "unknown", "make": "unknown"},
}

_P = "push demand"
_PUT, _ANON, _GET = f"jira PUT /rest/api/3{PROPERTY}", f"{J}/project/KEY", f"{J}{PROPERTY}"
BUT: Mapping[tuple[str, str, str], tuple[str, str]] = {
    ("read a ticket", f"{Z}/organizations/N", "404"): ("done", "an organisation that is gone"),
    ("read a ticket", f"{USER}/identities", "403"): ("done", "this role may not list them"),
    ("read a ticket", f"{USER}/identities", "404"): ("done", "this role may not list them"),
    ("read an issue", f"{J}/issue/N", "404"): ("done", "noted as unreadable; read again each day"),
    ("read an issue", SEARCH, "404"): ("waits", "says nothing of the issue above"),
    ("read a version", f"{J}/version/N", "404"): ("done", "a version that is gone"),
    ("read a project", f"{J}/project", "wrong shape"): ("done", "an account that sees no project"),
    ("reconcile Jira", f"{J}/project", "wrong shape"): ("done", "an account that sees no project"),
    ("read a project", f"{J}/project/KEY", "404"): ("done", "a project that is gone"),
    ("reconcile Jira", f"{J}/project/KEY", "404"): ("done", "a project that is gone"),
    **{(_P, _ANON, status): ("done", "it is not public") for status in ("401", "403", "404")},
    (_P, _GET, "404"): ("done", "nothing was written yet"),
    (_P, _PUT, "404"): ("done", "an issue that is gone; written when its demand changes again"),
    (_P, _PUT, "empty 200"): ("done", "Jira answers a write without words"),
    (_P, _PUT, "truncated JSON"): ("done", "Jira answers a write without words"),
    (_P, _PUT, "wrong shape"): ("done", "whatever JSON Jira answers to a write is not looked at"),
    ("read an address", "hubspot GET /crm/pipelines/N-N/deals", "403"): ("done", "deals say their own"),
    ("read an address", WORTH[7], "403"): ("done", "deals in other currencies are left out"),
    (DOCTOR, f"{J}/resolution", "wrong shape"): ("done", "a site without any: done is delivered"),
    (DOCTOR, O_GET, "wrong shape"): ("done", "no end of the model is announced in it"),
    ("follow-up", f"{Z}/tickets?external_id", "404"): ("done", "none has it"),
    ("reply", "zendesk PUT /api/v2/tickets/N", "401"): ("unknown", "it is read back first"),
    ("reply", "zendesk PUT /api/v2/tickets/N", "redirect"): ("unknown", "it is read back first"),
    ("internal note", "zendesk PUT /api/v2/tickets/N", "401"): ("unknown", "it is read back first"),
    ("internal note", "zendesk PUT /api/v2/tickets/N", "redirect"): ("unknown", "it is read back first"),
    ("internal note", TICKET, "404"): ("done", "no note is needed where the ticket is gone"),
    ("internal note", AUDITS, "404"): ("done", "no note is needed where the ticket is gone"),
    ("read a user", USER, "404"): ("done", "a user who is gone"),
    ("read a user", f"{USER}/identities", "403"): ("done", "this role may not list them"),
    ("read a user", f"{USER}/identities", "404"): ("done", "this role may not list them"),
    ("undo a close", UNLINK, "truncated JSON"): ("done", "Jira answers a deletion without words"),
    ("undo a close", UNLINK, "empty 200"): ("done", "Jira answers a deletion without words"),
    ("undo a close", UNLINK, "404"): ("waits", "the link that is said to be gone is still shown"),
    ("read back", f"{USER}/tickets/requested", "404"): ("done", "a user who went up in another"),
    ("read back", TICKET, "404"): ("done", "a ticket that is gone"),
    ("follow-up", "zendesk POST /api/v2/tickets", "redirect"): ("unknown", "sent again under its key"),
    ("a voter's ticket", "zendesk POST /api/v2/tickets", "redirect"): ("unknown", "sent again under its key"),
    ("a voter's ticket", f"{Z}/tickets?external_id", "404"): ("done", "none has it"),
    ("official comment", COMMENT, "redirect"): ("unknown", "it is read back first"),
    ("read a community post", USER, "404"): ("done", "somebody who is no user any more"),
    ("read a community post", f"{USER}/identities", "403"): ("done", "this role may not list them"),
    ("read a community post", f"{USER}/identities", "404"): ("done", "this role may not list them"),
    ("import: list links", f"{Z}/jira/links", "404"): ("done", "the old address is asked then"),
    (RECORD, SEARCH, "404"): ("waits", "says nothing of the issue above"),
    **{(RECORD, call, "404"): ("done", "left out and named; the next import takes it")
       for call in (TICKET, USER, f"{TICKET}/comments")},
    (RECORD, f"{Z}/organizations/N", "404"): ("done", "an organisation that is gone"),
    (RECORD, f"{USER}/identities", "403"): ("done", "this role may not list them"),
    (RECORD, f"{USER}/identities", "404"): ("done", "this role may not list them"),
    ("import: record links, issue gone", f"{J}/issue/N", "404"): ("done", "left out and named"),
}  # fmt: skip


def becomes(call: Call, fault: str) -> str:
    """One of STATES."""
    if (call.system, fault) == ("hubspot", "429") and call.kind != "check":
        return "told"  # its body names the limit, and that says how long it lasts
    but = BUT.get((call.road, call.name, fault))
    return but[0] if but else BECOMES[fault][call.kind]


def cells() -> Iterator[tuple[Call, str]]:
    """Every cell of a row's road."""
    yield from _cells(CALLS)


def checks() -> Iterator[tuple[Call, str]]:
    """Every cell of what a person asks."""
    yield from _cells(CHECKS)


def _cells(calls: Sequence[Call]) -> Iterator[tuple[Call, str]]:
    for number, call in enumerate(calls):
        before = calls[number - 1] if number else None
        first = before is None or (before.road, before.system) != (call.road, call.system)
        for fault in FAULTS:
            if fault not in NOT_REACHED or (first and call.kind != "create"):
                yield call, fault


def printed() -> Iterator[str]:
    """The table, as lines of Markdown."""
    yield "| road | call | " + " | ".join(FAULTS) + " |"
    yield "|---" * (len(FAULTS) + 2) + "|"
    there = {*cells(), *checks()}
    for call in (*CALLS, *CHECKS):
        states = [becomes(call, fault) if (call, fault) in there else "" for fault in FAULTS]
        yield f"| {call.road} | `{call.name}` | " + " | ".join(states) + " |"
