"""Outgoing webhooks arrive, are tried again by the vendor's rule, and can be lost, doubled and reordered."""

import random
from collections.abc import Iterator

import pytest
from flask import Flask, request

from sandbox.hooks import Hooks
from sandbox.server import Server


class Receiver:
    """Keeps what it hears; answers the statuses it was given, then 202."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.answers: list[int] = []
        app = Flask("receiver")
        app.add_url_rule("/in", view_func=self.hear, methods=["POST"])
        self.server = Server(app)

    def hear(self) -> tuple[str, int]:
        self.heard.append(request.get_data())
        return "", self.answers.pop(0) if self.answers else 202


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    with receiver.server:
        yield receiver


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    hooks = Hooks(time_scale=0.001)
    yield hooks
    hooks.close()


def test_calls_arrive_in_order_with_their_headers(receiver: Receiver, hooks: Hooks) -> None:
    for n in range(3):
        hooks.send(receiver.server.url + "/in", b"%d" % n, {"X-N": str(n)})
    assert hooks.settled(5)
    assert receiver.heard == [b"0", b"1", b"2"]
    assert [(a.status, a.headers["X-N"]) for a in hooks.attempts] == [(202, "0"), (202, "1"), (202, "2")]


def test_a_failed_call_is_tried_again_as_long_as_the_rule_says(receiver: Receiver, hooks: Hooks) -> None:
    receiver.answers = [500, 503, 400]
    hooks.send(
        receiver.server.url + "/in", b"a", {}, retry_on=lambda s: 10 if s is None or s >= 500 else None
    )
    assert hooks.settled(5)
    assert [a.status for a in hooks.attempts] == [500, 503, 400]


def test_no_answer_is_told_to_the_rule_as_none(receiver: Receiver, hooks: Hooks) -> None:
    url = receiver.server.url + "/in"
    receiver.server.stop()
    waits = iter([1.0, None])
    hooks.send(url, b"a", {}, retry_on=lambda status: next(waits) if status is None else None)
    assert hooks.settled(5)
    assert [a.status for a in hooks.attempts] == [None, None]


def test_calls_can_be_lost_and_doubled(receiver: Receiver, hooks: Hooks) -> None:
    hooks.lose = lambda body: body == b"lost"
    hooks.repeat = 2
    for body in (b"lost", b"kept"):
        hooks.send(receiver.server.url + "/in", body, {})
    assert hooks.settled(5)
    assert receiver.heard == [b"kept", b"kept"]


def test_held_calls_are_let_go_in_another_order(receiver: Receiver, hooks: Hooks) -> None:
    hooks.hold()
    for n in range(6):
        hooks.send(receiver.server.url + "/in", b"%d" % n, {})
    assert hooks.settled(1) and receiver.heard == []
    hooks.release(shuffle=random.Random(1))
    assert hooks.settled(5)
    assert sorted(receiver.heard) == [b"%d" % n for n in range(6)] != receiver.heard
