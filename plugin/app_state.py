"""What every screen and every job of this process shares. Made once, in `create_app`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app
from sqlalchemy import Engine

from lineage.likeness.finder import Finder
from plugin.remembering import Remembered
from plugin.settings import Settings
from store.secrets import Vault


@dataclass(frozen=True)
class Kithspark:
    """`wake`: to be called after a commit that left work; `clock`: the time, aware and in UTC; `finder`:
    what sounds like what, held in memory; `shown`: which ticket Zendesk shows to whom, for a minute.
    """

    engine: Engine
    settings: Settings
    vault: Vault
    wake: Callable[[], None]
    clock: Callable[[], datetime]
    finder: Finder = field(default_factory=Finder)
    shown: Remembered = field(default_factory=Remembered)


def current() -> Kithspark:
    """That of the app which serves this request."""
    state: Kithspark = current_app.extensions["kithspark"]
    return state
