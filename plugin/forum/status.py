"""How far a post is, in words for the people who voted for it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from lineage.questions.views import PostStatus
from lineage.terms import Standing
from lineage.wording.catalogue import later
from plugin.translating import gettext as _
from plugin.translating import ngettext

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
    Standing.WAITING: (later("planned"), later("This is planned. Nobody has begun to build it yet."), "calm"),
    Standing.STARTED: (later("being built"), later("This is being built now."), "busy"),
    Standing.DELIVERED: (later("ready"), later("This is ready."), "good"),
    Standing.DECLINED: (later("not planned"), later("This will not be built."), "quiet"),
}


def status_of(answer: PostStatus) -> Status | None:
    """None while nobody has said what the post belongs to: it is only collecting votes."""
    done, parts = answer.delivered, answer.parts
    if answer.standing is Standing.PART_DELIVERED:
        word = _("%(delivered)s of %(parts)s parts", delivered=done, parts=parts)
        said = ngettext(
            "Ready so far: %(delivered)s of %(parts)s parts. The rest is still to come.",
            "Ready so far: %(delivered)s of %(parts)s parts. The rest is still to come.",
            done, delivered=done, parts=parts,
        )  # fmt: skip
        return Status(word, said, "busy", done, parts)
    if answer.standing is Standing.DELIVERED_IN_PART:
        said = ngettext(
            "Ready: %(delivered)s of %(parts)s parts. The rest will not be built.",
            "Ready: %(delivered)s of %(parts)s parts. The rest will not be built.",
            done, delivered=done, parts=parts,
        )  # fmt: skip
        return Status(_("ready in part"), said, "good", done, parts)
    if answer.standing is None or answer.standing not in WORDS:
        return None
    short, sentence, tone = WORDS[answer.standing]
    return Status(_(short), _(sentence), tone, done, parts)
