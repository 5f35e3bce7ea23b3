"""The settings: environment variables that begin with `KITHSPARK_`, read once at start.

`docs/settings.md` describes each of them for operators; a test fails for one that it leaves out.
Everything that is wrong is reported together, each problem with its mend, and no secret is repeated.
"""

import difflib
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from plugin import settings_values as values

PREFIX = "KITHSPARK_"
Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
WebAddress = Annotated[str, AfterValidator(values.web_address)]
DatabaseAddress = Annotated[str, AfterValidator(values.address_with("postgresql+psycopg", "sqlite"))]
RedisAddress = Annotated[str, AfterValidator(values.address_with("redis", "rediss", "unix"))]
SmtpAddress = Annotated[str, AfterValidator(values.address_with("smtp", "smtps"))]
KeyList = Annotated[
    tuple[str, ...], NoDecode, BeforeValidator(values.key_list), AfterValidator(values.fernet_keys)
]


class SettingsError(Exception):
    """The settings cannot be used. `problems` has one sentence each; the message lists them all."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("The settings cannot be used.\n" + "\n".join(f"  {line}" for line in problems))


def _in_data_dir(so_far: dict[str, Any]) -> str:
    return f"sqlite:///{so_far['data_dir']}/kithspark.db"


class Settings(BaseSettings):
    """One field per variable. Each description is what a person can do about a bad value."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    data_dir: Annotated[Path, AfterValidator(values.local_folder)] = Field(
        Path("var"), validate_default=True, description="Name a folder on a local disk."
    )
    database_url: DatabaseAddress = Field(
        default_factory=_in_data_dir,
        repr=False,
        description="Write postgresql+psycopg://user:password@host/name, or leave it out for SQLite.",
    )
    redis_url: RedisAddress | None = Field(
        None,
        repr=False,
        description="Write redis://host:6379/0, or leave it out: the embedded worker does the work.",
    )
    public_url: WebAddress = Field(
        "http://127.0.0.1:8080", description="Write the address by which vendors and customers reach this."
    )
    listen: Annotated[str, AfterValidator(values.listen_address)] = Field(
        "127.0.0.1:8080", description="Write HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080."
    )
    secret_keys: KeyList = Field(
        (),
        repr=False,
        description="Give Fernet keys separated by commas, or leave it out and one is made for you.",
    )
    lease_s: Seconds = Field(20, description="Give seconds above 0, such as 20.")
    sweep_s: Seconds = Field(5, description="Give seconds above 0, such as 5.")
    settle_s: Seconds = Field(90, description="Give seconds above 0, such as 90.")
    connect_keys_url: WebAddress = Field(
        "https://connect-install-keys.atlassian.com",
        description="Write the https:// address of the installation keys, or leave it out.",
    )
    forge_jwks_url: WebAddress = Field(
        "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json",
        description="Write the https:// address of the key set, or leave it out.",
    )
    forge_app_id: str | None = Field(
        None,
        pattern=r"^(ari:cloud:ecosystem::app/)?[0-9A-Za-z-]+$",
        description="Give the id that `forge register` printed, or leave it out.",
    )
    smtp_url: SmtpAddress | None = Field(
        None,
        repr=False,
        description="Write smtp://user:password@host:587, or leave it out: sign-in links are printed.",
    )
    mail_from: Annotated[str, AfterValidator(values.mail_address)] | None = Field(
        None,
        validate_default=True,
        description="Give the sender of the sign-in mails, such as Ideas <ideas@example.com>.",
    )
    log: Literal["text", "json"] = Field(
        default_factory=lambda: "text" if sys.stderr.isatty() else "json",
        description="Write text or json, or leave it out: text on a terminal, else json.",
    )

    crash_at: Path | None = Field(
        None, description="Leave it out: it is for this project's own tests, on a machine of their own."
    )

    @field_validator("crash_at")
    @classmethod
    def _nobody_else_is_here(cls, order: Path | None, so_far: ValidationInfo) -> Path | None:
        """A process that serves others is not to be killed by two mistakes either."""
        if order is not None and not values.this_machine(so_far.data.get("public_url", "")):
            raise ValueError("is for tests: KITHSPARK_PUBLIC_URL must be on 127.0.0.1")
        return order

    @field_validator("mail_from")
    @classmethod
    def _mail_needs_both(cls, sender: str | None, so_far: ValidationInfo) -> str | None:
        if "smtp_url" in so_far.data and (so_far.data["smtp_url"] is None) != (sender is None):
            raise ValueError("and KITHSPARK_SMTP_URL need each other: set both, or neither")
        return sender

    @property
    def listen_host(self) -> str:
        return values.host_and_port(self.listen)[0]

    @property
    def listen_port(self) -> int:
        return values.host_and_port(self.listen)[1]

    @classmethod
    def load(cls) -> "Settings":
        """The settings of this process. Raises SettingsError with every problem at once."""
        for sentence in unknown(os.environ):
            logging.getLogger(__name__).warning(sentence)
        try:
            return cls()
        except ValidationError as wrong:
            raise SettingsError([*_sentences(wrong)]) from None


def unknown(environ: Mapping[str, str]) -> list[str]:
    """One sentence for each variable that looks like ours and is not, with the nearest name that is."""
    ours = [f"{PREFIX}{field.upper()}" for field in Settings.model_fields]
    like_ours = sorted(name for name in environ if name.upper().startswith(PREFIX))
    strangers = [name for name in like_ours if name.upper() not in ours]
    return [f"{name} is not a setting and is ignored.{_guess(name, ours)}" for name in strangers]


def _guess(name: str, ours: list[str]) -> str:
    near = difflib.get_close_matches(name.upper(), ours, n=1)
    return f" Did you mean {near[0]}?" if near else ""


def _sentences(wrong: ValidationError) -> Iterator[str]:
    for problem in wrong.errors(include_input=False, include_url=False):
        if problem["type"] == "default_factory_not_called":
            continue
        yield _sentence(problem)


def _sentence(problem: ErrorDetails) -> str:
    said = problem["msg"].removeprefix("Value error, ")
    if not problem["loc"]:
        return said
    field = str(problem["loc"][0])
    what = said if problem["type"] == "value_error" else f"is not usable ({said[0].lower()}{said[1:]})"
    return f"{PREFIX}{field.upper()} {what}. {Settings.model_fields[field].description}"
