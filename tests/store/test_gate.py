import threading
import time

import pytest

from store.gate import Busy, Gate


def test_writers_get_in_in_the_order_in_which_they_came() -> None:
    gate, order, threads = Gate(10), [], []

    def enter(number: int) -> None:
        with gate:
            order.append(number)

    with gate:
        for number in range(20):
            threads.append(threading.Thread(target=enter, args=(number,)))
            threads[-1].start()
            while len(gate._queue) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join(10)
    assert order == list(range(20))


def test_who_waited_too_long_is_told_to_try_again_and_blocks_nobody() -> None:
    gate, answers = Gate(0.02), []

    def enter() -> None:
        try:
            with gate:
                answers.append("in")
        except Busy as busy:
            answers.append(str(busy))

    with gate:
        late = threading.Thread(target=enter)
        late.start()
        late.join(10)
    with gate:
        answers.append("free")
    assert answers[0].startswith("The database let nobody write for 0.02 s")
    assert answers[1:] == ["free"]


def test_a_thread_that_is_inside_cannot_lock_itself_out() -> None:
    gate = Gate(10)
    with gate, pytest.raises(RuntimeError, match="writing already"), gate:
        pass
    with gate:
        pass
