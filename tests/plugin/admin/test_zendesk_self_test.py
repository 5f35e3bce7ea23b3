"""The self-test ends in a test ticket that was answered, or says why not."""

from sqlalchemy import select

from connectors.zendesk.self_test import TAG
from lineage.tables import asks
from sandbox.faults import Fault
from store import trials
from store.database import reading, transaction
from tests.plugin.admin.conftest import Browser
from tests.plugin.admin.zendesk_page import OLGA, PAGE, answered, connect, kept, send, the_ticket, words_of
from tests.plugin.house import House


def test_it_ends_in_a_test_ticket_that_was_answered(house: House, olga: Browser) -> None:
    connect(olga, house)
    send(olga, "webhook")
    changes = house.changes()
    page = answered(olga, house)
    ticket = the_ticket(house)
    assert "A test ticket was answered, and mailed." in page
    for words in (
        "reading and writing are granted", f"ticket {ticket.id} is made",
        f"the answer stands on ticket {ticket.id}", "its mark stands in the ticket’s audit",
        f"a trigger of the account mailed it to {OLGA}", f"ticket {ticket.id} is solved, with the tag {TAG}",
        f"A signed call about ticket {ticket.id} arrived",
    ):  # fmt: skip
        assert words in page
    assert [one.ticket for one in house.zendesk.mails(OLGA)] == [ticket.id]
    assert (ticket.status, len(house.zendesk.public_comments(ticket))) == ("solved", 1)
    assert house.changes() == changes
    with reading(house.state.engine) as conn:
        assert conn.execute(select(asks)).all() == []


def test_where_no_trigger_fires_it_says_posted_not_emailed(house: House, olga: Browser) -> None:
    connect(olga, house)
    send(olga, "webhook")
    house.zendesk.knobs.mail_on_comment = False
    page = answered(olga, house)
    assert "A test ticket was answered: posted, not e-mailed." in page
    assert "no trigger of the account mailed the requester" in page
    assert house.zendesk.mails(OLGA) == []
    house.zendesk.knobs.mail_on_comment = True
    send(olga, "test")  # again, as often as one likes
    house.clock.advance(5)
    send(olga, "test/on")
    assert "a trigger of the account mailed it" in words_of(olga.get(PAGE))


def test_without_a_webhook_it_says_so_at_once(house: House, olga: Browser) -> None:
    page = answered(olga, house)
    assert "A test ticket was answered, and Zendesk’s calls do not arrive" in page
    assert "There is no webhook yet" in page


def test_a_webhook_with_another_secret_is_named_as_that(house: House, olga: Browser) -> None:
    send(olga, "webhook")
    next(iter(house.zendesk.outgoing.webhooks.values())).secret = "another"
    assert "not signed with the secret that is kept" in answered(olga, house)
    send(olga, "webhook")  # and the step again mends it
    send(olga, "test")
    house.clock.advance(5)
    send(olga, "test/on")
    house.zendesk.hooks.settled()
    assert "A test ticket was answered, and mailed." in words_of(olga.get(PAGE))


def test_one_waits_for_the_answer_and_for_the_call(house: House, olga: Browser) -> None:
    send(olga, "webhook")
    house.zendesk.hooks.hold()
    page = words_of(send(olga, "test"))
    assert "The test ticket is being answered" in page and 'hx-trigger="load delay:1500ms"' in page
    assert "waiting until its stamp is settled" in words_of(send(olga, "test/on"))
    house.clock.advance(5)
    assert "Answered. Now Zendesk has to call" in words_of(send(olga, "test/on"))
    house.clock.advance(91)
    late = words_of(olga.get(PAGE))
    assert "begins with https://" in late and "hx-trigger" not in late
    house.zendesk.hooks.release()


def test_an_answer_in_doubt_is_read_back_and_not_written_again(house: House, olga: Browser) -> None:
    """Zendesk takes it, and its answer gets lost."""
    connect(olga, house)
    send(olga, "test")
    house.clock.advance(5)
    house.zendesk.faults.order(Fault("drop_after", "PUT", "tickets"))
    assert "The test ticket is being answered" in words_of(send(olga, "test/on"))
    assert len(house.zendesk.public_comments(the_ticket(house))) == 1
    assert "the answer stands on ticket" in words_of(send(olga, "test/on"))
    assert len(house.zendesk.public_comments(the_ticket(house))) == 1


def test_the_same_ticket_where_nobody_knows_whether_it_was_made(house: House, olga: Browser) -> None:
    connect(olga, house)
    house.zendesk.faults.order(Fault("drop_after", "POST", "tickets"))
    assert "It does not work yet" in words_of(send(olga, "test"))
    assert "A test ticket was answered" in answered(olga, house)
    the_ticket(house)  # one and no more


def test_an_answer_that_is_never_settled_ends_with_words(house: House, olga: Browser) -> None:
    connect(olga, house)
    send(olga, "test")
    house.clock.advance(301)
    for _ in range(3):
        house.zendesk.faults.order(Fault("status", "GET", "tickets", status=503))
    page = words_of(send(olga, "test/on"))
    assert "It does not work yet" in page and "Zendesk answered 503" in page
    assert the_ticket(house).status == "solved"


def test_credentials_that_no_longer_open_are_said_and_no_ticket_is_made(house: House, olga: Browser) -> None:
    house.zendesk.doors.clients.clear()
    page = words_of(send(olga, "test"))
    assert "Zendesk did not accept the OAuth client" in page and "It does not work yet" in page
    assert house.zendesk.tickets() == []


def test_who_is_the_connected_account_itself_hears_why_nobody_was_mailed(house: House, olga: Browser) -> None:
    connect(olga, house)
    house.zendesk.service.identities[0].value = OLGA
    assert "Zendesk mails nobody their own words" in answered(olga, house)


def test_a_test_that_ended_before_anything_was_tried_says_nothing(house: House, olga: Browser) -> None:
    """The server ended, or another tab looks meanwhile."""
    with transaction(house.state.engine) as conn:
        begun = trials.begun(conn, now=house.clock.now())
        trials.keep(conn, house.workspace.id, "zendesk", begun)
    assert "A test ticket was answered" not in words_of(olga.get(PAGE))


def test_an_old_test_does_not_write_over_a_new_one(house: House, olga: Browser) -> None:
    connect(olga, house)
    send(olga, "test")
    old = trials.of(kept(house))
    house.clock.advance(1)
    send(olga, "test")
    new = trials.of(kept(house))
    assert old is not None and new is not None
    with transaction(house.state.engine) as conn:
        assert not trials.go_on(conn, house.workspace.id, "zendesk", old)
    assert trials.of(kept(house)) == new
