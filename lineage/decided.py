"""What people decided of one item, as a whole: kept before something is done, so that it can be put back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, select

from lineage import choosing, people
from lineage.batches import batched
from lineage.engineer_changes import Assigned, KeptChoice, PutBack
from lineage.item_rows import must_know, set_item
from lineage.kept import plain
from lineage.tables import choices, persons
from lineage.terms import ItemId, PersonId
from lineage.touched import Touched
from lineage.world import CHUNK
from store.database import upsert
from store.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Decisions:
    """Whether an item keeps a part, what that is called, and what these persons want of it."""

    keeps: bool | None
    own_title: str | None
    choices: tuple[KeptChoice, ...]

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = plain(self)
        return found

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Decisions":
        """What `as_json` wrote."""
        return cls(kept["keeps"], kept["own_title"], tuple(_choice(one) for one in kept["choices"]))


def decisions(
    conn: Connection, workspace_id: int, item: ItemId, concerned: Collection[PersonId]
) -> Decisions:
    """As they are now, in the order of the persons' numbers. Raises Unknown."""
    row = must_know(conn, workspace_id, item)
    found: dict[PersonId, KeptChoice] = {}
    for chunk in batched(sorted(concerned), CHUNK):
        for kept in conn.execute(_CHOICES, {"workspace": workspace_id, "item": item, "persons": chunk}):
            parts = tuple(ItemId(part) for part in kept.parts)
            found[PersonId(kept.person_id)] = KeptChoice(
                kept.person_id, parts, dict(kept.joined), kept.chosen_by, kept.chosen_at
            )
    every = tuple(found.get(person, KeptChoice(person)) for person in sorted(concerned))
    return Decisions(row.keeps_part, row.own_title, every)


def assigned(conn: Connection, workspace: Workspace, change: Assigned, _now: datetime) -> Touched:
    """Each of these persons wants these parts of a split item, or (None) all of them (rule 5). Who became
    another one since is passed over.
    """
    must_know(conn, workspace.id, change.item)
    touched, there = Touched(changed=False), _there(conn, workspace.id, change.persons)
    for person, parts in sorted(change.wants.items()):
        if person not in there:
            continue
        before = choosing.known(conn, workspace.id, person, change.item)
        wish = before.then(parts or None, change.at)
        if wish.parts != before.parts:
            choosing.keep(conn, workspace.id, person, change.item, wish, by=change.by, at=change.at)
            _touch(conn, workspace.id, person, touched)
    return touched


def put_back(conn: Connection, workspace: Workspace, change: PutBack, _now: datetime) -> Touched:
    """All of it exactly as it was kept. Persons who were forgotten or became another one stay as they are."""
    row, touched = must_know(conn, workspace.id, change.item), Touched(changed=bool(change.whose))
    if row.keeps_part != change.keeps:
        set_item(conn, workspace.id, change.item, {"keeps_part": change.keeps})
        touched.changed = True
        touched.items.add(change.item)
    if row.own_title != change.own_title:
        set_item(conn, workspace.id, change.item, {"own_title": change.own_title})
        touched.changed = True
        touched.retitled.add(change.item)
    concerned = _there(conn, workspace.id, [one.person for one in change.choices])
    now = {one.person: one for one in decisions(conn, workspace.id, change.item, concerned).choices}
    for kept in change.choices:
        if kept.person in concerned and now[kept.person] != kept:
            _keep(conn, workspace.id, change.item, kept)
            _touch(conn, workspace.id, kept.person, touched)
    return touched


def _touch(conn: Connection, workspace_id: int, person: PersonId, touched: Touched) -> None:
    touched.changed = True
    touched.persons.add(person)
    touched.asks |= people.asks_of(conn, workspace_id, person)


def _there(conn: Connection, workspace_id: int, wanted: Collection[PersonId]) -> set[PersonId]:
    return {
        PersonId(person)
        for chunk in batched(sorted(wanted), CHUNK)
        for person in conn.scalars(_THERE, {"workspace": workspace_id, "persons": chunk})
    }


def _keep(conn: Connection, workspace_id: int, item: ItemId, kept: KeptChoice) -> None:
    key = {"workspace_id": workspace_id, "person_id": kept.person, "item_id": item}
    if kept.chosen_at is None:
        conn.execute(_FORGET, {"workspace": workspace_id, "person": kept.person, "item": item})
        return
    said = {"parts": list(kept.parts), "joined": dict(kept.joined), "chosen_by": kept.chosen_by}
    upsert(conn, choices, list(key), key | said | {"chosen_at": kept.chosen_at})


def _choice(kept: Mapping[str, Any]) -> KeptChoice:
    at = kept["chosen_at"]
    return KeptChoice(
        kept["person"], tuple(kept["parts"]), dict(kept["joined"]), kept["chosen_by"],
        datetime.fromisoformat(at) if at else None,
    )  # fmt: skip


_persons: BindParameter[Any] = bindparam("persons", expanding=True)
_CHOICES = select(choices).where(
    choices.c.workspace_id == bindparam("workspace"),
    choices.c.person_id.in_(_persons),
    choices.c.item_id == bindparam("item"),
)
_FORGET = delete(choices).where(
    choices.c.workspace_id == bindparam("workspace"),
    choices.c.person_id == bindparam("person"),
    choices.c.item_id == bindparam("item"),
)
_THERE = select(persons.c.id).where(
    persons.c.workspace_id == bindparam("workspace"), persons.c.id.in_(_persons)
)
