"""What a requester sends from their page, and where it arrives: on the ticket, beside it, in the admin."""

import pytest

from lineage import questions
from lineage.changes import Linked
from lineage.terms import ItemId, Origin
from plugin.forum import members, moderation, publishing, votes
from plugin.forum.publishing import Draft
from sandbox.zendesk.records import User
from store.database import reading, transaction
from tests.plugin.admin.conftest import Browser, olga  # noqa: F401 - a fixture
from tests.plugin.follow.conftest import Reader, finish, link_of, works
from tests.plugin.follow.test_page import QUIET_S
from tests.plugin.house import House
from tests.plugin.zendesk.conftest import Sidebar, agnes, sidebar  # noqa: F401 - fixtures


def test_no_longer_needed_is_asked_once_more_done_and_taken_back(house: House, reader: Reader) -> None:
    assert "Do you no longer need this?" in reader.get("/no-longer").text
    answer = reader.post("/no-longer")
    assert (answer.status_code, answer.headers["Location"]) == (303, reader.link)
    assert "you told us that you no longer need this" in reader.reads()
    finish(house, "KS-2", "KS-3")
    works(house, later_s=QUIET_S)
    assert len(house.zendesk.public_comments(reader.ticket)) == 1, "only what Ana wrote herself"
    assert reader.post("/after-all").status_code == 303
    works(house, later_s=QUIET_S)
    assert "It is ready." in reader.reads()
    assert len(house.zendesk.public_comments(reader.ticket)) == 2


@pytest.mark.parametrize("action", ["/no-longer", "/after-all", "/not-meant"])
def test_a_form_that_is_not_of_this_page_changes_nothing(house: House, reader: Reader, action: str) -> None:
    other = house.zendesk.open_ticket(house.zendesk.add_user("Bo", "bo@x.example"), "Mine", "Mine")
    house.reads_ticket(other.id)
    theirs = Reader(house, other, link_of(house, other)).get("/no-longer").text
    stolen = theirs.split('name="csrf_token" value="')[1].split('"')[0]
    before = house.changes()
    for form in ("", "x" * 64, "ä", stolen):
        assert reader.post(action, form=form).status_code == 400
    assert house.changes() == before


def test_nothing_is_changed_by_following_a_link(house: House, reader: Reader) -> None:
    reader.post("/no-longer")
    before = house.changes()
    assert reader.get("/after-all").status_code == 404
    assert house.changes() == before


def test_only_this_request_is_withdrawn(house: House, ana: User, reader: Reader) -> None:
    second = house.zendesk.open_ticket(ana, "Another", "Something else")
    house.reads_ticket(second.id)
    house.links(second.id, "KS-3")
    reader.post("/no-longer")
    (other,) = house.asks(second.id)
    assert other.standing == "waiting"
    assert house.asks(reader.ticket.id)[0].standing == "withdrawn"


def test_what_was_not_meant_arrives_on_the_ticket_beside_it_and_is_put_away(
    house: House,
    reader: Reader,
    sidebar: Sidebar,  # noqa: F811
) -> None:
    house.clock.advance(10)
    answer = reader.post("/not-meant", words="  I meant CSV,\nnot PDF.  ")
    assert answer.headers["Location"] == reader.link
    said = reader.reads()
    assert "you told us that this is not what you meant" in said
    assert "I meant CSV," in said
    works(house)
    note = house.zendesk.comments(reader.ticket)[-1]
    assert note["public"] is False
    assert "They wrote: “I meant CSV, not PDF.”" in note["body"]
    beside = sidebar.get(f"/tickets/{reader.ticket.id}").text
    assert "Ana says: this is not what I meant" in beside
    origin = f"zendesk:ticket:{reader.ticket.id}"
    after = sidebar.post(f"/tickets/{reader.ticket.id}/remarks", origin=origin, click="1")
    assert "Put away." in after.text
    assert "this is not what I meant" not in after.text
    assert "you told us that this is not what you meant" not in reader.reads()


def test_an_agent_puts_away_only_what_was_said_about_their_ticket(
    house: House,
    reader: Reader,
    sidebar: Sidebar,  # noqa: F811
) -> None:
    reader.post("/not-meant", words="CSV")
    other = house.zendesk.open_ticket(house.zendesk.add_user("Bo", "bo@x.example"), "Mine", "Mine")
    house.reads_ticket(other.id)
    origin = f"zendesk:ticket:{reader.ticket.id}"
    assert sidebar.post(f"/tickets/{other.id}/remarks", origin=origin).status_code == 404
    with reading(house.state.engine) as conn:
        assert questions.misunderstood(conn, house.workspace)


def test_operators_read_it_too_and_put_it_away(
    house: House,
    reader: Reader,
    olga: Browser,  # noqa: F811
) -> None:
    assert "Nobody says so" in olga.get("/admin/acme/remarks").text
    house.zendesk.close(reader.ticket)
    house.reads_ticket(reader.ticket.id)
    reader.post("/not-meant", words="I meant CSV.")
    page = olga.get("/admin/acme/remarks").text
    assert "I meant CSV." in page
    assert "Exporting reports" in page
    origin = f"zendesk:ticket:{reader.ticket.id}"
    assert "Put away." in olga.post("/admin/acme/remarks", origin=origin, click="1").text
    assert olga.post("/admin/acme/remarks", origin="nonsense").status_code == 404


def test_the_sidebar_shows_the_link_and_that_it_is_needed_no_longer(
    house: House,
    reader: Reader,
    sidebar: Sidebar,  # noqa: F811
) -> None:
    assert f'value="{house.url}{reader.link}" readonly' in sidebar.get(f"/tickets/{reader.ticket.id}").text
    reader.post("/no-longer")
    beside = sidebar.get(f"/tickets/{reader.ticket.id}").text
    assert "<b>Ana no longer needs this</b>" in beside
    link = sidebar.post(f"/tickets/{reader.ticket.id}/link", issue="KS-1", click="again")
    assert "no longer needs this" not in link.text
    assert "Not ready yet" not in link.text
    assert house.asks(reader.ticket.id)[0].standing == "waiting"


def test_a_vote_is_taken_back_in_the_forum_and_given_again(house: House, reader: Reader) -> None:
    now = house.clock.now()
    with transaction(house.state.engine) as conn:
        member = members.welcome(
            conn, house.workspace.id, "vic@acme.example", name="Vic", language="en", now=now
        )
        post = publishing.submit(conn, house.workspace, member.id, Draft("PDF", "Please.", "f"), now=now)
        moderation.decide(conn, house.workspace, post, "publish", by="olga", reason="", now=now)
        place = Linked(Origin("forum:post", str(post)), ItemId(house.item_id("KS-1")), by="olga", at=now)
    house.record(place, "placed")
    with reading(house.state.engine) as conn:
        (page,) = questions.pages_of_person(conn, house.workspace, "vic@acme.example")
    assert page.url is not None
    voter = Reader(house, reader.ticket, page.url.removeprefix(house.url))
    assert "You voted for this on" in voter.reads()
    for action, stands in (("/no-longer", False), ("/after-all", True)):
        assert voter.post(action).status_code == 303
        with reading(house.state.engine) as conn:
            found = votes.standing_of(conn, house.workspace.id, member.id, [post])
        assert bool(found) is stands
        assert ("you no longer need this" in voter.reads()) is not stands
