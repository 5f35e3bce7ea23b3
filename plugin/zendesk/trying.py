"""The self-test: a ticket of the operator's own is made, answered as every other, read back and solved.

Its steps are kept with the connection, so that each is done once, and what is in doubt is read back, though
the page is closed or the server ends. What is said here is kept in English, and translated when shown.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from connectors.errors import Refused, Unavailable
from connectors.outcomes import NotYet, Outcome, Said, Unknown
from connectors.zendesk import self_test
from connectors.zendesk.client import Zendesk
from connectors.zendesk.self_test import Opened, Probe
from plugin.app_state import Kithspark
from plugin.translating import gettext as _
from plugin.zendesk.vendor import speaking
from store import trials
from store.connections import Connection as Account
from store.database import transaction
from store.trials import Line, Trial
from store.workspaces import Workspace

LONGEST = timedelta(minutes=5)
"""So long an answer is tried; each reading of it takes a moment."""
SAME_TICKET_FOR = timedelta(hours=1)
"""So long a ticket of which nobody knows whether it was made is asked for again, not made anew."""
NEEDS = frozenset({"credentials", "scopes"})
"""What else is there to try without them?"""


def begin(app: Kithspark, workspace: Workspace, account: Account, email: str) -> None:
    """Checks everything, and makes the ticket. `email`: of the operator, who gets the answer."""
    now = app.clock()
    with transaction(app.engine) as conn:
        trial = trials.begun(conn, now=now)
        trial = replace(trial, kept=_unmade(account, email, now) or _fresh(email))
        trials.keep(conn, workspace.id, "zendesk", trial)
    with speaking(account) as zendesk:
        lines = self_test.able(zendesk)
        if all(well for what, well, _words in lines if what in NEEDS):
            trial = _noted(trial, ours=str(account.config.get("own_user_id") or zendesk.me()["id"]))
            with transaction(app.engine) as conn:
                trials.go_on(conn, workspace.id, "zendesk", trial)
            trial = _with_ticket(trial, zendesk, lines)
    with transaction(app.engine) as conn:
        trials.go_on(conn, workspace.id, "zendesk", replace(trial, lines=tuple(lines)))


def go_on(app: Kithspark, workspace: Workspace, account: Account) -> None:
    """One attempt at the answer, where it is not settled yet."""
    trial = trials.of(account)
    if trial is None or not under_way(trial):
        return
    now = app.clock()
    attempted = dict(trial.kept.get("attempt") or {})

    def keep(known: Mapping[str, Any]) -> None:
        attempted.update(known)
        with transaction(app.engine) as conn:
            trials.go_on(conn, workspace.id, "zendesk", _noted(trial, attempt=dict(attempted)))

    probe, opened = _probe(trial), Opened(trial.about, str(trial.kept["requester"]))
    with speaking(account) as zendesk:
        try:
            outcome: Outcome | str = self_test.answer(
                zendesk,
                probe,
                opened,
                kept=dict(attempted),
                settle_s=app.settings.settle_s,
                keep=keep,
                now=now,
            )
        except Unavailable as trouble:
            outcome = NotYet(None, str(trouble))
        except Refused as no:
            outcome = str(no)
        if isinstance(outcome, NotYet | Unknown) and now < trial.at + LONGEST:
            further = _noted(trial, attempt=attempted, reason=outcome.reason)
        else:
            lines = (*trial.lines, *_settled(zendesk, probe, opened, outcome))
            further = _noted(replace(trial, lines=lines), attempt=attempted, step="over")
    with transaction(app.engine) as conn:
        trials.go_on(conn, workspace.id, "zendesk", further)


def under_way(trial: Trial) -> bool:
    return trial.kept.get("step") == "answer"


def _with_ticket(trial: Trial, zendesk: Zendesk, lines: list[Line]) -> Trial:
    kept = trial.kept
    try:
        opened = self_test.open_ticket(zendesk, _probe(trial), subject=kept["subject"], words=kept["words"])
    except (Unavailable, Refused) as trouble:
        lines.append(("ticket", False, str(trouble)))
        return trial
    lines.append(("ticket", True, f"ticket {opened.ticket} is made"))
    trial = replace(trial, about=opened.ticket, name=opened.ticket)
    return _noted(trial, step="answer", requester=opened.requester)


def _settled(zendesk: Zendesk, probe: Probe, opened: Opened, outcome: Outcome | str) -> list[Line]:
    closed = self_test.close(zendesk, opened)
    if not isinstance(outcome, Said):
        return [("answer", False, outcome if isinstance(outcome, str) else outcome.reason), closed]
    said: Line = ("answer", True, f"the answer stands on ticket {opened.ticket}")
    return [said, self_test.read_back(zendesk, probe, opened), _mail(probe, opened, outcome), closed]


def _mail(probe: Probe, opened: Opened, said: Said) -> Line:
    if said.receipt.mailed:
        return ("mail", True, f"a trigger of the account mailed it to {probe.email}")
    if opened.requester == probe.ours:
        words = (
            "posted, not e-mailed: your address is that of the connected account, and Zendesk mails nobody "
            "their own words. Try it signed in here with another address."
        )
    else:
        words = (
            "posted, not e-mailed: no trigger of the account mailed the requester. Admin Centre, Objects and "
            "rules, Triggers: let “Notify requester of comment update” run for comments by this account too."
        )
    return ("mail", False, words)


def _fresh(email: str) -> dict[str, Any]:
    return {
        "key": secrets.token_hex(12), "email": email, "step": "ticket",
        "subject": _("Kithspark’s self-test"),
        "words": _("Kithspark made this ticket to try whether it can answer. It is about nothing, and is "
                   "solved in a moment."),
        "text": _("This is the answer of Kithspark’s self-test. Who reads it in a mail knows that customers "
                  "get theirs."),
    }  # fmt: skip


def _unmade(account: Account, email: str, now: datetime) -> dict[str, Any] | None:
    """What the test before knows, where nobody knows whether its ticket was made."""
    before = trials.of(account)
    if before is None or before.about or now > before.at + SAME_TICKET_FOR:
        return None
    kept = dict(before.kept)
    return kept if kept.get("email") == email and kept.get("ours") else None


def _probe(trial: Trial) -> Probe:
    kept = trial.kept
    return Probe(kept["key"], kept["ours"], _name(kept["email"]), kept["email"], kept["text"])


def _name(email: str) -> str:
    """What Zendesk calls somebody whom it does not know yet."""
    return email.partition("@")[0]


def _noted(trial: Trial, **known: Any) -> Trial:
    return replace(trial, kept={**trial.kept, **known})
