"""Every kind of token at every door of sidebar and queue, right and in every wrong way: only the right one
opens.

The doors are all of `/zendesk/…` that the app has, so that none can be forgotten.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from lineage.terms import ItemId
from plugin import bearer
from plugin.bearer import Face
from plugin.identity import signing_keys
from plugin.jira import acts
from plugin.jira.acts import FROM_TICKET, NewAct
from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket, User
from sandbox.zendesk.sidebar import app_key
from store import workspaces
from store.database import transaction
from store.workspaces import Workspace
from tests.plugin.house import House, bearer_of, connect
from tests.plugin.jira.token_desk import handmade
from tests.plugin.zendesk.conftest import Sidebar, first_load, queue_load
from tests.plugin.zendesk.token_desk import (
    AGAIN,
    LOAD,
    LOADS,
    PLACES,
    QUEUE_AGAIN,
    QUEUE_LOAD,
    Desk,
    Way,
    opened,
)


@pytest.fixture
def desk(house: House, sidebar: Sidebar, ticket: Ticket, agnes: User) -> Desk:
    """A ticket that is linked to KS-1, about which a reply waits for approval."""
    house.jira.add_issue("KS-1", "PDF export of reports")
    house.reads("KS-1")
    house.reads_ticket(ticket.id)
    house.links(ticket.id, "KS-1")
    [ask], issue = house.asks(ticket.id), house.item_id("KS-1")
    about = {"ask": str(ask.ask_id), "issue": str(issue)}
    sidebar.post(f"/tickets/{ticket.id}/title", **about, title="PDF")
    house.jira.transition("KS-1", "done")
    house.reads("KS-1")
    house.hold_for_approval()
    [notice] = house.plan("awaiting_approval")
    forms = {
        "link": {"issue": str(issue)}, "unlink": about | {"keep": "yes"}, "parts": about | {"all": "yes"},
        "title": about | {"title": "PDF export"}, "settle": {"origin": f"zendesk:ticket:{ticket.id}"},
        "search": {"q": "pdf"}, "approve": {"digest": notice.digest},
        "edit": {"words": "PDF.", "digest": "x"},
        "not_this": {"issue": str(issue)}, "maybe_this": {"issue": str(issue)},
    }  # fmt: skip
    origin = ItemId(f"zendesk:ticket:{ticket.id}")
    with transaction(house.state.engine) as conn:
        new = NewAct(FROM_TICKET, "Agnes", {"project": "KS", "parts": []}, waits=True)
        acts.keep(conn, house.workspace.id, origin, new, click="made", now=house.clock.now())
        [act] = acts.from_tickets(conn, house.workspace.id, origin)
    return Desk(house, agnes, ticket, notice.id, act.id, forms)


def test_each_door_is_opened_by_its_own_kind_of_token_only(desk: Desk) -> None:
    kinds: dict[str, Way] = {
        **{kind: partial(Desk.right, kind=kind) for kind in (LOAD, AGAIN, QUEUE_LOAD, QUEUE_AGAIN)},
        "of the panel": lambda one: one.other_face("jira"),
        "of the board": lambda one: one.other_face("board"),
    }  # fmt: skip
    wrong, tried = [], 0
    for door in desk.doors():
        for kind, made in kinds.items():
            for scheme in ("Bearer", "JWT", "bearer", "Basic"):
                right = kind == door.kind and (scheme == "Bearer" or kind in LOADS)
                desk.fresh()
                answer, tried = desk.knock(door, made(desk), scheme=scheme), tried + 1
                if opened(answer) != right:
                    wrong.append(f"{door} by {kind} ({scheme}): {answer.status_code}")
        if opened(answer := desk.knock(door, None)):
            wrong.append(f"{door} without any token: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert tried > 150


STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = "https://other.zendesk.com"
PLACE = {"product": "support", "location": "ticket_sidebar"}
OTHER_PLACE = {"ticket_sidebar": "nav_bar", "nav_bar": "ticket_sidebar"}


def _later(desk: Desk) -> str:
    then = int((desk.house.clock.now() + timedelta(hours=1)).timestamp())
    return desk.signed(iat=then, exp=then)


def _public(desk: Desk) -> bytes:
    return desk.house.zendesk.sidebar.public_key_pem().encode()


WRONG_LOADS: dict[str, Way] = {
    "expired": lambda desk: desk.signed(exp=1_600_000_000, iat=1_599_999_000),
    "expired two minutes ago": lambda desk: desk.signed(
        exp=int((desk.house.clock.now() - timedelta(minutes=2)).timestamp())
    ),
    "not yet issued": _later,
    "good for years": lambda desk: desk.signed(exp=4_000_000_000),
    "without an end": lambda desk: desk.signed(exp=None),
    "without a beginning": lambda desk: desk.signed(iat=None),
    "for another installation": lambda desk: desk.signed(
        aud=f"{desk.house.zendesk.url}/api/v2/apps/installations/4711.json"
    ),
    "for another account": lambda desk: desk.signed(
        aud=desk.house.zendesk.app_audience.replace(desk.house.zendesk.url, OTHER)
    ),
    "for nobody": lambda desk: desk.signed(aud=None),
    "for the address without .json": lambda desk: desk.signed(
        aud=desk.house.zendesk.app_audience.removesuffix(".json")
    ),
    "from another account": lambda desk: desk.signed(iss="other.zendesk.com"),
    "of another account's agent": lambda desk: desk.signed(sub=f"{OTHER}/api/v2/users/{desk.agent.id}.json"),
    "of a user by name": lambda desk: desk.signed(sub="agnes@helpdesk.example"),
    "of a number": lambda desk: desk.signed(sub=str(desk.agent.id)),
    "of nobody": lambda desk: desk.signed(sub=None),
    "of somebody unheard of": lambda desk: desk.signed(
        sub=f"{desk.house.zendesk.url}/api/v2/users/4711.json"
    ),
    "in the other place": lambda desk: replace(desk, place=OTHER_PLACE[desk.place]).signed(),
    "in the top bar": lambda desk: desk.signed(context=PLACE | {"location": "top_bar"}),
    "in another product": lambda desk: desk.signed(context=PLACE | {"product": "chat"}),
    "nowhere": lambda desk: desk.signed(context=None),
    "another key": lambda desk: desk.signed(key=STRANGER),
    "the key of another installation": lambda desk: desk.signed(key=app_key(4711)),
    "HS256 with the public key": lambda desk: handmade({"alg": "HS256"}, desk.claims(), _public(desk)),
    "HS256 with the public key, a line less": lambda desk: handmade(
        {"alg": "HS256"}, desk.claims(), _public(desk).strip()
    ),
    "HS256 with no key": lambda desk: handmade({"alg": "HS256"}, desk.claims()),
    "HS256 with the audience": lambda desk: handmade(
        {"alg": "HS256"}, desk.claims(), desk.house.zendesk.app_audience.encode()
    ),
    "RS512": lambda desk: desk.signed(algorithm="RS512"),
    "PS256": lambda desk: desk.signed(algorithm="PS256"),
    "signed by nobody": lambda desk: handmade({"alg": "none"}, desk.claims()),
    "signed by nobody, spelt otherwise": lambda desk: handmade({"alg": "nOnE"}, desk.claims()),
    "signed by nobody, with a signature": lambda desk: handmade({"alg": "none"}, desk.claims(), b"x"),
    "RS256 without a signature": lambda desk: handmade({"alg": "RS256"}, desk.claims()),
    "its own key inside": lambda desk: jwt.encode(
        desk.claims(), STRANGER, algorithm="RS256", headers={"jku": f"{OTHER}/keys", "kid": "../../key"}
    ),
    "our own bearer": lambda desk: desk.bearer(),
    "empty": lambda _: "",
    "garbage": lambda _: "a.b.c",
    "no shape at all": lambda _: "𝔗\n" * 50,
    "a list": lambda _: handmade({"alg": "RS256"}, [1]),  # type: ignore[arg-type]
}
OTHER_FACE: dict[Face, Face] = {"zendesk": "queue", "queue": "zendesk"}
WRONG_BEARERS: dict[str, Way] = {
    "expired": lambda desk: desk.bearer(ago=timedelta(minutes=21)),
    "of a first load eight hours ago": lambda desk: desk.bearer(
        ago=timedelta(minutes=1), began_at=desk.house.clock.now() - timedelta(hours=8, minutes=1)
    ),
    "of another workspace": lambda desk: desk.bearer(workspace_id=4711),
    "of the panel": lambda desk: desk.other_face("jira"),
    "of the board": lambda desk: desk.other_face("board"),
    "of the other page in Zendesk": lambda desk: replace(desk, face=OTHER_FACE[desk.face]).bearer(),
    "with another key": lambda desk: bearer.mint(_said(desk), keys=["another"], now=desk.house.clock.now()),
    "signed by nobody": lambda desk: handmade({"alg": "none"}, _read(desk.bearer())),
    "HS256 with no key": lambda desk: handmade({"alg": "HS256"}, _read(desk.bearer())),
    "with the key itself, underived": lambda desk: handmade(
        {"alg": "HS256"}, _read(desk.bearer()), _key(desk)
    ),
    "another's name under a signature that was right": lambda desk: _tampered(desk.bearer()),
    "Zendesk's own": lambda desk: desk.signed(),
    "empty": lambda _: "",
    "garbage": lambda _: "a.b.c",
}


def _said(desk: Desk) -> bearer.Bearer:
    now = desk.house.clock.now()
    return bearer.Bearer(desk.face, desk.house.workspace.id, str(desk.agent.id), "Agnes", began_at=now)


def _read(token: str) -> dict[str, object]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def _key(desk: Desk) -> bytes:
    with desk.house.within():
        return signing_keys()[0].encode()


def _tampered(token: str) -> str:
    unsigned = handmade({"alg": "HS256", "typ": "JWT"}, _read(token) | {"name": "Olga", "sub": "1"})
    return f"{unsigned.rpartition('.')[0]}.{token.rpartition('.')[2]}"


def test_a_token_that_is_wrong_in_one_way_opens_nothing_and_changes_nothing(desk: Desk) -> None:
    before, plan = desk.house.changes(), desk.house.plan()
    wrong, tried = [], 0
    for door in desk.doors():
        here = desk.before(door)
        for way, made in (WRONG_LOADS if door.kind in LOADS else WRONG_BEARERS).items():
            answer, tried = desk.knock(door, made(here)), tried + 1
            if opened(answer) or "kithspark-bearer" in answer.text or "PDF" in answer.text:
                wrong.append(f"{door}, {way}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert tried > 150
    assert (desk.house.changes(), desk.house.plan()) == (before, plan)


def test_a_signed_form_is_good_once_however_it_is_dressed(desk: Desk) -> None:
    doors = [one for one in desk.doors() if one.kind in LOADS]
    assert len(doors) == 2
    for door in doors:
        token = desk.right(door.kind)
        assert opened(desk.knock(door, token))
        body, _, signature = token.rpartition(".")
        for again in (token, f"{token}=", f"{body}.{signature[:-1]}", f" {token}", f"{token}\n"):
            assert not opened(desk.knock(door, again)), again


def test_no_page_of_the_sidebar_sets_or_reads_a_cookie(desk: Desk) -> None:
    for door in desk.doors():
        desk.fresh()
        assert not desk.knock(door, desk.right(door.kind)).cookies, door
        held = desk.before(door).bearer()
        headers = {"Cookie": f"bearer={held}; session={held}"}
        path = desk.house.get if door.method == "GET" else desk.house.post
        assert not opened(path(door.path, headers=headers)), door
        key = desk.right(door.kind)
        asked = {"token": key, "bearer": key} if door.kind not in LOADS else {}
        assert not opened(path(door.path, params=asked)), door


def test_whoever_clicks_is_whom_zendesk_signed_for_whatever_the_form_says(desk: Desk, house: House) -> None:
    boss = house.zendesk.add_agent("Olga", "olga@helpdesk.example")
    path, claims = f"/tickets/{desk.ticket.id}", {"by": "Olga", "user": str(boss.id), "name": "Olga"}
    mine = Sidebar(house, desk.agent, bearer_of(first_load(house, desk.signed(jti=str(uuid.uuid4())))))
    mine.post(f"{path}/replies/{desk.notice}/approve", **desk.forms["approve"], **claims)
    assert {one.approved_by for one in house.plan() if one.approved_by} == {"Agnes"}
    mine.post(f"{path}/unlink", **desk.forms["unlink"], **claims)
    mine.post(f"{path}/link", **desk.forms["link"], **claims)
    assert [ask.linked_by for ask in house.asks(desk.ticket.id)] == ["Agnes"]


@pytest.fixture
def elsewhere(house: House) -> Iterator[tuple[Workspace, Zendesk]]:
    """Another workspace with another Zendesk, in which Bea works; its tickets have the same numbers."""
    with Zendesk(clock=house.clock, seed=0) as theirs:
        theirs.sidebar.installation += 1
        with transaction(house.state.engine) as conn:
            globex = workspaces.add(conn, slug="globex", name="Globex", now=house.clock.now())
        connect(house.state, globex, desk=theirs, site=house.jira)
        yield globex, theirs


def test_an_agent_of_one_workspace_has_no_way_to_anothers_tickets(
    desk: Desk, house: House, elsewhere: tuple[Workspace, Zendesk]
) -> None:
    globex, theirs = elsewhere
    bea = theirs.add_agent("Bea", "bea@globex.example")
    pages = {
        AGAIN: first_load(house, theirs.signed_token(bea), "globex"),
        QUEUE_AGAIN: queue_load(house, theirs.sidebar.token(theirs.url, bea, location="nav_bar"), "globex"),
    }
    assert {page.status_code for page in pages.values()} == {200}
    before, plan = house.changes(), house.plan()
    for door in desk.doors():
        if door.kind in LOADS:
            signed = theirs.sidebar.token(theirs.url, bea, location=PLACES[door.kind])
            assert desk.knock(door, signed).status_code == 401
            continue
        hers = bearer_of(pages[door.kind])
        assert desk.knock(door, hers).status_code == 404, door  # at the address of acme
        if door.name in ("renew", "pause"):  # these name nobody's ticket, and would pause her own
            continue
        there = type(door)(door.method, door.path.replace("/acme/", "/globex/"), door.kind, door.name)
        answer = desk.knock(there, hers)  # with the numbers of acme's ticket, ask, reply
        # A search asks her own Jira, and the queue is her own: neither has what the number names.
        own = door.name == "search" or door.kind == QUEUE_AGAIN
        assert not opened(answer) or own, (there, answer.text)
        assert not re.search(r"Ana\b|300 reports", answer.text), there
    assert (house.changes(), house.plan()) == (before, plan)
    assert globex.id != house.workspace.id
