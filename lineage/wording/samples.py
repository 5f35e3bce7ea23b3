"""Made-up messages of each kind, one for each thing that can be said, to try an operator's template on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from lineage.standing import progress
from lineage.terms import FINAL, Kind, State
from lineage.wording.message import Line, Message, Retraction, Section

ASKED, TOLD = datetime(2026, 3, 14, 9, tzinfo=UTC), datetime(2026, 5, 2, 16, tzinfo=UTC)
OPEN, STARTED, OUT, NO = State.OPEN, State.STARTED, State.DELIVERED, State.DECLINED
PAGE = f"https://ask.example/r/{'s' * 48}"
PDF, CRON, DARK = "Export a single report to PDF", "Scheduled exports", "Dark mode"


def samples(kind: Kind) -> Mapping[str, Message]:
    """By a short name of the case."""
    found: dict[str, Message] = {}
    for case, sections in _sections(kind).items():
        found[case] = _letter(kind, sections)
    first = next(iter(found.values()))
    found["the answer to a closed ticket"] = replace(first, followup_subject="Export for the auditors?")
    found["an entry in the forum"] = replace(first, public=True)
    found["somebody without a name, and no page"] = replace(first, name="", follow_url=None)
    if kind is not Kind.LINKED:
        taken_back = (Retraction(DARK, OUT, TOLD),)
        found["news and a correction at once"] = replace(first, retractions=taken_back)
    return found


def _sections(kind: Kind) -> Mapping[str, tuple[Section, ...]]:
    match kind:
        case Kind.LINKED:
            return {"one thing": (_section((PDF, OPEN, True)),)}
        case Kind.STARTED:
            return {
                "one thing": (_section((PDF, STARTED, True)),),
                "the next part": (_section((PDF, OUT, False), (CRON, STARTED, True)),),
            }
        case Kind.PART_DELIVERED:
            part = _section((PDF, OUT, True), (CRON, STARTED, False))
            return {
                "1 of 2 parts": (part,),
                "two things, one done": (part, _section((DARK, OUT, True))),
            }
        case Kind.DELIVERED:
            return {
                "all at once": (_section((PDF, OUT, True)),),
                "the last part, by vote": (
                    replace(_section((PDF, OUT, False), (CRON, OUT, True)), asked_how="vote"),
                ),
                "delivered in part": (_section((PDF, OUT, True), (CRON, NO, False)),),
                "nothing new, but the last word": (_section((PDF, OUT, False)),),
            }
        case Kind.DECLINED:
            return {
                "one thing": (_section((PDF, NO, True)),),
                "one part of two": (_section((PDF, OUT, False), (CRON, NO, True)),),
            }
        case Kind.CORRECTION:
            return {"what was told is not true": ()}


def _section(*lines: tuple[str, State, bool]) -> Section:
    so_far = progress([state for _title, state, _fresh in lines])
    about = "Export to PDF" if len(lines) > 1 else ""
    return Section(
        ASKED, "ticket", tuple(Line(*line) for line in lines), so_far.delivered, so_far.parts,
        so_far.standing, so_far.standing in FINAL, about,
    )  # fmt: skip


def _letter(kind: Kind, sections: tuple[Section, ...]) -> Message:
    taken_back = (Retraction(PDF, OUT, TOLD),) if kind is Kind.CORRECTION else ()
    return Message(kind, "en", "Ana Silva", sections, taken_back, PAGE, sender="Reportly")
