"""One ticket with everything beside it that the sidebar has words for, and agents of every language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import requests

from lineage.changes import KeepsPart, Titled
from lineage.requester_changes import NotMeant
from lineage.terms import Origin
from sandbox.zendesk.records import Ticket, User
from tests.plugin.house import House, bearer_of
from tests.plugin.zendesk.conftest import Sidebar, queue_load

PROFILES: Mapping[str, str] = {
    "en": "en-GB", "de": "de", "fr": "fr-CA", "es": "es-419", "pt": "pt-br", "ja": "ja",
}  # fmt: skip
"""The language of a profile as Zendesk writes it, by ours."""


@dataclass(frozen=True)
class Beside:
    """`linked`: its issue was split, a reply waits, and the requester meant something else; `notice`: the
    reply; `new`: a ticket that is linked to nothing yet.
    """

    linked: Ticket
    notice: int
    new: Ticket


def agent_of(house: House, language: str) -> User:
    name = f"Agent{language}"
    return house.zendesk.add_agent(name, f"{name}@helpdesk.example", locale=PROFILES[language])


def opened_by(house: House, agent: User, **headers: str) -> tuple[Sidebar, requests.Response]:
    """The sidebar of this agent, and its first page as a browser with these headers gets it."""
    token = house.zendesk.sidebar.token(house.zendesk.url, agent)
    address = f"/zendesk/sidebar/acme?origin={house.zendesk.url}"
    page = house.post(address, data={"token": token}, headers=headers)
    return Sidebar(house, agent, bearer_of(page)), page


def queue_of(house: House, agent: User) -> Sidebar:
    """The queue in the nav bar, as this agent has it."""
    return Sidebar(house, agent, bearer_of(queue_load(house, queue_token(house, agent))))


def queue_token(house: House, agent: User) -> str:
    return house.zendesk.sidebar.token(house.zendesk.url, agent, location="nav_bar")


def set_up(house: House, linked: Ticket) -> Beside:
    now, key_of = house.clock.now(), house.item_id
    house.jira.add_issue("KS-1", "PDF export of reports")
    bo = house.zendesk.add_user("Bo", "bo@bolt.example")
    other = house.zendesk.open_ticket(bo, "pdf please", "Can I have a pdf of the reports?")
    house.reads("KS-1")
    for ticket in (other, linked):
        house.reads_ticket(ticket.id)
        house.links(ticket.id, "KS-1")
    house.jira.split("KS-1", ["Export one report", "Scheduled exports"])
    house.reads("KS-1", "KS-2", "KS-3")
    house.record(KeepsPart(key_of("KS-1"), keeps=True, by="eng", at=now), "keeps")
    for key, title in (("KS-1", "PDF"), ("KS-2", "One report")):
        house.record(Titled(key_of(key), title, own_part=False, by="Agnes", at=now), f"title:{key}")
    house.jira.transition("KS-2", "done")
    house.reads("KS-2")
    house.hold_for_approval()
    [ask] = house.asks(linked.id)
    origin = Origin("zendesk:ticket", str(linked.id))
    house.record(NotMeant(origin, "CSV, not PDF.", by="requester", at=now), "remark")
    owed = next(one.id for one in house.plan("awaiting_approval") if one.person_id == ask.person_id)
    new = house.zendesk.open_ticket(bo, "Exporting reports", "An export of the reports to PDF would help.")
    return Beside(linked, owed, new)


def screens(desk: Sidebar, beside: Beside) -> Iterator[tuple[str, requests.Response]]:
    """What an agent meets in an hour, each with its name. The ticket that is new is linked in the end."""
    here, new = f"/tickets/{beside.linked.id}", f"/tickets/{beside.new.id}"
    [ask] = desk.house.asks(beside.linked.id)
    named: dict[str, Any] = {"ask": str(ask.ask_id), "issue": ask.item.id}
    yield "suggestions", desk.get(new)
    yield "a search", desk.get(f"{new}/search", params={"q": "nothing of the kind"})
    yield "a form", desk.get(f"{new}/create")
    yield "a form with mistakes", desk.post(f"{new}/create", project="KS", kind="1", summary="")
    yield "linked", desk.get(here)
    yield "being read", desk.post(f"{here}/refresh")
    yield "a reply", desk.get(f"{here}/replies/{beside.notice}")
    yield "other words", desk.post(f"{here}/replies/{beside.notice}/approve", digest="0123456789abcdef")
    yield "parts", desk.post(f"{here}/parts", **named, part=[desk.house.item_id("KS-3")])
    yield "a title", desk.post(f"{here}/title", **named, title="PDF files")
    yield "no title", desk.post(f"{here}/title", **named, title=" ")
    yield "kept", desk.post(f"{here}/unlink", **named, keep="yes")
    yield "linked again", desk.post(f"{here}/link", **named, kept="yes")
    yield "not there", desk.get("/tickets/999999999")
    yield "no address of ours", desk.get("/nothing/of/the/kind")
    yield "not signed in", desk.house.get(f"/zendesk/acme{here}")


def queue_screens(bar: Sidebar, beside: Beside) -> Iterator[tuple[str, requests.Response]]:
    """What an agent meets in the queue. The reply beside the ticket is left as it is; the other is edited and
    approved for later.
    """
    house, show = bar.house, "/queue?show="
    other = next(one for one in house.plan("awaiting_approval") if one.id != beside.notice)
    for group in ("waiting", "going", "stuck", "done"):
        yield f"queue: {group}", bar.get(f"{show}{group}")
    yield "nothing fits", bar.get(f"{show}waiting&kind=declined")
    yield "no such issue", bar.get(f"{show}waiting&item=KS-99")
    yield "stale", bar.post("/queue/approve", notice=f"{other.id}@0123456789abcdef")
    yield "no moment", bar.post("/queue/approve", notice=f"{other.id}@{other.digest}", at="soon")
    yield "no words", bar.post(f"/queue/{other.id}/edit", digest=other.digest, words=" ")
    yield "edited", bar.post(f"/queue/{other.id}/edit", digest=other.digest, words=f"{other.text} 敬具")
    other = next(one for one in house.plan() if one.id == other.id)
    later = f"{house.clock.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    yield "for later", bar.post("/queue/approve", notice=f"{other.id}@{other.digest}", at=later)
    yield "scheduled", bar.get(f"{show}scheduled")
    yield "paused", bar.post("/queue/pause")
    yield "not paused", bar.post("/queue/resume")
