"""Text to Atlassian's document format and back, as far as a plain description goes."""

from typing import Any


def document(text: str) -> dict[str, Any]:
    """One paragraph per line."""
    lines = [line for line in text.splitlines() if line.strip()]
    return {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in lines],
    }


def text_of(node: Any) -> str:
    """The words of a document; text that is already plain stays as it is."""
    if isinstance(node, str) or node is None:
        return node or ""
    if "text" in node:
        return str(node["text"])
    if node.get("type") == "hardBreak":
        return "\n"
    joint = "\n" if node.get("type") == "doc" else ""
    return joint.join(text_of(part) for part in node.get("content", []))


def is_document(value: Any) -> bool:
    """Whether version 3 of the API would take this as a document."""
    return isinstance(value, dict) and value.get("type") == "doc" and isinstance(value.get("content"), list)
