"""How far a large sending is, in one line for a page or a terminal."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lineage.questions import Progress


def progress_in_words(progress: "Progress") -> str:
    """`412 of 10,000 sent · 60 a minute · done about 14:20 UTC · 3 blocked`; empty where nothing goes out."""
    if not progress.under_way:
        return ""
    parts = [f"{progress.sent:,} of {progress.total:,} sent", f"{progress.per_minute:,.0f} a minute"]
    if progress.expected_at is not None:
        parts.append(f"done about {progress.expected_at:%d %B %H:%M} UTC")
    if progress.planning:
        parts.append(f"{progress.planning:,} more persons are being planned for")
    if progress.blocked:
        parts.append(f"{progress.blocked:,} blocked")
    return " · ".join(parts)
