"""The proof of an admin webhook, on its raw bytes."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.jira.signature import too_old, verify

SECRET = "It's a Secret to Everybody"
BODY = b"Hello World!"
HEADER = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"


def test_atlassians_own_example_holds() -> None:
    assert verify(secrets=[SECRET], body=BODY, header=HEADER)


def test_while_a_secret_is_changed_either_holds() -> None:
    assert verify(secrets=["new", SECRET], body=BODY, header=HEADER)
    assert verify(secrets=[SECRET, "new"], body=BODY, header=HEADER)


@pytest.mark.parametrize(
    ("secrets", "body", "header"),
    [
        ([SECRET], BODY + b" ", HEADER),
        ([SECRET], BODY, HEADER.upper()),
        ([SECRET], BODY, HEADER[:-1]),
        ([SECRET], BODY, HEADER.removeprefix("sha256=")),
        ([SECRET], BODY, "sha1=" + HEADER.removeprefix("sha256=")),
        ([SECRET], BODY, ""),
        ([SECRET], BODY, None),
        ([SECRET], BODY, "sha256=ü"),
        (["other"], BODY, HEADER),
        ([], BODY, HEADER),
        ([""], b"", "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ],
)
def test_nothing_else_holds(secrets: list[str], body: bytes, header: str | None) -> None:
    assert not verify(secrets=secrets, body=body, header=header)


def test_a_body_is_too_old_after_a_day() -> None:
    now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    age_ms = {hours: int((now - timedelta(hours=hours)).timestamp() * 1000) for hours in (0, 23, 25)}
    assert not too_old(age_ms[0], now)
    assert not too_old(age_ms[23], now)
    assert too_old(age_ms[25], now)
    assert too_old(None, now)
