"""Where the install keys come from."""

import pytest

from connectors.errors import Refused, Unavailable
from connectors.jira.install_keys import InstallKeys
from sandbox.faults import Fault
from sandbox.jira import Jira


def test_a_key_is_fetched_once(jira: Jira) -> None:
    key = jira.connect.install_key
    keys = InstallKeys(f"{jira.url}/connect-keys/")
    assert keys.fetch(key.kid) == key.public_pem.strip()
    jira.stop()
    assert keys.fetch(key.kid) == key.public_pem.strip()


def test_an_unknown_key_is_refused_and_its_page_is_no_key(jira: Jira) -> None:
    with pytest.raises(Refused, match="no such install key"):
        InstallKeys(f"{jira.url}/connect-keys").fetch("nobody")


@pytest.mark.parametrize("fault", [Fault("status", status=503), Fault("drop_before")])
def test_while_the_keys_do_not_answer_the_install_waits(jira: Jira, fault: Fault) -> None:
    jira.faults.order(fault)
    with pytest.raises(Unavailable, match="Install again later"):
        InstallKeys(f"{jira.url}/connect-keys").fetch(jira.connect.install_key.kid)
