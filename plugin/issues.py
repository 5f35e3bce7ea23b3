"""Jira, asked while a person waits: to find an issue, and to read one that we have never seen."""

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.errors import NotFound
from connectors.jira import ways
from connectors.jira.answers import Hit
from connectors.jira.client import Jira
from connectors.jira.look import mapping_of
from connectors.jira.reading import read_issue
from lineage import ledger, questions
from lineage.questions.views import ItemView
from lineage.terms import ItemId
from plugin import app_state
from plugin.errors import Missing
from store import connections
from store.connections import Connection
from store.database import reading, transaction
from store.workspaces import Workspace

TIMEOUT_S = (5.0, 5.0)


@contextmanager
def speaking(account: Connection) -> Iterator[Jira]:
    """A client for this moment, with a short time-out. Raises what the client raises."""
    client = ways.client(account, timeout_s=TIMEOUT_S)
    try:
        yield client
    finally:
        client.close()


def search(workspace: Workspace, words: str) -> list[Hit]:
    """Issues by key, address or words, as Jira finds them. Raises NotConnected, Unavailable, Refused."""
    with speaking(_account(workspace)) as jira:
        return jira.search_text(words)


def known_issue(workspace: Workspace, id_or_key: str) -> ItemView:
    """The item, read from Jira now if it is new to us.

    Raises Missing where Jira knows no such issue, and NotConnected, Unavailable, Refused.
    """
    state = app_state.current()
    with reading(state.engine) as conn:
        found = questions.item(conn, workspace, ItemId(id_or_key))
    if found is not None:
        return found
    account = _account(workspace)
    try:
        with speaking(account) as jira:
            seen = read_issue(jira, id_or_key, mapping=mapping_of(account), site=account.url)
    except NotFound:
        raise Missing from None
    with transaction(state.engine) as conn:
        cause = f"looked-up:{seen.item}:{seen.updated.timestamp():.6f}"
        ledger.record(conn, workspace, seen, cause=cause, now=state.clock())
        found = questions.item(conn, workspace, seen.item)
    state.wake()
    assert found is not None
    return found


def _account(workspace: Workspace) -> Connection:
    state = app_state.current()
    with reading(state.engine) as conn:
        return connections.load(conn, state.vault, workspace.id, "jira")
