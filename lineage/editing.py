"""Words that a person wrote into one message in place of ours.

They hold for exactly one draft of ours: as soon as other words, or another recipient, are due, the draft
waits for a person again. What a person wrote goes out only when somebody approved exactly that.
"""

import hashlib
import html
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from lineage import history
from lineage.errors import LineageError, Unknown
from lineage.outcomes import notices
from lineage.votes import PUBLIC
from lineage.wording.markup import FOLLOW_LINK, as_html, as_text, unplaced, visible
from store import workspaces
from store.rows import find_row, update_rows
from store.workspaces import Workspace

LONGEST = 10_000
"""Characters of one message."""
EDITABLE = frozenset({"held", "awaiting_approval", "queued"})
REASON = "edited: waits for a person's approval"
FELL = "other words are due since somebody edited it: waits for a person's approval"
NOT_EDITED: Mapping[str, Any] = {"edited_by": None, "drafted_digest": None, "drafted_text": None}


def edit(
    conn: Connection, workspace: Workspace, notice: int, *, digest: str, words: str, by: str, now: datetime
) -> None:
    """Put these words in place of those of `digest`; ours again where they are the same. It then waits for a
    person's approval.

    Raises LineageError where it says something else by now, cannot be edited any more, or says nothing.
    """
    workspaces.hold(conn, workspace.id)
    row = find_row(conn, notices, workspace_id=workspace.id, id=notice)
    if row is None or row.lane == "note":
        raise Unknown(f"There is no notice {notice}.")
    _may(row, digest)
    text = tidy(words)
    if text == row.text:
        return
    drafted = {"text": row.drafted_text, "digest": row.drafted_digest}
    if row.edited_by is None:
        drafted = {"text": row.text, "digest": row.digest}
    edited = {"edited_by": by, "drafted_text": drafted["text"], "drafted_digest": drafted["digest"]}
    digest = digest_of(row, text, place=row.place)
    if text == drafted["text"]:
        edited, digest = dict(NOT_EDITED), drafted["digest"]
    values = {"text": text, "html": _as_html(text), "digest": digest, **edited, **waits(now)}
    update_rows(conn, notices, values, workspace_id=workspace.id, id=notice)
    history.note_on(conn, row, "Edited", {"into": digest}, who=by, now=now)


def kept(row: Row[Any], drafted_digest: str) -> bool:
    """Whether a person's words still stand in place of this draft of ours."""
    return row.edited_by is not None and row.drafted_digest == drafted_digest


def fallen(row: Row[Any], now: datetime) -> dict[str, Any]:
    """What becomes of a message whose edited words stand in place of nothing any more: it waits for a person,
    who sees both.
    """
    return {"words_before": row.text, **NOT_EDITED, **waits(now, FELL)}


def waits(now: datetime, reason: str = REASON) -> dict[str, Any]:
    """The state in which it waits for a person, whatever was approved before."""
    return {
        "state": "awaiting_approval", "reason": reason, "due_at": None, "lease_until": None, "parked_at": now,
        "not_before": None, "approved_digest": None, "approved_by": None,
    }  # fmt: skip


def digest_of(row: Row[Any], text: str, *, place: str) -> str:
    """Names recipient, place and words, as the digest of a draft of ours does."""
    named = "\x00".join(("edited", str(row.person_id), row.lane, place, text))
    return hashlib.sha256(named.encode()).hexdigest()[:12]


def tidy(words: str) -> str:
    """As it is sent: blocks parted by one blank line, nothing invisible, no placeholder of Zendesk's.

    Raises LineageError for no words or too many.
    """
    text = as_text(_blocks(unplaced(visible(words.replace("\r\n", "\n"), but="\n"))))
    if not text:
        raise LineageError("There are no words: write what the requester is to read, or do not send it.")
    if len(text) > LONGEST:
        raise LineageError(f"That is too long: at most {LONGEST} characters.")
    return text


def _may(row: Row[Any], digest: str) -> None:
    if row.state not in EDITABLE:
        raise LineageError(f"Notice {row.id} is {row.state}: it cannot be edited any more.")
    if row.digest != digest:
        raise LineageError(f"Notice {row.id} says something else by now: read it again.")
    if row.place.startswith(PUBLIC):
        raise LineageError("One entry on a post answers many at once: set a wording of your own instead.")


def _blocks(text: str) -> list[tuple[str, ...]]:
    """Every line is kept as it was written."""
    chunks = (chunk.split("\n") for chunk in re.split(r"\n\s*\n", text.strip()))
    return [tuple(line.rstrip() for line in lines if line.strip()) for lines in chunks]


def _as_html(text: str) -> str:
    """Only the address of a requester's page, where a paragraph ends with it, can be clicked."""
    ends = (block.rpartition(" ")[2] for block in text.split("\n\n"))
    links = {end for end in ends if FOLLOW_LINK.search(end)}
    return "\n".join(
        as_html([lines], links=links) if len(lines) == 1 else f"<p>{'<br>'.join(map(html.escape, lines))}</p>"
        for lines in _blocks(text)
    )
