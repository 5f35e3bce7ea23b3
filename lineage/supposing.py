"""A world in which something holds that is not so yet: what would follow is answered by the same rules."""

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Row

from lineage.graph import Edge
from lineage.terms import EdgeKind, ItemId, PersonId, State
from lineage.wishes import EVERYTHING
from lineage.world import World


class SupposedWorld(World):
    """What is loaded stays as it is in the database; nothing is written. Suppose once all is loaded."""

    def suppose_item(self, item: ItemId, **changed: Any) -> None:
        """This known item has these values in its columns."""
        now = SimpleNamespace(**{**vars_of(self.items[item]), **changed})
        self.items[item] = cast("Row[Any]", now)
        self._start_anew()

    def suppose_part(self, whole: ItemId, part: ItemId, *, key: str, title: str | None, at: datetime) -> None:
        """`part` is a part of `whole` since `at`; an issue that is not there yet is new and open."""
        if part not in self.items:
            blank = dict.fromkeys(vars_of(self.items[whole]))
            blank |= {"id": part, "key": key, "public_title": title, "summary": title or key, "sizes": {}}
            self.items[part] = cast("Row[Any]", SimpleNamespace(**blank))
            self.states[part], self.state_times[part] = State.OPEN, at
            self._followed.add(part)
        link = Edge(f"supposed:{whole}:{part}", EdgeKind.SPLIT, whole, part, at)
        self._edges[link.link_id] = link
        self._start_anew()

    def suppose_no_part(self, whole: ItemId, part: ItemId) -> None:
        """`part` is no part of `whole`: the links that say so are gone."""
        gone = [
            link
            for link, edge in self._edges.items()
            if edge.kind is EdgeKind.SPLIT and (edge.src, edge.dst) == (whole, part)
        ]
        for link in gone:
            del self._edges[link]
        self._start_anew()

    def suppose_wanted(
        self, item: ItemId, wants: Mapping[PersonId, tuple[ItemId, ...] | None], at: datetime
    ) -> None:
        """Since `at` these persons want these parts of `item`, or (None) all."""
        for person, parts in wants.items():
            kept = self._wishes[person].get(item, EVERYTHING)
            chosen = dict(self._choices.get(person, {}))
            if not kept.late and item in chosen:
                kept = EVERYTHING.then(chosen[item], at)
            wish = kept.then(parts or None, at)
            chosen.pop(item, None)
            if wish.parts is not None:
                chosen[item] = wish.parts
            self._choices[person] = chosen
            self._wishes[person] = {**self._wishes[person], item: wish}
        self._start_anew()

    def _start_anew(self) -> None:
        self._flow = self._past = None
        self._ways.clear()
        self._rests.clear()


def vars_of(row: Any) -> dict[str, Any]:
    """The columns of an item, as it is kept or as it was supposed."""
    return dict(vars(row)) if isinstance(row, SimpleNamespace) else dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
