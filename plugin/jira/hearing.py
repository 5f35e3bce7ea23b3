"""What a self-test came to: what was tried at Jira, and whether its call of the change arrived here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from sqlalchemy import Connection

from connectors.accounts import webhook_secrets
from connectors.jira import events
from connectors.jira.ways import way_of
from plugin.translating import gettext as _
from store import trials
from store.connections import Connection as Account
from store.trials import Line, Trial

WAITS = timedelta(seconds=90)
"""Jira calls within half a minute, as a rule; what comes later counts too, while somebody listens."""

Outcome: TypeAlias = Literal["waits", "works", "deaf", "broken"]
"""`deaf`: all is well but that Jira's calls do not arrive, so its changes are read every ten minutes."""


@dataclass(frozen=True, slots=True)
class Verdict:
    at: datetime
    key: str
    lines: tuple[Line, ...]
    outcome: Outcome


def verdict(conn: Connection, account: Account, *, address: str, now: datetime) -> Verdict | None:
    """Of the newest self-test; None where there was none. `address`: where Jira is told to call."""
    trial = trials.of(account)
    if trial is None:
        return None
    lines, broken = list(trial.lines), not all(well for _what, well, _words in trial.lines)
    outcome: Outcome = "broken" if broken else "works"
    if trial.about:
        arrived = _arrived(conn, account, trial)
        if arrived is None and now < trial.at + WAITS and not _why_deaf(account, trial, now):
            outcome = "waits"
            lines.append(("webhook", True, _("Waiting for Jira’s call …")))
        else:
            outcome = outcome if arrived or broken else "deaf"
            words = arrived or _why_deaf(account, trial, now) or _nothing(conn, account, trial, address)
            lines.append(("webhook", arrived is not None, words))
    return Verdict(trial.at, trial.name, tuple(lines), outcome)


def _arrived(conn: Connection, account: Account, trial: Trial) -> str | None:
    for at, body in trials.heard(conn, account.workspace_id, account.system, trial):
        if trial.about in _about(body):
            seconds = max((at - trial.at).total_seconds(), 0.0)
            return _(
                "A signed call about %(key)s arrived, %(seconds)s s after the test began.",
                key=trial.name, seconds=f"{seconds:.1f}",
            )  # fmt: skip
    return None


def _about(body: bytes) -> set[str]:
    """The issues that a call tells of; none where it cannot be read."""
    try:
        return {one.id for one in events.read(body) if one.object == "issue"}
    except ValueError:
        return set()


def _why_deaf(account: Account, trial: Trial, now: datetime) -> str:
    """Why no call can count, as far as that is known before any time has passed; else empty."""
    if way_of(account) == "token" and not webhook_secrets(account, now=now):
        return _("There is no secret yet, so every call of Jira is refused: make one in step 2.")
    if trial.refused_at is not None:
        return _(
            "Jira called, and the call was not signed with our secret. Make a new secret in step 2 and put "
            "it into the webhook in Jira."
        )
    return ""


def _nothing(conn: Connection, account: Account, trial: Trial, address: str) -> str:
    """What to look at where the time is over."""
    if way_of(account) != "token":
        return _(
            "No call arrived. Look whether the app is still installed, and whether Jira reaches %(address)s.",
            address=address,
        )
    if trials.heard(conn, account.workspace_id, account.system, trial):
        return _(
            "Other calls of Jira arrived, none about %(key)s. Tick “Issue: updated” in the webhook, and look "
            "whether its JQL leaves this issue out.",
            key=trial.name,
        )
    if not address.startswith("https://"):
        return _(
            "No call arrived. Jira calls only addresses that begin with https://, and ours is %(address)s: "
            "set KITHSPARK_PUBLIC_URL.",
            address=address,
        )
    return _(
        "No call arrived. In Jira, look whether the webhook is there and enabled, and whether its address is "
        "%(address)s; then whether that can be reached from outside.",
        address=address,
    )
