"""What others call text is kept, whatever is in it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from connectors.keepable import keepable

ANYTHING = st.text(st.characters(exclude_categories=()))


@given(ANYTHING, st.booleans())
def test_what_is_read_can_be_written_and_only_what_cannot_is_changed(text: str, escaped: bool) -> None:
    said = json.dumps({"text": text}, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    read = json.loads(keepable(said))["text"]
    read.encode()
    assert "\x00" not in read
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if whole == text and "\x00" not in text:
        assert read == text
