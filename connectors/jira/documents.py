"""Plain text to Atlassian's document format, and back."""

from typing import Any

BREAKS = frozenset({"paragraph", "heading", "listItem", "blockquote", "codeBlock", "tableRow", "rule"})
NAMED = {"mention": "text", "emoji": "shortName", "inlineCard": "url", "status": "text", "date": "timestamp"}
"""Nodes whose words are an attribute."""
DEEPEST = 100


def document(text: str) -> dict[str, Any]:
    """A paragraph for each blank-line-separated block; a line break within one stays a line break.

    A block whose every line begins with "> " is a quotation.
    """
    blocks = [block.strip("\n") for block in text.replace("\r\n", "\n").split("\n\n")]
    return {"type": "doc", "version": 1, "content": [_block(block) for block in blocks if block.strip()]}


def quoted(text: str) -> str:
    """These words as `document` wants a quotation: one block, however many blank lines are in them."""
    return "\n".join(f"> {line}" for line in text.replace("\r\n", "\n").strip("\n").split("\n"))


def _block(block: str) -> dict[str, Any]:
    lines = block.split("\n")
    if not all(line == ">" or line.startswith("> ") for line in lines):
        return _paragraph(block)
    return {"type": "blockquote", "content": [_paragraph("\n".join(line[2:] for line in lines))]}


def _paragraph(block: str) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    for line in block.split("\n"):
        if content:
            content.append({"type": "hardBreak"})
        if line:  # the schema refuses an empty text node
            content.append({"type": "text", "text": line})
    return {"type": "paragraph", "content": content}


def text_of(node: Any) -> str:
    """The words of a document. Plain text, as version 2 of the API gives it, stays as it is."""
    if isinstance(node, str):
        return node
    lines: list[str] = [""]
    _collect(node, lines, depth=0)
    return "\n".join(line.rstrip() for line in lines if line.strip())


def _collect(node: Any, lines: list[str], *, depth: int) -> None:
    """Put the words under `node` into `lines`; what is no node, or too deep to be one, says nothing."""
    if not isinstance(node, dict) or depth > DEEPEST:
        return
    kind = node.get("type")
    if kind in BREAKS or kind == "hardBreak":
        lines.append("")
    attributes = node.get("attrs")
    if kind == "text":
        lines[-1] += str(node.get("text", ""))
    elif kind in NAMED and isinstance(attributes, dict):
        lines[-1] += str(attributes.get(NAMED[kind], ""))
    content = node.get("content")
    for child in content if isinstance(content, list) else []:
        _collect(child, lines, depth=depth + 1)
