"""How far a post is, in words for the people who voted for it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from lineage.questions.views import PostStatus
from lineage.terms import Standing

Tone: TypeAlias = Literal["calm", "busy", "good", "quiet"]


@dataclass(frozen=True, slots=True)
class Status:
    """`word` for a badge, `sentence` for the page; `delivered` of `parts` for the picture."""

    word: str
    sentence: str
    tone: Tone
    delivered: int
    parts: int


WORDS: dict[Standing, tuple[str, str, Tone]] = {
    Standing.WAITING: ("planned", "This is planned. Nobody has begun to build it yet.", "calm"),
    Standing.STARTED: ("being built", "This is being built now.", "busy"),
    Standing.PART_DELIVERED: (
        "{d} of {p} parts",
        "Ready so far: {d} of {p} parts. The rest is still to come.",
        "busy",
    ),
    Standing.DELIVERED: ("ready", "This is ready.", "good"),
    Standing.DELIVERED_IN_PART: (
        "ready in part",
        "Ready: {d} of {p} parts. The rest will not be built.",
        "good",
    ),
    Standing.DECLINED: ("not planned", "This will not be built.", "quiet"),
}


def status_of(answer: PostStatus) -> Status | None:
    """None while nobody has said what the post belongs to: it is only collecting votes."""
    if answer.standing is None or answer.standing not in WORDS:
        return None
    word, sentence, tone = WORDS[answer.standing]
    done, parts = answer.delivered, answer.parts
    return Status(word.format(d=done, p=parts), sentence.format(d=done, p=parts), tone, done, parts)
