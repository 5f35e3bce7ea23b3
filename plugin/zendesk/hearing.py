"""What the self-test of a Zendesk account came to: was a ticket answered and mailed, and heard of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import Connection

from connectors.accounts import webhook_secrets
from connectors.zendesk import events
from plugin.hearing import Ear, listened
from plugin.said import said
from plugin.translating import gettext as _
from plugin.zendesk.trying import under_way
from store import trials
from store.connections import Connection as Account
from store.trials import Line, Trial

Outcome: TypeAlias = Literal["waits", "works", "posted", "deaf", "broken"]
"""`posted`: answered, but nobody was mailed. `deaf`: Zendesk's calls do not arrive."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`answers`: the answer is not settled, so that somebody must go on; else one waits for a call alone."""

    at: datetime
    ticket: str
    lines: tuple[Line, ...]
    outcome: Outcome
    answers: bool = False


def verdict(conn: Connection, account: Account, *, address: str, now: datetime) -> Verdict | None:
    """Of the newest self-test; None where there was none, or where nothing was tried yet. `address`: where
    Zendesk is told to call.
    """
    trial = trials.of(account)
    if trial is None or not trial.lines:
        return None
    if under_way(trial):
        why = said(str(trial.kept.get("reason") or "")) or _(
            "The ticket is made; it is answered in a moment."
        )
        return Verdict(trial.at, trial.name, (*trial.lines, ("answer", True, why)), "waits", answers=True)
    ill = {what for what, well, _words in trial.lines if not well}
    outcome: Outcome = "broken" if ill - {"mail"} else "posted" if ill else "works"
    if not trial.about:
        return Verdict(trial.at, trial.name, trial.lines, outcome)
    line, heard = listened(conn, account, trial, _ear(address), now=now)
    if heard == "waits":
        outcome = "waits"
    elif heard == "deaf" and outcome == "works":
        outcome = "deaf"
    return Verdict(trial.at, trial.name, (*trial.lines, line), outcome)


def _ear(address: str) -> Ear:
    return Ear(
        about=_about,
        arrived=lambda trial, seconds: _(
            "A signed call about ticket %(number)s arrived, %(seconds)s s after the test began.",
            number=trial.name, seconds=seconds,
        ),
        waits=lambda: _("Waiting for Zendesk’s call …"),
        deaf=_why_deaf,
        nothing=lambda _account, _trial, others: _nothing(address, others=others),
    )  # fmt: skip


def _about(body: bytes) -> set[str]:
    """The tickets that a call tells of; none where it cannot be read."""
    try:
        return {one.id for one in events.read(body) if one.kind == "ticket"}
    except ValueError:
        return set()


def _why_deaf(account: Account, trial: Trial, now: datetime) -> str:
    """Why no call can count, as far as that is known before any time has passed; else empty."""
    if not webhook_secrets(account, now=now):
        return _(
            "There is no webhook yet, so Kithspark reads what changes every ten minutes: make it in step 2."
        )
    if trial.refused_at is not None:
        return _("Zendesk called, and the call was not signed with the secret that is kept. Do step 2 again.")
    return ""


def _nothing(address: str, *, others: bool) -> str:
    """What to look at where the time is over."""
    if others:
        return _(
            "Other calls of Zendesk arrived, none about this ticket. Do step 2 again: it mends the webhook."
        )
    if not address.startswith("https://"):
        return _(
            "No call arrived. Zendesk reaches only a public address: set KITHSPARK_PUBLIC_URL to one that "
            "begins with https://."
        )
    return _(
        "No call arrived. Look whether the webhook in Zendesk is active, and whether %(address)s can be "
        "reached from outside.",
        address=address,
    )
