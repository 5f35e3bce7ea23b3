"""The operator's own templates of a workspace, read once for everybody who is written to."""

from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Connection, bindparam, select

from lineage.outcomes import wordings
from lineage.terms import Kind
from lineage.wording.languages import language_of


class Wordings(Protocol):
    """The template for a message of this kind to somebody with this tag; empty where ours is used."""

    def of(self, kind: Kind, tag: str) -> str: ...


class KeptWordings:
    """Those that were set, read when the first message is written."""

    def __init__(self, conn: Connection, workspace_id: int) -> None:
        self._conn, self._workspace = conn, workspace_id
        self._known: dict[tuple[str, str], str] | None = None

    def of(self, kind: Kind, tag: str) -> str:
        if self._known is None:
            rows = self._conn.execute(_ALL, {"workspace": self._workspace})
            self._known = {(row.kind, row.language): row.template for row in rows}
        return self._known.get((kind.value, language_of(tag)), "")


@dataclass(frozen=True, slots=True)
class Proposed:
    """One template as it would be; of the others as they are."""

    kind: Kind
    language: str
    template: str
    others: Wordings = field(repr=False)

    def of(self, kind: Kind, tag: str) -> str:
        if (kind, language_of(tag)) == (self.kind, self.language):
            return self.template
        return self.others.of(kind, tag)


_ALL = select(wordings.c.kind, wordings.c.language, wordings.c.template).where(
    wordings.c.workspace_id == bindparam("workspace")
)
