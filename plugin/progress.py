"""How far a large sending is, in one line for a page or a terminal."""

from typing import TYPE_CHECKING

from plugin.formats import moment, thousands
from plugin.translating import gettext as _

if TYPE_CHECKING:
    from lineage.questions import Progress


def progress_in_words(progress: "Progress") -> str:
    """`412 of 10,000 sent · 60 a minute · done about 14:20 UTC · 3 blocked`; empty where nothing goes out."""
    if not progress.under_way:
        return ""
    sent, total = thousands(progress.sent), thousands(progress.total)
    parts = [
        _("%(sent)s of %(total)s sent", sent=sent, total=total),
        _("%(number)s a minute", number=thousands(round(progress.per_minute))),
    ]
    if progress.expected_at is not None:
        parts.append(_("done about %(time)s", time=moment(progress.expected_at)))
    if progress.planning:
        parts.append(_("%(number)s more persons are being planned for", number=thousands(progress.planning)))
    if progress.blocked:
        parts.append(_("%(number)s blocked", number=thousands(progress.blocked)))
    return " · ".join(parts)
