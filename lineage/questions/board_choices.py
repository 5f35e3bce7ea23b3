"""What there is to filter the demand board by: all of it for operators, and for readers of what they see."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, bindparam, func, select

from lineage.components import item_components
from lineage.tables import companies, items
from lineage.terms import ItemId
from store.workspaces import Workspace

_WORKSPACE: BindParameter[int] = bindparam("workspace")


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to filter by."""

    projects: tuple[str, ...]
    components: tuple[str, ...]
    segments: tuple[str, ...]


def choices(conn: Connection, workspace: Workspace) -> Choices:
    """Every project, component and segment, by name."""
    here = {"workspace": workspace.id}
    return Choices(*(tuple(sorted(conn.scalars(query, here))) for query in _CHOICES))


def choices_among(conn: Connection, workspace: Workspace, wanted: Collection[ItemId]) -> Choices:
    """The projects and components of these items, by name; no segments: those are their customers'."""
    given = {"workspace": workspace.id, "items": sorted(wanted)}
    projects = {name for name in conn.scalars(_PROJECTS_AMONG, given) if name}
    components = set(conn.scalars(_COMPONENTS_AMONG, given))
    return Choices(tuple(sorted(projects)), tuple(sorted(components)), ())


def _each(column: ColumnElement[str]) -> Select[Any]:
    """Every value of a column with an index behind the workspace: one look for each, however many rows."""
    here = column.table.c.workspace_id == _WORKSPACE
    found = select(func.min(column).label("value")).where(here, column > "").cte(recursive=True)
    following = select(func.min(column)).where(here, column > found.c.value).scalar_subquery()
    every = found.union_all(select(following).where(found.c.value.is_not(None)))
    return select(every.c.value).where(every.c.value.is_not(None))


_among: BindParameter[Any] = bindparam("items", expanding=True)
_PROJECTS_AMONG = select(items.c.project).where(items.c.workspace_id == _WORKSPACE, items.c.id.in_(_among))
_COMPONENTS_AMONG = select(item_components.c.component).where(
    item_components.c.workspace_id == _WORKSPACE, item_components.c.item_id.in_(_among)
)
_CHOICES = tuple(_each(one) for one in (items.c.project, item_components.c.component, companies.c.segment))
