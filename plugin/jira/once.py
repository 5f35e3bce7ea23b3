"""An issue is made once, whatever answer is lost and however often the worker begins again.

Before the call it is kept that it is about to leave. Whoever finds that and no answer lets the search catch
up, looks for the mark, and only then makes the issue anew.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from connectors.errors import Refused, Unavailable
from connectors.jira import making
from connectors.jira.making import Made, Wanted
from plugin.jira.doing import Doing
from store.crash_points import reached


def made_once(doing: Doing, part: Mapping[str, Any], wanted: Callable[[], Wanted]) -> None:
    """Make the issue that the plan calls `n` and that bears `mark`, and keep it under `made.parts`.

    Raises TryLater, GiveUp and Superseded.
    """
    kept = doing.made.setdefault("parts", {})
    made = _found_again(doing, part, kept.get(part["n"], {})) or _make(doing, part, wanted())
    kept[part["n"]] = {"item": made.item, "key": made.key, "ours": True}
    doing.keep()
    reached("part.kept")


def _found_again(doing: Doing, part: Mapping[str, Any], known: Mapping[str, Any]) -> Made | None:
    """What became of a call of which nobody knows whether it arrived. The search is late: it rests first.

    An older row is looked for, too: it may have come back from a backup, and have been done since.
    """
    asked_at: datetime = doing.claimed.row["at"]
    settle_s = doing.app.settings.settle_s
    if not known.get("since") and (doing.now - asked_at).total_seconds() < settle_s:
        return None
    rested_s = (
        doing.now - datetime.fromisoformat(known.get("since") or asked_at.isoformat())
    ).total_seconds()
    if rested_s < settle_s:
        raise Unavailable(
            "Jira: nobody knows yet whether the issue was made. It is looked for before it is made anew.",
            after_s=settle_s - rested_s,
        )
    found = making.made_before(doing.jira, doing.plan["project"], part["mark"], since=asked_at, now=doing.now)
    reached("part.looked")
    return found


def _make(doing: Doing, part: Mapping[str, Any], wanted: Wanted) -> Made:
    doing.made["parts"][part["n"]] = {"since": doing.now.isoformat()}
    doing.keep()
    reached("part.begun")
    try:
        made = making.make(doing.jira, wanted)
    except Unavailable as trouble:
        if trouble.sent:
            trouble.after_s = max(trouble.after_s or 0, doing.app.settings.settle_s)
        else:
            _not_made(doing, part)
        raise
    except Refused:
        _not_made(doing, part)
        raise
    reached("part.answered")
    return made


def _not_made(doing: Doing, part: Mapping[str, Any]) -> None:
    """It surely is not there: the next try may make it at once."""
    doing.made["parts"][part["n"]] = {}
    doing.keep()
    reached("part.not_made")
