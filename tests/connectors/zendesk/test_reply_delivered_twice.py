"""A request that the network delivers twice: what is heard may be the answer to the second, a refusal."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connectors.errors import NotFound, Refused, Unauthorized
from connectors.outcomes import Blocked, GivenUp, NotYet, Said
from sandbox.faults import Fault
from sandbox.zendesk import Zendesk
from tests.connectors.zendesk.reply_desk import Desk, WithMeanwhile


class Twice:
    """The real client, before a proxy that sends a PUT again when it lost the first answer."""

    def __init__(
        self, desk: Desk, refusal: Refused | None = None, *, between: Callable[[], None] = lambda: None
    ) -> None:
        self._client, self._refusal, self._between = desk.client, refusal, between

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def put_ticket(self, ident: str, body: Any) -> Any:
        self._client.put_ticket(ident, body)
        self._between()
        if self._refusal:
            raise self._refusal
        return self._client.put_ticket(ident, body)


@pytest.fixture
def desk() -> Iterator[Desk]:
    it = Desk()
    yield it
    it.close()


def notes(zendesk: Zendesk, desk: Desk) -> list[Any]:
    return [one for one in zendesk.comments(desk.ticket) if not one["public"]]


def test_our_own_first_copy_may_be_what_the_second_collides_with(desk: Desk) -> None:
    assert isinstance(desk.say(Twice(desk)), NotYet)
    assert desk.kept["sent_at"], "it may have arrived: nothing may be given up before it was read back"
    desk.still_owed = False
    desk.pass_time(10)
    assert isinstance(desk.say(), Said)
    assert desk.told == 1


def test_what_collided_with_somebody_else_is_written_again_at_once(desk: Desk) -> None:
    """The stamp has moved: nothing that carries the old one can arrive any more, so nothing has to rest."""
    collides = WithMeanwhile(
        desk.client, "put_ticket", lambda: desk.zendesk.reply_as(desk.ana, desk.ticket, "?")
    )
    assert isinstance(desk.say(collides), NotYet)
    desk.pass_time(5)
    assert isinstance(desk.say(), Said)
    assert desk.told == 1


def test_what_collided_is_given_up_without_a_note(desk: Desk) -> None:
    collides = WithMeanwhile(
        desk.client, "put_ticket", lambda: desk.zendesk.reply_as(desk.ana, desk.ticket, "?")
    )
    desk.say(collides)
    desk.still_owed = False
    desk.pass_time(5)
    assert isinstance(desk.say(), GivenUp)
    assert not notes(desk.zendesk, desk)
    assert desk.kept["sent_at"] is None


def test_a_refusal_is_believed_only_after_the_ticket_was_read(desk: Desk) -> None:
    assert isinstance(desk.say(Twice(desk, Refused("no", status=422))), Said)
    assert desk.told == 1


@pytest.mark.parametrize("refusal", [NotFound("gone", status=404), Unauthorized("not yours", status=403)])
def test_what_went_before_the_second_copy_was_refused_is_in_doubt_and_found_once_it_shows_again(
    desk: Desk, refusal: Refused
) -> None:
    """It was taken, the ticket went, and the second copy finds none: nobody says it again elsewhere."""
    outcome = desk.say(Twice(desk, refusal, between=lambda: desk.zendesk.delete(desk.ticket)))
    assert isinstance(outcome, Blocked)
    assert "whether this arrived" in outcome.reason
    assert desk.kept["sent_at"]
    desk.zendesk.restore(desk.ticket)
    desk.pass_time(10)
    assert isinstance(desk.say(), Said)
    assert desk.told == 1


def test_a_refusal_on_a_ticket_that_can_be_read_is_believed_whatever_it_is(desk: Desk) -> None:
    desk.zendesk.faults.order(Fault("status", method="PUT", path=r"/api/v2/tickets/", status=403))
    assert isinstance(desk.say(), Blocked)
    assert desk.kept["sent_at"] is None, "it did not arrive, and nothing is in flight"


def test_a_refusal_that_cannot_be_checked_leaves_it_in_doubt(desk: Desk) -> None:
    desk.zendesk.knobs.audit_lag_s = 10_000
    desk.pass_time(10_000)
    assert isinstance(desk.say(Twice(desk, Refused("no", status=422))), NotYet)
    assert desk.kept["sent_at"]
    desk.zendesk.knobs.audit_lag_s = 0
    assert isinstance(desk.say(), Said)
    assert not isinstance(desk.say(), Blocked)
