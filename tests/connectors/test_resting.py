"""An account that takes us no more is left in peace, but never one that was given other credentials."""

from datetime import datetime

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine

from connectors.errors import Refused
from connectors.resting import Rests
from store import connections
from store.connections import Connection
from store.database import reading, transaction
from store.errors import TryLater
from store.secrets import Vault
from store.workspaces import Workspace


class Company:
    """A workspace that is connected to a Jira, and somebody who may connect it anew."""

    def __init__(self, engine: Engine, workspace: Workspace, now: datetime) -> None:
        self.engine, self.workspace, self.now = engine, workspace, now
        self._vault = Vault([Fernet.generate_key().decode()])
        self.rests = Rests(engine, lambda: now)
        self.connect("old")

    def connect(self, token: str) -> None:
        with transaction(self.engine) as conn:
            connections.save(
                conn, self._vault, workspace_id=self.workspace.id, system="jira", now=self.now,
                url="https://acme.atlassian.net", config={}, secrets={"api_token": token},
            )  # fmt: skip

    def account(self) -> Connection:
        with reading(self.engine) as conn:
            return connections.load(conn, self._vault, self.workspace.id, "jira")

    def called(self, account: Connection, *, token_meanwhile: str = "") -> None:
        """A call as this account, which Jira takes no more. Raises TryLater."""
        with self.rests.obeyed(account):
            if token_meanwhile:
                self.connect(token_meanwhile)
            raise Refused("Jira answered 401.", whole_account=True)


@pytest.fixture
def company(database: Engine, workspace: Workspace, now: datetime) -> Company:
    return Company(database, workspace, now)


def test_nobody_calls_an_account_that_was_shut_and_the_operator_reads_why(company: Company) -> None:
    with pytest.raises(TryLater, match="until it takes us again"):
        company.called(company.account())
    assert company.account().trouble == "Jira answered 401."
    with pytest.raises(TryLater, match="for now"), company.rests.obeyed(company.account()):
        pytest.fail("It was called.")


@pytest.mark.parametrize("when", ["before the call", "during the call"])
def test_what_the_old_token_met_does_not_shut_an_account_that_has_a_new_one(
    company: Company, when: str
) -> None:
    account = company.account()  # read before the new token was given
    if when == "before the call":
        company.connect("new")
    with pytest.raises(TryLater) as later:
        company.called(account, token_meanwhile="new" if when == "during the call" else "")
    assert later.value.after_s == 1.0
    assert not company.account().trouble
    with company.rests.obeyed(company.account()):
        pass  # it may be called
