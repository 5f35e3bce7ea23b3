"""Whatever is sent to whichever address, nobody breaks anything, and nobody reads another workspace."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

import jwt
import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from plugin.identity import declared
from plugin.pages import limits
from tests.plugin.hostile_scene import CANARY, ISSUE, TICKET, Caller, Theirs, callers, globex
from tests.plugin.hostile_words import HEADERS, Form, address, forms, paths
from tests.plugin.house import House
from tests.plugin.house import house as house  # noqa: PLC0414 - the fixture of this module

LEAVING = {"admin.signin.leave", "admin.signin.leave_everywhere", "forum.leave"}
MOST_QUERY = 6000


@dataclass
class Scene:
    """`places`, `good`: what addresses and forms of `acme` are really filled in with."""

    house: House
    people: dict[str, Caller]
    theirs: Theirs
    places: dict[str, str]
    good: dict[str, str]

    def routes(self, kind: str | None = None) -> Iterator[tuple[Rule, str, str]]:
        """Each route and method, and who of `people` may come nearest to it."""
        kinds = declared(self.house.app)
        for rule in self.house.app.url_map.iter_rules():
            asked = kinds[rule.endpoint] or "anyone"
            if rule.endpoint in LEAVING or kind not in (None, asked):
                continue
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule, method, asked if asked in self.people else "anyone"


@pytest.fixture
def scene(house: House, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(limits, "enabled", False)
    house.jira.add_issue("KS-1", "PDF export")
    ana = house.zendesk.add_user("Ana", "ana@acme.example")
    ticket = house.zendesk.open_ticket(ana, "Exporting", "By hand.")
    house.reads("KS-1")
    house.reads_ticket(ticket.id)
    house.links(ticket.id, "KS-1")
    ask, issue = house.asks(ticket.id)[0], str(house.item_id("KS-1"))
    places = {"slug": "acme", "ticket": str(ticket.id), "issue": issue, "act": "retry", "shelf": "inbox"}
    good = {
        "issue": issue, "ask": str(ask.ask_id), "part": issue, "title": "PDF export", "reason": "Why not",
        "email": "ana@acme.example", "name": "Ana", "words": "By hand.", "form": "f", "verdict": "refuse",
        "keep": "yes",
    }  # fmt: skip
    return Scene(house, callers(house), globex(house), places, good)


def test_no_address_and_no_form_breaks_anything_or_shows_another_workspace(scene: Scene) -> None:
    chance, wrong = Random(7), []
    for rule, method, who in scene.routes():
        here = address(rule, scene.places)
        calls: list[tuple[str, Form]] = [(path, []) for path in paths(rule, scene.places)]
        calls += [(here, form) for form in forms(chance, scene.good, how_many=10)]
        for path, form in calls:
            answer = _sent(scene.people[who], method, path, form, chance.choice(HEADERS))
            if answer.status_code >= 500 or (who != "operator" and CANARY in answer.text):
                wrong.append((who, method, path[:90], form[:9], answer.status_code))
    assert not wrong, wrong[0]


def test_what_is_another_workspaces_is_as_good_as_not_there(scene: Scene) -> None:
    theirs = scene.theirs
    ids = {"ticket": TICKET, "issue": ISSUE, "notice": theirs.notice.id, "post_id": theirs.held_post,
           "post": theirs.held_post, "row": theirs.parked, "slug": "globex"}  # fmt: skip
    nobodys = {name: "nowhere" if name == "slug" else "777777" for name in ids}
    compared, before = 0, scene.house.changes()
    for rule, method, who in scene.routes():
        forum_is_public = rule.rule.startswith("/f/") or who == "operator"
        for name in sorted(rule.arguments & ids.keys()):
            if name == "slug" and forum_is_public:
                continue
            answers = [
                _sent(scene.people[who], method, address(rule, {**scene.places, name: str(named)}), [], {})
                for named in (ids[name], nobodys[name])
            ]
            told = [(one.status_code, _same(one.text, str(ids[name]))) for one in answers]
            assert told[0][0] == told[1][0], (who, method, rule.rule, name)
            assert told[0][1] == _same(told[1][1], nobodys[name]), (who, method, rule.rule, name)
            compared += 1
    assert compared > 50
    assert scene.house.changes() == before


def test_a_form_that_names_another_workspaces_things_finds_nothing(scene: Scene) -> None:
    theirs, before = scene.theirs, scene.house.changes()
    notice, digest = theirs.notice.id, theirs.notice.digest
    named = [("ask", str(theirs.ask)), ("issue", ISSUE), ("part", ISSUE), ("title", "Mine now"),
             ("notice", f"{notice}@{digest}"), ("digest", digest), ("keep", "no")]  # fmt: skip
    for kind in ("agent", "operator"):
        for rule, method, who in scene.routes(kind):
            answer = _sent(scene.people[who], method, address(rule, scene.places), named, {})
            assert who == "operator" or CANARY not in answer.text, rule.rule
    assert scene.house.changes() == before
    assert theirs.notice_now(scene.house) == theirs.notice


def test_no_proof_opens_what_asks_for_another(scene: Scene) -> None:
    for rule, method, right in scene.routes():
        asked = declared(scene.house.app)[rule.endpoint]
        if asked in (None, "anyone", "monitor"):
            continue
        for who, caller in scene.people.items():
            if who != right or who == "anyone":
                answer = _sent(caller, method, address(rule, scene.places), list(scene.good.items()), {})
                assert answer.status_code in (303, 302, 400, 401, 404, 410, 415), (who, method, rule.rule)
                assert "/sign-in" in (answer.location or "/sign-in"), (who, method, rule.rule)


def test_a_token_may_name_any_tenant_and_proves_nothing(scene: Scene) -> None:
    for tenant in ("a\x00b", "\ud800", "", "x" * 5000, "nobody", ["a"], {"a": 1}, None, 7):
        claims = json.dumps({"iss": tenant, "qsh": "x"}).encode()
        token = jwt.PyJWS().encode(claims, "a secret of somebody who is not Jira", algorithm="HS256")
        for path in ("/connect/issue-context", "/connect/board", "/connect/admin"):
            assert scene.people["anyone"].call("GET", f"{path}?jwt={token}", []).status_code == 401, tenant


def _sent(caller: Caller, method: str, path: str, form: Form, headers: dict[str, str]) -> TestResponse:
    if method == "GET" and form:
        short = [(name, value[:MOST_QUERY]) for name, value in form]
        path, form = f"{path}?{urlencode(short, errors='surrogatepass')}", []
    return caller.call(method, path, form, **headers)


def _same(page: str, ident: str) -> str:
    """Without what is fresh on every page, and without the number that was asked for."""
    return re.sub(r'(name="(click|form)" value=)"[^"]*"', r"\1", page).replace(ident, "N")
