"""What is to be said of Postgres only."""

import pytest

from store.database import open_database, reading, transaction


@pytest.fixture(scope="session")
def dbms() -> str:
    return "postgres"


def test_a_server_of_another_isolation_does_not_change_what_a_lock_is_good_for(database_url: str) -> None:
    strict = open_database(f"{database_url}&options=-c%20default_transaction_isolation%3Dserializable")
    with reading(strict) as conn:
        assert conn.exec_driver_sql("SHOW transaction_isolation").scalar() == "repeatable read"
    with transaction(strict) as conn:
        assert conn.exec_driver_sql("SHOW transaction_isolation").scalar() == "read committed"
    strict.dispose()


def test_what_is_committed_survives_though_the_server_was_told_to_be_lax(empty_url: str) -> None:
    engine = open_database(f"{empty_url}&options=-csynchronous_commit%3Doff")
    with reading(engine) as conn:
        assert conn.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
    engine.dispose()
