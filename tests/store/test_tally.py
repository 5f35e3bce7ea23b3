"""Counts of several processes, added up in the database."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from store import tally
from store.database import open_database, reading


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    """What other tests of this process counted is not ours."""
    tally._counted.clear()
    yield
    tally._counted.clear()


def read(engine: Engine, name: str = "calls") -> list[tuple[dict[str, str], float]]:
    with reading(engine) as conn:
        return [(dict(labels), number) for labels, number in tally.read(conn, name)]


def test_what_is_counted_adds_up_by_its_labels(database: Engine) -> None:
    for outcome, number in (("ok", 2), ("silent", 1), ("ok", 0.5)):
        tally.count("calls", number, outcome=outcome, system="jira")
    tally.write(database)
    tally.count("calls", outcome="ok", system="jira")
    tally.write(database)
    tally.write(database)
    assert read(database) == [
        ({"outcome": "ok", "system": "jira"}, 3.5),
        ({"outcome": "silent", "system": "jira"}, 1),
    ]


def test_what_cannot_be_written_now_is_written_later(database: Engine, empty_url: str) -> None:
    nowhere = open_database(empty_url)
    tally.count("calls", system="jira")
    with pytest.raises(Exception, match="tallies"):
        tally.write(nowhere)
    nowhere.dispose()
    tally.count("calls", system="jira")
    tally.write(database)
    assert read(database) == [({"system": "jira"}, 2)]


def test_nothing_is_lost_or_doubled_among_threads_that_count_and_write(database: Engine) -> None:
    def busy() -> None:
        for n in range(100):
            tally.count("calls", system="jira")
            if n % 20 == 0:
                tally.write(database)

    threads = [threading.Thread(target=busy) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    tally.write(database)
    assert read(database) == [({"system": "jira"}, 400)]
