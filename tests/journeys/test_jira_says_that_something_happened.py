"""The second road: what engineers do in Jira reaches the customers, once, in their own words."""

from sandbox.demo.operator import SLUG
from tests.journeys.house import House


def test_what_is_done_is_told_to_who_asked_in_their_language(house: House) -> None:
    ana, jens = house.customer("Ana"), house.customer("Jens", language="de")
    key = house.issue("Internal words nobody may read")
    tickets = [house.linked(who, "Merge two cells", key) for who in (ana, jens)]
    house.engineer.done(key)
    house.quiet()
    [english], [german] = (house.replies(one) for one in tickets)
    assert english.startswith(f"Hi {ana.who.name}")
    assert "It is ready now:" in english
    assert "✓ Merge two cells" in english
    assert german.startswith(f"Hallo {jens.who.name}!")
    assert "Es ist jetzt fertig:" in german
    assert "Internal words" not in english + german
    assert [mail.to for mail in house.stage.zendesk.mails(jens.who.email)] == [jens.who.email]


def test_webhooks_that_come_twice_and_out_of_order_make_one_reply(house: House) -> None:
    ana, key, hooks = house.customer("Ana"), house.issue("Freeze a row"), house.stage.jira.hooks
    ticket = house.linked(ana, "Freeze a row", key)
    house.quiet()
    hooks.repeat = 3
    hooks.hold()
    for deed in (house.engineer.done, house.engineer.reopen, house.engineer.done):
        deed(key)
    hooks.release(house.stage.zendesk.account.rng)
    hooks.repeat = 1
    house.quiet()
    assert len(house.replies(ticket)) == 1


def test_lost_webhooks_are_healed_by_a_look(house: House) -> None:
    ana, key, hooks = house.customer("Ana"), house.issue("Sort by two columns"), house.stage.jira.hooks
    ticket = house.linked(ana, "Sort by two columns", key)
    house.quiet()
    hooks.lose = lambda body: True
    house.engineer.done(key)
    hooks.lose = lambda body: False
    house.quiet()
    assert house.replies(ticket) == []
    house.operator.run("look", SLUG, "--issue", key)
    house.quiet()
    assert len(house.replies(ticket)) == 1


def test_what_is_declined_waits_for_a_person(house: House) -> None:
    ana, key = house.customer("Ana"), house.issue("Fax reports")
    ticket = house.linked(ana, "Fax my reports", key)
    house.stage.jira.transition(key, "done", resolution="Won't Do")
    house.quiet()
    assert house.replies(ticket) == []
    waiting = [
        one for one in house.operator.notices("awaiting_approval") if one["person"]["email"] == ana.who.email
    ]
    assert [one["kind"] for one in waiting] == ["declined"]
    house.operator.approve(waiting)
    house.quiet()
    [reply] = house.replies(ticket)
    assert "We have decided not to do it:" in reply


def test_our_own_replies_come_back_as_webhooks_and_cause_nothing(house: House) -> None:
    ana, key = house.customer("Ana"), house.issue("Rename a sheet")
    ticket = house.linked(ana, "Rename a sheet", key)
    house.engineer.done(key)
    house.quiet()
    written = len(house.stage.zendesk.ledger)
    house.stage.zendesk.reply_as(house.stage.zendesk.account.users[ticket.requester_id], ticket, "Thank you!")
    house.quiet()
    assert len(house.stage.zendesk.ledger) == written
