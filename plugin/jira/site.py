"""Jira, asked while an engineer waits: which issues they may pick, and whether they may do what they ask.

Our account sees and may do more than they: so whatever it is to do for them is asked of Jira in their name.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from connectors.errors import Refused, Unauthorized
from connectors.jira import making, ways
from connectors.jira.answers import Hit
from connectors.jira.needed import needed
from connectors.jira.permissions import BROWSE, CREATE, EDIT, LINK, MOVE_ON
from lineage.terms import ItemId
from plugin import app_state, issues
from plugin.errors import Missing
from plugin.identity import Engineer
from plugin.jira import access
from plugin.jira.acts import Act
from plugin.jira.splitting import Picked
from plugin.translating import gettext as _
from store import connections
from store.database import reading
from store.errors import GiveUp, TryLater

AccountOf: TypeAlias = Callable[[], connections.Connection]
"""Gives the account of the site. Raises connections.NotConnected."""


class NotAllowedThere(Exception):
    """Jira does not let this person do it, or does not let us ask. The message says which, and what to do."""


def find(engineer: Engineer, words: str) -> list[Hit]:
    """Issues that this person may browse, by key or words. Raises what the client raises."""
    hits = issues.search(engineer.workspace, words)
    seen = _granted(engineer, [BROWSE], [hit.item for hit in hits], anew=True)
    return [hit for hit in hits if hit.item in seen and hit.item != engineer.issue]


def picked(engineer: Engineer, keys: Collection[str]) -> dict[str, Picked]:
    """The issues of these keys, read from Jira if they are new to us; those that this person may not browse
    are as good as not there. Raises what the client raises.
    """
    found: dict[str, Picked] = {}
    for key in keys:
        try:
            view = issues.known_issue(engineer.workspace, key)
        except (Missing, Refused):
            continue
        found[key] = Picked(key, view.id, view.key)
    seen = _granted(engineer, [BROWSE, LINK], [one.item for one in found.values()], anew=True)
    edited = _granted(engineer, [EDIT], seen, anew=False)  # as Jira said just now
    return {key: replace(one, edits=one.item in edited) for key, one in found.items() if one.item in seen}


def seen(engineer: Engineer, items: Collection[ItemId], account: AccountOf | None = None) -> set[ItemId]:
    """Those of these issues that this person may browse, as Jira said a minute ago at most; where it does not
    say, the open one alone. `account` spares a statement where its row was read already.
    """
    others = [item for item in items if item != engineer.issue]
    try:
        return _granted(engineer, [BROWSE], others, anew=False, account=account) | {engineer.issue}
    except (TryLater, GiveUp, NotAllowedThere):
        return {engineer.issue}


def must_be_allowed(engineer: Engineer, permissions: Sequence[str]) -> None:
    """Raises NotAllowedThere where this person may not do all of this to the issue that is open."""
    if not allowed(engineer, permissions):
        raise NotAllowedThere(
            _("Jira does not let you do this here: it takes the right to edit, create, link or move on "
              "issues.")
        )  # fmt: skip


def allowed(engineer: Engineer, permissions: Sequence[str]) -> bool:
    """Whether they may do all of this to the open issue now. Raises NotAllowedThere where we may not ask."""
    return engineer.issue in _granted(engineer, permissions, [engineer.issue], anew=True)


def rights(act: Act) -> list[str]:
    """What somebody must be allowed in Jira for this to be done for them there."""
    fresh = any(not part.get("item") for part in act.plan.get("parts", ()))
    return rights_to_split(fresh=fresh, close=bool(act.plan.get("close")))


def rights_to_split(*, fresh: bool, close: bool) -> list[str]:
    """`fresh`: an issue is made; `close`: the whole is moved to done. To split is to decide of it, too."""
    return [EDIT, LINK, *([CREATE] if fresh else []), *([MOVE_ON] if close else [])]


def lacking(engineer: Engineer, where: Mapping[str, str]) -> list[str]:
    """Fields that a new issue must have there and that we cannot fill; `where` as in a plan. Raises GiveUp
    where no such issue can be made there, and what the client raises.
    """
    with issues.speaking(_account(engineer)) as jira:
        kind = making.kind_named(jira, where["project"], where["issue_type"])
        return [field.name for field in needed(jira, where["project"], kind.id)]


def _granted(
    engineer: Engineer,
    permissions: Sequence[str],
    wanted: Collection[ItemId],
    *,
    anew: bool,
    account: AccountOf | None = None,
) -> set[ItemId]:
    """Those of these issues to which this person may do all of that."""
    if not wanted:
        return set()
    asked = account() if account else _account(engineer)
    ask = partial(ways.client, asked, timeout_s=issues.TIMEOUT_S)
    try:
        found = access.of_issues(asked.url, engineer.account, wanted, ask, anew=anew)
    except Unauthorized:
        raise NotAllowedThere(
            _("Jira does not tell us what you may do, so nothing was done. An administrator gives the "
              "connected account the right “Administer Jira”.")
        ) from None  # fmt: skip
    return {item for item in wanted if found[item].granted.issuperset(permissions)}


def _account(engineer: Engineer) -> connections.Connection:
    state = app_state.current()
    with reading(state.engine) as conn:
        return connections.load(conn, state.vault, engineer.workspace.id, "jira")
