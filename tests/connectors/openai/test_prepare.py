"""What is sent is plain, bounded, and shows what somebody tried to hide."""

from hypothesis import given
from hypothesis import strategies as st

from connectors.openai.prepare import INVISIBLE, MOST_CHARS, prepare


def test_hidden_characters_do_not_hide_words() -> None:
    assert prepare("i\u200bd\u00adi\u2060ot \u202eabc").text == "idiot abc"
    assert prepare("ｉｄｉｏｔ").text == "idiot"


def test_an_address_in_full_width_letters_is_one_too() -> None:
    assert prepare("anna＠acme．example").text == "[EMAIL_1]"
    assert prepare("anna\u200b@acme.example").text == "[EMAIL_1]"


def test_a_long_post_is_cut_in_the_middle_and_says_so() -> None:
    cut = prepare("head " + "x " * 9000 + "tail")
    assert not cut.whole
    assert cut.text.startswith("head ") and cut.text.endswith("tail")
    assert len(cut.text) <= MOST_CHARS
    assert prepare("x" * MOST_CHARS).whole


def test_an_address_at_the_cut_does_not_show_its_half() -> None:
    for shift in range(30):
        text = "x" * (1980 + shift) + " anna.mueller@acme.example " + "y" * 5000
        assert "anna" not in prepare(text).text


@given(st.text())
def test_nothing_invisible_is_sent(text: str) -> None:
    assert not INVISIBLE.search(prepare(text).text)
