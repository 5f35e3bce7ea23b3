"""Which words something that was asked for gets: decided by how it stands, not by what happened last."""

from typing import Literal

from lineage.terms import Kind, Standing, State
from lineage.wording.message import Line, Message, Section

MARKS = {State.DELIVERED: "✓", State.DECLINED: "✗"}
PENDING_MARK = "…"

Remark = Literal["", "new", "started", "declined"]
Promise = Literal["", "rest_ready", "rest_news", "news"]


def section_kind(section: Section, message_kind: Kind) -> Kind:
    """The kind whose words open this section; a message may tell of several things that stand differently."""
    if message_kind is Kind.LINKED:
        return Kind.LINKED
    fresh = {line.state for line in section.lines if line.fresh}
    if State.DELIVERED in fresh:
        return Kind.DELIVERED if section.final else Kind.PART_DELIVERED
    if State.DECLINED in fresh:
        return Kind.DECLINED
    if section.final:
        return Kind.DELIVERED if section.standing is Standing.DELIVERED else Kind.DECLINED
    return Kind.STARTED if State.STARTED in fresh else Kind.LINKED


def mark(line: Line) -> str:
    return MARKS.get(line.state, PENDING_MARK)


def remark(line: Line, section: Section) -> Remark:
    """What is said behind a title. Only started and declined are claimed: of the rest we know too little."""
    earlier = any(other.state is State.DELIVERED and not other.fresh for other in section.lines)
    if line.state is State.DELIVERED and line.fresh and earlier:
        return "new"
    if len({other.state for other in section.lines}) == 1:
        return ""
    if line.state is State.STARTED:
        return "started"
    return "declined" if line.state is State.DECLINED else ""


def everything(message: Message) -> bool:
    """Whether it may be said that this was everything: all is final, all is out, nothing is taken back."""
    return bool(message.sections) and not message.retractions and all(_complete(s) for s in message.sections)


def _complete(section: Section) -> bool:
    out = all(line.state is State.DELIVERED for line in section.lines)
    return section.final and section.standing is Standing.DELIVERED and out


def promise(section: Section) -> Promise:
    """Which promise to write again is true.

    That the rest will be ready is promised only for one part that is being worked on. Of what nobody has
    started we only promise news: it may be declined, and the decision may even have been made.
    """
    if section.final:
        return ""
    pending = [line.state for line in section.lines if line.state not in MARKS]
    if len(pending) == len(section.lines):
        return "news"
    return "rest_ready" if pending == [State.STARTED] else "rest_news"
