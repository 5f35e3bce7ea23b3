"""Plain text to documents and back."""

from typing import Any

import pytest

from connectors.jira.documents import document, quoted, text_of


@pytest.mark.parametrize("text", ["", "one line", "two\nlines", "a block\n\nanother\nof two", "ü ✓ <b>"])
def test_text_survives_the_way_there_and_back(text: str) -> None:
    assert text_of(document(text)) == text.replace("\n\n", "\n")


def test_a_document_has_no_empty_text_which_jira_refuses() -> None:
    made = document("a\n\n\n\nb\n")
    assert [node["content"] for node in made["content"]] == [
        [{"type": "text", "text": "a"}],
        [{"type": "text", "text": "b"}],
    ]


def test_a_block_of_marked_lines_is_a_quotation_and_reads_as_its_words() -> None:
    made = document(f"Before\n\n{quoted('a' + chr(10) + chr(10) + 'b')}\n\n> c\nd")
    assert [node["type"] for node in made["content"]] == ["paragraph", "blockquote", "paragraph"]
    assert text_of(made) == "Before\na\nb\n> c\nd"


def test_lists_mentions_and_cards_are_read_as_words() -> None:
    def node(kind: str, *content: Any, **attributes: Any) -> dict[str, Any]:
        return {"type": kind, "content": list(content), "attrs": attributes}

    text = {"type": "text", "text": "export "}
    listed = node("bulletList", *[node("listItem", node("paragraph", text)) for _ in range(2)])
    card = node("paragraph", text, node("mention", text="@Erin"), node("inlineCard", url="https://x.example"))
    assert text_of(node("doc", listed, card)) == "export\nexport\nexport @Erinhttps://x.example"


@pytest.mark.parametrize("odd", [None, 7, [], {}, {"type": "doc", "content": 3}, {"content": [None, 1]}])
def test_what_is_no_document_has_no_words(odd: Any) -> None:
    assert text_of(odd) == ""


def test_a_document_nested_without_end_is_cut_off() -> None:
    node: dict[str, Any] = {"type": "text", "text": "deep"}
    for _ in range(5_000):
        node = {"type": "panel", "content": [node]}
    assert text_of(node) == ""


def test_plain_text_stays_as_it_is() -> None:
    assert text_of("plain *wiki* text") == "plain *wiki* text"
