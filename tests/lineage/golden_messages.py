"""One message for each thing that can be said. The words it must give are in `words/<language>.txt`."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from lineage.terms import FINAL, Kind, Standing, State
from lineage.wording import Line, Message, Retraction, Section

ASKED, TOLD = datetime(2026, 3, 14, 9, tzinfo=UTC), datetime(2026, 5, 2, 16, tzinfo=UTC)
OPEN, STARTED, OUT, NO = State.OPEN, State.STARTED, State.DELIVERED, State.DECLINED
WHAT = "Export to PDF"
PDF, CRON, MAIL = "Export a single report to PDF", "Scheduled exports", "Exports by e-mail"
FOLLOW_URL = "https://ask.example/r/k7Qd"


def section(
    standing: Standing, *lines: tuple[str, State, bool], vote: bool = False, about: str | None = None
) -> Section:
    """Of several lines or of one; what was asked for is named where a single line does not say it."""
    told = tuple(Line(*line) for line in lines)
    out = sum(line.state is OUT for line in told)
    named = about if about is not None else WHAT if len(lines) > 1 else ""
    how: Literal["ticket", "vote"] = "vote" if vote else "ticket"
    return Section(ASKED, how, told, out, len(told), standing, standing in FINAL, named)


def letter(
    kind: Kind,
    *sections: Section,
    retractions: tuple[Retraction, ...] = (),
    public: bool = False,
    subject: str | None = None,
    follow_url: str | None = None,
) -> Message:
    return Message(kind, "en", "Ana Silva", sections, retractions, follow_url, subject, public, "Reportly")


WHOLE = section(Standing.DELIVERED, (PDF, OUT, True))
PART = section(Standing.PART_DELIVERED, (PDF, OUT, True), (CRON, STARTED, False))
LAST = section(Standing.DELIVERED, (PDF, OUT, False), (CRON, OUT, True))
IN_PART = section(Standing.DELIVERED_IN_PART, (PDF, OUT, True), (CRON, NO, False))

MESSAGES = {
    "linked": letter(Kind.LINKED, section(Standing.WAITING, (PDF, OPEN, True)), follow_url=FOLLOW_URL),
    "started": letter(Kind.STARTED, section(Standing.STARTED, (PDF, STARTED, True))),
    "the next part is started": letter(
        Kind.STARTED, section(Standing.PART_DELIVERED, (PDF, OUT, False), (CRON, STARTED, True))
    ),
    "1 of 2 parts": letter(Kind.PART_DELIVERED, PART, follow_url=FOLLOW_URL),
    "2 of 4 parts": letter(
        Kind.PART_DELIVERED,
        section(
            Standing.PART_DELIVERED,
            (PDF, OUT, False),
            (CRON, OUT, True),
            (MAIL, OPEN, False),
            ("Exports as CSV", NO, False),
        ),
    ),
    "parts of something untitled": letter(
        Kind.PART_DELIVERED,
        section(Standing.PART_DELIVERED, (PDF, OUT, True), (CRON, OPEN, False), about=""),
    ),
    "under another title": letter(
        Kind.DELIVERED, section(Standing.DELIVERED, (PDF, OUT, True), about="Print into a PDF")
    ),
    "all at once": letter(Kind.DELIVERED, WHOLE),
    "a vote": letter(Kind.DELIVERED, section(Standing.DELIVERED, (PDF, OUT, True), vote=True)),
    "a vote, 2 of 3 parts": letter(
        Kind.PART_DELIVERED,
        section(
            Standing.PART_DELIVERED, (PDF, OUT, True), (CRON, OUT, True), (MAIL, STARTED, False), vote=True
        ),
    ),
    "the last part": letter(Kind.DELIVERED, LAST),
    "the last two parts": letter(
        Kind.DELIVERED, section(Standing.DELIVERED, (PDF, OUT, False), (CRON, OUT, True), (MAIL, OUT, True))
    ),
    "the last word, nothing new": letter(Kind.DELIVERED, section(Standing.DELIVERED, (PDF, OUT, False))),
    "delivered in part": letter(Kind.DELIVERED, IN_PART),
    "delivered in part, 2 of 3": letter(
        Kind.DELIVERED,
        section(Standing.DELIVERED_IN_PART, (PDF, OUT, False), (CRON, OUT, True), (MAIL, NO, False)),
    ),
    "the rest is declined": letter(
        Kind.DECLINED, section(Standing.DELIVERED_IN_PART, (PDF, OUT, False), (CRON, NO, True))
    ),
    "declined": letter(Kind.DECLINED, section(Standing.DECLINED, (PDF, NO, True))),
    "one part is declined": letter(
        Kind.DECLINED, section(Standing.STARTED, (PDF, NO, True), (CRON, STARTED, False))
    ),
    "correction": letter(Kind.CORRECTION, retractions=(Retraction(PDF, OUT, TOLD),), follow_url=FOLLOW_URL),
    "corrections of all kinds": letter(
        Kind.CORRECTION,
        retractions=(Retraction(PDF, OUT, TOLD), Retraction(CRON, NO, TOLD), Retraction(MAIL, STARTED, TOLD)),
    ),
    "no is a yes again": letter(Kind.CORRECTION, retractions=(Retraction(CRON, NO, TOLD),)),
    "correction and the truth": letter(
        Kind.CORRECTION,
        section(Standing.DECLINED, (PDF, NO, True)),
        retractions=(Retraction(PDF, OUT, TOLD),),
    ),
    "follow-up on a closed ticket": letter(Kind.DELIVERED, WHOLE, subject="Export for the auditors?"),
    "two things, one done": letter(
        Kind.PART_DELIVERED, PART, section(Standing.DELIVERED, ("Dark mode", OUT, True))
    ),
    "two things, each with its page": letter(
        Kind.PART_DELIVERED,
        replace(PART, follow_url=FOLLOW_URL),
        replace(section(Standing.DELIVERED, ("Dark mode", OUT, True)), follow_url=f"{FOLLOW_URL}2"),
    ),
    "two things, both done": letter(
        Kind.DELIVERED, LAST, section(Standing.DELIVERED, ("Dark mode", OUT, True), vote=True)
    ),
    "forum, 1 of 2 parts": letter(Kind.PART_DELIVERED, PART, public=True, follow_url=FOLLOW_URL),
    "forum, the last part": letter(Kind.DELIVERED, LAST, public=True),
    "forum, declined": letter(Kind.DECLINED, section(Standing.DECLINED, (PDF, NO, True)), public=True),
    "forum, correction": letter(Kind.CORRECTION, retractions=(Retraction(PDF, OUT, TOLD),), public=True),
}


def words(language: str) -> dict[str, str]:
    """The golden texts of one language by the name of their message."""
    text = (Path(__file__).parent / "words" / f"{language}.txt").read_text(encoding="utf-8")
    found = (chunk.partition(" ==\n") for chunk in text.split("== ")[1:])
    return {name: said.strip() for name, _, said in found}
