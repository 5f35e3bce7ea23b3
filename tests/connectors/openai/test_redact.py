"""Nobody's data leaves the house."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.openai.redact import EMAIL, redact

CASES = [
    ("write anna@acme.example.", "write [EMAIL_1]"),
    ("<anna.b+c@acme.example>, Bert@acme.example", "<[EMAIL_1]>, [EMAIL_2]"),
    ("Anna@Acme.example or anna@acme.example", "[EMAIL_1] or [EMAIL_1]"),
    ('"a b"@acme.example', "[EMAIL_1]"),
    ("jörg@bücher.example", "[EMAIL_1]"),
    ("mailto:anna@acme.example", "mailto:[EMAIL_1]"),
    ("call +43 664 123 45 67 now", "call [PHONE_1] now"),
    ("call (030) 1234-56789", "call [PHONE_1]"),
    ("on 2026-11-23 with 20000 rows", "on 2026-11-23 with 20000 rows"),
    ("version 10.2.3, 1234 5678 rows", "version 10.2.3, 1234 5678 rows"),
    ("pay 4111 1111 1111 1111 please", "pay [CARD_1] please"),
    ("to DE89 3704 0044 0532 0130 00 please", "to [IBAN_1] please"),
    ("to gb82west12345698765432", "to [IBAN_1]"),
    ("see https://acme.example/help", "see https://acme.example/help"),
    ("see https://acme.example/login?token=abc#x ok", "see [URL_1] ok"),
    ("https://anna:pw@acme.example/", "[URL_1]"),
    ("https://acme.example/r/Zm9vYmFyYmF6cXV4MTIzNDU2", "[URL_1]"),
    ("my key is sk-proj-abcdEFGH1234ijklMNOP", "my key is [KEY_1]"),
    ("from 192.168.10.20:", "from [IP_1]:"),
    ("exports in PDF, please!", "exports in PDF, please!"),
]


@pytest.mark.parametrize(("text", "safe"), CASES)
def test_what_tells_who_somebody_is_becomes_a_placeholder(text: str, safe: str) -> None:
    assert redact(text) == safe


@given(st.text(), st.emails(), st.text())
def test_no_address_survives_whatever_stands_around_it(before: str, email: str, after: str) -> None:
    safe = redact(before + email + after)
    assert email not in safe
    assert not EMAIL.search(safe)


@given(st.lists(st.emails(), min_size=1, max_size=4))
def test_as_many_placeholders_as_addresses(emails: list[str]) -> None:
    safe = redact("\n".join(emails))
    assert safe.count("[EMAIL_") == len(emails)


@given(st.text())
def test_what_was_redacted_once_stays_as_it_is(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@pytest.mark.parametrize("unit", ["a", "a@", "1", "1 ", "+1", "https://", "A1", "a.", "-1", "(", "AB12 "])
def test_no_text_takes_long(unit: str) -> None:
    begin = time.perf_counter()
    redact(unit * (50_000 // len(unit)))
    assert time.perf_counter() - begin < 1
