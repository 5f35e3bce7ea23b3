"""How long another system asks us to wait, read from each header that says so."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connectors import waits

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER, BEFORE = NOW + timedelta(seconds=90), NOW - timedelta(hours=1)


@pytest.mark.parametrize(
    ("name", "value", "seconds"),
    [
        ("Retry-After", "12", 12.0),
        ("retry-after", " 12 ", 12.0),
        ("Retry-After", format_datetime(LATER, usegmt=True), 90.0),
        ("Retry-After", format_datetime(BEFORE, usegmt=True), None),
        ("Retry-After", "Fri, 31 Dec 99999 23:59:59 GMT", None),
        ("Retry-After", "0", None),
        ("Retry-After", "-5", None),
        ("Retry-After", "soon", None),
        ("Retry-After", "\u00b2", None),
        ("Retry-After", "9" * 400, 86_400.0),
        ("retry-after-ms", "1500", 1.5),
        ("X-RateLimit-Reset", "2026-03-02T09:31:30Z", 90.0),
        ("X-RateLimit-Reset", "2026-03-02T09:31Z", 60.0),
        ("X-RateLimit-Reset", "later", None),
        ("Other", "1", None),
    ],
)
def test_each_header_that_says_so_is_believed_within_reason(
    name: str, value: str, seconds: float | None
) -> None:
    found = waits.asked_for({name: value}, now=NOW)
    assert (found and found.seconds) == seconds


def test_a_moment_is_meant_by_the_clock_of_whoever_named_it() -> None:
    told = {"Retry-After": format_datetime(LATER, usegmt=True), "Date": format_datetime(NOW, usegmt=True)}
    found = waits.asked_for(told, now=NOW + timedelta(hours=3))
    assert found is not None and found.seconds == 90.0


def test_a_wait_that_is_cut_says_so() -> None:
    assert str(waits.asked_for({"Retry-After": "30"}, now=NOW)) == ""
    cut = waits.asked_for({"Retry-After": "99999999"}, now=NOW, longest_s=3600)
    assert str(cut) == " It asks for a wait of 99999999 s, which we cut to 3600 s."
