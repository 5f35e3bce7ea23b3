"""Everybody who may call, in the workspace `acme`; and a second one, `globex`, with things to hide."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import Connection, update
from werkzeug.test import TestResponse

from lineage import ledger, questions
from lineage.changes import Change, IssueSeen, Linked, OrganisationSeen, PersonSeen, TicketSeen, Titled
from lineage.questions.views import NoticeView
from lineage.terms import ItemId, Origin
from plugin import identity
from plugin.admin.signin import make_link
from plugin.bearer import Bearer, mint
from plugin.forum import links, members, publishing
from plugin.forum.links import Link
from plugin.forum.publishing import Draft
from store import inbox, workspaces
from store.database import reading, transaction
from store.workspaces import Workspace
from tests.plugin.house import House, carrying

CANARY = "Kanarienvogel"
"""Stands in everything of `globex` that nobody of `acme` may ever read."""
TICKET, ISSUE, KEY = 900001, "900002", "GX-1"
FORM = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Theirs:
    """What can be named of `globex`."""

    workspace: Workspace
    ask: int
    notice: NoticeView
    held_post: int
    parked: int

    def notice_now(self, house: House) -> NoticeView:
        with reading(house.state.engine) as conn:
            return questions.notices(conn, self.workspace)[0]


@dataclass
class Caller:
    """Somebody with a proof, or without any. `csrf` is what a page of ours gave their browser."""

    client: FlaskClient
    headers: dict[str, str]
    csrf: str = ""

    def call(self, method: str, url: str, form: list[tuple[str, str]], **headers: str) -> TestResponse:
        fields = [*form, *([("csrf_token", self.csrf)] if self.csrf else [])]
        body = urlencode(fields, errors="surrogatepass") if method == "POST" else None
        kind = "application/x-www-form-urlencoded" if body is not None else None
        return self.client.open(
            url, method=method, data=body, content_type=kind, headers={**self.headers, **headers}
        )


def callers(house: House) -> dict[str, Caller]:
    """By kind of identity. The engineer has acme's issue open, whose id is 10000."""
    now, keys = house.clock.now(), _keys(house)
    agent = Bearer("zendesk", house.workspace.id, "7", "Agnes", began_at=now, sees_every_ticket=True)
    engineer = Bearer(
        "jira", house.workspace.id, "u-1", "Erik", began_at=now, issue=house.item_id("KS-1"), edits=True
    )
    return {
        "anyone": Caller(_browser(house), {}),
        "agent": Caller(_browser(house), carrying(mint(agent, keys=keys, now=now))),
        "engineer": Caller(_browser(house), carrying(mint(engineer, keys=keys, now=now))),
        "operator": _operator(house),
        "member": _member(house),
    }


def globex(house: House) -> Theirs:
    """The other workspace, and one of everything in it."""
    with transaction(house.state.engine) as conn:
        theirs = workspaces.add(conn, slug="globex", name="Globex", now=house.clock.now())
    for number, change in enumerate(_story(house)):
        with transaction(house.state.engine) as conn:
            ledger.record(conn, theirs, change, cause=f"story:{number}", now=house.clock.now())
    with transaction(house.state.engine) as conn:
        author = members.welcome(
            conn, theirs.id, "eve@globex.example", name=CANARY, language=None, now=house.clock.now()
        )
        post = publishing.submit(
            conn, theirs, author.id, Draft(CANARY, CANARY, "form"), now=house.clock.now()
        )
        parked = _park(conn, theirs, house)
    with reading(house.state.engine) as conn:
        ask = questions.asks_of_ticket(conn, theirs, str(TICKET))[0].ask_id
        notice = questions.notices(conn, theirs)[0]
    return Theirs(theirs, ask, notice, post, parked)


def _story(house: House) -> Iterator[Change]:
    now = house.clock.now()
    ago = now - timedelta(days=3)
    item, ana = ItemId(ISSUE), PersonSeen("zendesk", "77", CANARY, ("ana@globex.example",))
    company = OrganisationSeen("5", CANARY, ("globex.example",))
    yield TicketSeen(str(TICKET), "open", CANARY, CANARY, ana, ago, ago, company)
    for updated, category, resolution, meaning in ((ago, "new", None, None), (now, "done", "1", "delivered")):
        yield IssueSeen(
            item, KEY, CANARY, "GX", "Story", category, category, resolution_id=resolution,
            resolution=resolution and "Done", meaning=meaning, created=ago, updated=updated,
            state_at=updated, url=f"https://{CANARY}.example/browse/{KEY}",
        )  # fmt: skip
        yield Linked(Origin("zendesk:ticket", str(TICKET)), item, by=CANARY, at=ago)
        yield Titled(item, CANARY, own_part=False, by=CANARY, at=ago)


def _park(conn: Connection, theirs: Workspace, house: House) -> int:
    """The number of a delivery to `globex` that was given up."""
    now, shelf = house.clock.now(), inbox.inbox
    inbox.keep(conn, workspace_id=theirs.id, system="jira", delivery_id="1", headers={}, body=b"{}", now=now)
    given_up = update(shelf).where(shelf.c.workspace_id == theirs.id)
    given_up = given_up.values(due_at=None, parked_at=now, reason=CANARY)
    return int(conn.execute(given_up.returning(shelf.c.id)).scalar_one())


def _keys(house: House) -> list[str]:
    with house.within():
        return identity.signing_keys()


def _browser(house: House) -> FlaskClient:
    return house.app.test_client()


def _with_form(client: FlaskClient, path: str) -> Caller:
    page = client.get(path)
    found = FORM.search(page.text)
    assert found is not None, page.text
    return Caller(client, {}, found[1])


def _operator(house: House) -> Caller:
    with house.within(), transaction(house.state.engine) as conn:
        link = make_link(conn, "olga@example.com").removeprefix(house.url)
    caller = _with_form(_browser(house), link)
    assert caller.call("POST", link, []).status_code == 303
    return _with_form(caller.client, "/admin/acme/posts")


def _member(house: House) -> Caller:
    with transaction(house.state.engine) as conn:
        token = links.issue(conn, house.workspace.id, Link("bob@acme.example", ""), now=house.clock.now())
    link = f"/f/acme/sign-in/{token}"
    caller = _with_form(_browser(house), link)
    assert caller.call("POST", link, [("name", "Bob")]).status_code == 303
    return _with_form(caller.client, "/f/acme/new")
