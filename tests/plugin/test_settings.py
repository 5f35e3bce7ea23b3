"""Settings are read once, all that is wrong is said together, and no secret is repeated."""

from pathlib import Path

import pytest

from plugin.settings import Settings, SettingsError, unknown

FERNET_KEY = "Zm9yLXRlc3RzLW9ubHktMzItYnl0ZXMtbG9uZy1rZXk="
OTHER_KEY = "YW5vdGhlci1mb3ItdGVzdHMtMzItYnl0ZXMtbG9uZy4="


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(f"KITHSPARK_{field.upper()}", raising=False)


def problems(monkeypatch: pytest.MonkeyPatch, **given: str) -> list[str]:
    for name, value in given.items():
        monkeypatch.setenv(f"KITHSPARK_{name}", value)
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    return refused.value.problems


def test_nothing_set_gives_the_defaults_of_the_contract(tmp_path: Path) -> None:
    settings = Settings.load()
    assert settings.data_dir == tmp_path / "var"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/kithspark.db"
    assert settings.redis_url is None
    assert settings.public_url == "http://127.0.0.1:8080"
    assert (settings.listen_host, settings.listen_port) == ("127.0.0.1", 8080)
    assert (settings.lease_s, settings.sweep_s, settings.settle_s) == (20, 5, 90)
    assert (settings.secret_keys, settings.smtp_url, settings.mail_from) == ((), None, None)


def test_every_value_can_be_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = {
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": "postgresql+psycopg://k:pw@db/kithspark",
        "REDIS_URL": "redis://cache:6379/1",
        "PUBLIC_URL": "https://ideas.example.com/kithspark/",
        "LISTEN": "[::1]:9000",
        "SECRET_KEYS": f"{FERNET_KEY}, {OTHER_KEY}",
        "SETTLE_S": "1.5",
        "SMTP_URL": "smtp://u:p@mail:587",
        "MAIL_FROM": "Ideas <ideas@example.com>",
        "LOG": "text",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"KITHSPARK_{name}", value)
    settings = Settings.load()
    assert settings.public_url == "https://ideas.example.com/kithspark"
    assert (settings.listen_host, settings.listen_port) == ("::1", 9000)
    assert settings.secret_keys == (FERNET_KEY, OTHER_KEY)
    assert settings.database_url == given["DATABASE_URL"]
    assert (settings.settle_s, settings.log) == (1.5, "text")


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITHSPARK_REDIS_URL", "")
    assert Settings.load().redis_url is None


def test_all_problems_are_told_together_each_with_its_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    told = problems(monkeypatch, LEASE_S="0", LISTEN="8080", LOG="xml", SMTP_URL="smtp://mail:25")
    assert [line.split()[0] for line in told] == [
        "KITHSPARK_LISTEN",
        "KITHSPARK_LEASE_S",
        "KITHSPARK_MAIL_FROM",
        "KITHSPARK_LOG",
    ]
    for line, mend in zip(told, ("HOST:PORT", "seconds above 0", "set both", "text or json"), strict=True):
        assert mend in line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://k:pw@db/kithspark"),
        ("DATABASE_URL", "sqlite://"),
        ("REDIS_URL", "cache:6379"),
        ("REDIS_URL", "redis://cache:123456"),
        ("PUBLIC_URL", "ideas.example.com"),
        ("PUBLIC_URL", "https://ideas.example.com/?a=b"),
        ("LISTEN", "127.0.0.1"),
        ("LISTEN", "127.0.0.1:99999"),
        ("LEASE_S", "-1"),
        ("SWEEP_S", "nan"),
        ("SETTLE_S", "soon"),
        ("SECRET_KEYS", "too-short"),
        ("CONNECT_KEYS_URL", "file:///keys"),
        ("FORGE_APP_ID", "a b"),
        ("MAIL_FROM", "nobody"),
    ],
)
def test_a_bad_value_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    (told,) = problems(monkeypatch, **{name: value})
    assert told.startswith(f"KITHSPARK_{name} ")


def test_a_data_dir_that_is_a_file_hides_no_other_problem(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    told = problems(monkeypatch, DATA_DIR=str(tmp_path / "file"), LEASE_S="x")
    assert [line.split()[0] for line in told] == ["KITHSPARK_DATA_DIR", "KITHSPARK_LEASE_S"]


def test_no_secret_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "DATABASE_URL": "mysql://k:open-sesame@db/x",
        "REDIS_URL": "http://:open-sesame@cache",
        "SMTP_URL": "http://u:open-sesame@mail",
        "SECRET_KEYS": "open-sesame",
    }
    told = problems(monkeypatch, **given)
    assert len(told) == len(given)
    assert "open-sesame" not in "\n".join(told)


def test_secrets_stay_out_of_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITHSPARK_SECRET_KEYS", FERNET_KEY)
    monkeypatch.setenv("KITHSPARK_DATABASE_URL", "postgresql+psycopg://k:open-sesame@db/x")
    printed = repr(Settings.load())
    assert FERNET_KEY not in printed
    assert "open-sesame" not in printed


def test_a_mistyped_name_is_noticed_with_the_nearest_right_one() -> None:
    (sentence,) = unknown({"KITHSPARK_REDIS_URI": "redis://x", "KITHSPARK_LISTEN": "a:1", "PATH": "/bin"})
    assert sentence.startswith("KITHSPARK_REDIS_URI is not a setting and is ignored.")
    assert sentence.endswith("Did you mean KITHSPARK_REDIS_URL?")


def test_every_setting_says_what_to_do_about_a_bad_value() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
