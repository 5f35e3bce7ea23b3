"""What a self-test came to: what was tried at Jira, and whether its call of the change arrived here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import Connection

from connectors.accounts import webhook_secrets
from connectors.jira import events
from connectors.jira.ways import way_of
from plugin.hearing import Ear, listened
from plugin.translating import gettext as _
from store import trials
from store.connections import Connection as Account
from store.trials import Line, Trial

Outcome: TypeAlias = Literal["waits", "works", "deaf", "broken"]
"""`deaf`: all is well but that Jira's calls do not arrive, so its changes are read every ten minutes."""


@dataclass(frozen=True, slots=True)
class Verdict:
    at: datetime
    key: str
    lines: tuple[Line, ...]
    outcome: Outcome


def verdict(conn: Connection, account: Account, *, address: str, now: datetime) -> Verdict | None:
    """Of the newest self-test; None where there was none, or where nothing was tried yet. `address`: where
    Jira is told to call.
    """
    trial = trials.of(account)
    if trial is None or not trial.lines:
        return None
    broken = not all(well for _what, well, _words in trial.lines)
    outcome: Outcome = "broken" if broken else "works"
    if not trial.about:
        return Verdict(trial.at, trial.name, trial.lines, outcome)
    line, heard = listened(conn, account, trial, _ear(address), now=now)
    if heard == "waits":
        outcome = "waits"
    elif heard == "deaf" and not broken:
        outcome = "deaf"
    return Verdict(trial.at, trial.name, (*trial.lines, line), outcome)


def _ear(address: str) -> Ear:
    return Ear(
        about=_about,
        arrived=lambda trial, seconds: _(
            "A signed call about %(key)s arrived, %(seconds)s s after the test began.",
            key=trial.name, seconds=seconds,
        ),
        waits=lambda: _("Waiting for Jira’s call …"),
        deaf=_why_deaf,
        nothing=lambda account, trial, others: _nothing(account, trial, address, others=others),
    )  # fmt: skip


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


def _nothing(account: Account, trial: Trial, address: str, *, others: bool) -> str:
    """What to look at where the time is over."""
    if way_of(account) != "token":
        return _(
            "No call arrived. Look whether the app is still installed, and whether Jira reaches %(address)s.",
            address=address,
        )
    if others:
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
