"""Faults do to a real connection what their names say, and apply the request or not as they say."""

from collections.abc import Iterator

import pytest
import requests
from flask import Flask

from sandbox.clock import Clock
from sandbox.faults import Fault, Faults, install
from sandbox.server import Server


class Counter:
    """A vendor that counts: GET reads, POST adds one."""

    def __init__(self) -> None:
        self.count = 0
        self.app = Flask("counter")
        self.faults = Faults()
        install(self.faults, self.app)
        self.app.add_url_rule("/count", view_func=self.read)
        self.app.add_url_rule("/count", "add", self.add, methods=["POST"])
        self.server = Server(self.app)

    def read(self) -> dict[str, int]:
        return {"count": self.count}

    def add(self) -> dict[str, int]:
        self.count += 1
        return {"count": self.count}


@pytest.fixture
def counter() -> Iterator[Counter]:
    vendor = Counter()
    with vendor.server:
        yield vendor


def add(counter: Counter) -> requests.Response:
    return requests.post(counter.server.url + "/count", data=b"x" * 100, timeout=5)


def local_port(answer: requests.Response) -> int:
    """Which connection of ours an unread answer comes by."""
    connection = answer.raw._connection
    assert connection is not None and connection.sock is not None
    port = connection.sock.getsockname()[1]
    assert isinstance(port, int)
    return port


@pytest.mark.parametrize(("kind", "applied"), [("drop_before", 0), ("drop_after", 1), ("reset", 0)])
def test_a_dropped_request_gets_no_answer(counter: Counter, kind: str, applied: int) -> None:
    counter.faults.order(Fault(kind))
    with pytest.raises(requests.ConnectionError):
        add(counter)
    assert counter.count == applied
    assert add(counter).json() == {"count": applied + 1}


@pytest.mark.parametrize(("kind", "status", "applied"), [("status", 429, 0), ("status_after", 500, 1)])
def test_a_status_fault_says_no_before_or_after_applying(
    counter: Counter, kind: str, status: int, applied: int
) -> None:
    counter.faults.order(Fault(kind, status=status, headers={"Retry-After": "7"}))
    answer = add(counter)
    assert (answer.status_code, answer.headers["Retry-After"]) == (status, "7")
    assert answer.json()["status"] == status
    assert counter.count == applied


def test_an_html_page_garbage_and_half_an_answer_are_no_json(counter: Counter) -> None:
    for kind in ("html", "garbage", "truncated"):
        counter.faults.order(Fault(kind))
    answers = [add(counter) for _ in range(3)]
    assert [a.status_code for a in answers] == [502, 200, 200]
    for answer in answers:
        with pytest.raises(ValueError):
            answer.json()
    assert counter.count == 1


def test_a_delay_applies_and_answers_late(counter: Counter) -> None:
    counter.faults.order(Fault("delay", seconds=0.2))
    with pytest.raises(requests.Timeout):
        requests.get(counter.server.url + "/count", timeout=0.05)
    assert add(counter).json() == {"count": 1}


def test_a_fault_waits_for_its_method_its_path_and_its_turn(counter: Counter) -> None:
    counter.faults.order(Fault("status", method="POST", path=r"/count$", skip=1, times=2))
    assert requests.get(counter.server.url + "/count", timeout=5).ok
    assert [add(counter).status_code for _ in range(4)] == [200, 500, 500, 200]
    assert counter.faults.log == [("status", "POST", "/count")] * 2


def test_another_process_can_order_and_clear_faults(counter: Counter) -> None:
    orders = counter.server.url + "/_sandbox/faults"
    assert requests.post(orders, json={"kind": "status", "status": 503}, timeout=5).status_code == 204
    assert add(counter).status_code == 503
    requests.post(orders, json={"kind": "status", "times": 9}, timeout=5)
    assert requests.delete(orders, timeout=5).status_code == 204
    assert add(counter).status_code == 200
    assert requests.post(orders, json={"kind": "earthquake"}, timeout=5).status_code == 400


def test_connections_are_kept_alive_until_the_server_stops(counter: Counter) -> None:
    with requests.Session() as session:
        first = session.get(counter.server.url + "/count", timeout=5, stream=True)
        local = local_port(first)
        first.json()
        second = session.post(counter.server.url + "/count", data=b"x", timeout=5, stream=True)
        assert local_port(second) == local
        assert "Date" in second.headers
        second.json()
        counter.server.stop()
        with pytest.raises(requests.ConnectionError):
            session.get(counter.server.url + "/count", timeout=5)
        counter.server.start()
        assert session.get(counter.server.url + "/count", timeout=5).json() == {"count": 1}


def test_the_clock_moves_when_told() -> None:
    clock = Clock()
    before = clock.now()
    clock.advance(3600)
    assert 3600 <= (clock.now() - before).total_seconds() < 3601
