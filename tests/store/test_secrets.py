import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from store.secrets import Unreadable, Vault, load_or_create_keys

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_a_secret_opens_for_what_it_was_sealed_for() -> None:
    sealed = Vault([OLD]).seal(7, "connection:jira", "tökén")
    assert "tökén" not in sealed
    assert Vault([OLD]).open(7, "connection:jira", sealed) == "tökén"


@pytest.mark.parametrize(
    ("workspace_id", "purpose"),
    [(8, "connection:jira"), (None, "connection:jira"), (7, "connection:zendesk")],
)
def test_a_secret_moved_to_another_workspace_or_purpose_does_not_open(
    workspace_id: int | None, purpose: str
) -> None:
    vault = Vault([OLD])
    with pytest.raises(Unreadable, match="moved"):
        vault.open(workspace_id, purpose, vault.seal(7, "connection:jira", "token"))


@pytest.mark.parametrize("spoil", [lambda text: text[:-6] + "AAAAA=", lambda _: "nonsense", lambda _: ""])
def test_a_garbled_secret_says_what_to_do(spoil: object) -> None:
    vault = Vault([OLD])
    assert callable(spoil)
    with pytest.raises(Unreadable, match="KITHSPARK_SECRET_KEYS"):
        vault.open(7, "x", spoil(vault.seal(7, "x", "token")))


def test_after_a_rotation_the_old_key_can_go() -> None:
    sealed = Vault([OLD]).seal(7, "x", "token")
    rotated = Vault([NEW, OLD]).rotate(sealed)
    assert Vault([NEW]).open(7, "x", rotated) == "token"
    with pytest.raises(Unreadable):
        Vault([NEW]).open(7, "x", sealed)
    with pytest.raises(Unreadable):
        Vault([NEW]).rotate(sealed)


@pytest.mark.parametrize("keys", [[], ["short"], [OLD, "ü"]])
def test_keys_that_are_none_are_refused_without_being_shown(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="KITHSPARK_SECRET_KEYS") as refusal:
        Vault(keys)
    assert OLD not in str(refusal.value)


def test_keys_are_made_once_and_only_we_can_read_them(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(load_or_create_keys, [tmp_path] * 8))
    assert len(found[0]) == 1
    assert all(keys == found[0] for keys in found)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.keys"]
    assert stat.S_IMODE((tmp_path / "secret.keys").stat().st_mode) == 0o600
    Vault(found[0])
