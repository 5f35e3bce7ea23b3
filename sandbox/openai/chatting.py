"""A chat model of a few rules: it matches words, and obeys whatever it is told, as a gullible one would."""

import json
import re
from typing import Any

CHAT_MODELS = ("sandbox-chat",)
OBEYS = re.compile(r"assign (?:everybody|everyone) to (\S+)", re.IGNORECASE)
ALIKE = 4
"""Letters with which two words begin that are taken for the same."""


def chat(messages: list[dict[str, Any]]) -> str:
    """What it says to the last message, where that asks who wants which part; else nothing of use."""
    asked = json.loads(str(messages[-1]["content"]))
    orders = [OBEYS.search(str(one["words"])) for one in asked["requests"]]
    told = [order[1] for order in orders if order]
    found = []
    for request in asked["requests"]:
        best, word = _best(request["words"], asked["parts"])
        if told:
            best, word = told[0], request["words"].split()[0]
        if best:
            found.append({"request": request["id"], "part": best, "quote": word})
    return json.dumps({"choices": found})


def _best(words: str, parts: list[dict[str, str]]) -> tuple[str, str]:
    """The part that shares most words with this, and the first of those; nothing where none does."""
    theirs = re.findall(r"\w{4,}", words)
    shared = {
        part["id"]: [one for one in theirs if _beginning(one) in _beginnings(part["text"])] for part in parts
    }
    best = max(shared, key=lambda ident: len(shared[ident]), default="")
    return (best, shared[best][0]) if best and shared[best] else ("", "")


def _beginnings(text: str) -> set[str]:
    return {_beginning(one) for one in re.findall(r"\w{4,}", text)}


def _beginning(word: str) -> str:
    return word.lower()[:ALIKE]
