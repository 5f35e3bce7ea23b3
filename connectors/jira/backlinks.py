"""Links from an issue back to the tickets in which somebody asked for it, where the workspace allows them.

A link says the number of the ticket and nothing of who asked. Each has a `globalId`, by which Jira replaces
it instead of making a second one, and by which it is taken away again.
"""

import json
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from sqlalchemy import ColumnElement, Engine, delete, select, update

from connectors.errors import NotFound
from connectors.jira.client import API, Jira
from lineage.outcomes import remote_links
from lineage.terms import ItemId
from store.database import insert_or_ignore, reading, transaction

MOST = 50
"""Of an issue that more tickets ask for, the first: nobody reads on, and Jira allows 20 writes in 2 s."""

RELATIONSHIP = "customers asked for it in"


def bring_up_to_date(
    engine: Engine, jira: Jira, *, workspace_id: int, item: ItemId, wanted: Mapping[str, str]
) -> None:
    """Exactly these links stand on the issue: `wanted` is from a request's origin to its address.

    What is to be made is noted before, called made once Jira has said so, and forgotten after it is gone: so
    nothing is left out and nothing left behind whenever we stop. Raises connectors.errors.
    """
    with reading(engine) as conn:
        query = select(remote_links.c.origin, remote_links.c.made).where(*_of(workspace_id, item))
        there = {row.origin: row.made for row in conn.execute(query)}
    _note(engine, workspace_id, item, (origin for origin in wanted if origin not in there))
    for origin in (one for one in wanted if not there.get(one)):
        _make(jira, item, origin, wanted[origin])
        with transaction(engine) as conn:
            made = (*_of(workspace_id, item), remote_links.c.origin == origin)
            conn.execute(update(remote_links).where(*made).values(made=True))
    for origin in sorted(there.keys() - wanted.keys()):
        _take_away(jira, item, origin)
        with transaction(engine) as conn:
            gone = (*_of(workspace_id, item), remote_links.c.origin == origin)
            conn.execute(delete(remote_links).where(*gone))


def global_id(origin: str) -> str:
    """What Jira knows the link by.

    >>> global_id("zendesk:ticket:7")
    'kithspark:zendesk:ticket:7'
    """
    return f"kithspark:{origin}"


def _make(jira: Jira, item: ItemId, origin: str, url: str) -> None:
    number = origin.rpartition(":")[2]
    body = {
        "globalId": global_id(origin),
        "application": {"type": "io.kithspark", "name": "Kithspark"},
        "relationship": RELATIONSHIP,
        "object": {"url": url, "title": f"Zendesk ticket {number}"},
    }
    jira.session.post(_address(jira, item), data=json.dumps(body))


def _take_away(jira: Jira, item: ItemId, origin: str) -> None:
    try:
        jira.session.delete(f"{_address(jira, item)}?globalId={quote(global_id(origin), safe='')}")
    except NotFound:
        return  # somebody took it away, or the whole issue


def _address(jira: Jira, item: ItemId) -> str:
    return f"{jira.url}{API}/issue/{item}/remotelink"


def _note(engine: Engine, workspace_id: int, item: ItemId, origins: Iterable[str]) -> None:
    rows = [{"workspace_id": workspace_id, "item_id": item, "origin": one} for one in origins]
    if rows:
        with transaction(engine) as conn:
            for row in rows:
                insert_or_ignore(conn, remote_links, row)


def _of(workspace_id: int, item: ItemId) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return remote_links.c.workspace_id == workspace_id, remote_links.c.item_id == item
