"""Opens an installation: its database, keys and bell. The app, the worker and commands begin with it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from plugin.app_state import Kithspark
from plugin.settings import Settings
from store import crash_points, doorbell
from store.database import CannotOpen, open_database, utc_now
from store.secrets import Vault, load_or_create_keys

EVERY_SHELF = "every"


class Bell:
    """Rung after each commit that left work: wakes the worker here, and by Redis those elsewhere."""

    def __init__(self, redis_url: str | None) -> None:
        self._redis_url = redis_url
        self._here: list[Callable[[], None]] = []

    def __call__(self) -> None:
        for wake in self._here:
            wake()
        doorbell.ring(self._redis_url, EVERY_SHELF)

    def heard_by(self, wake: Callable[[], None]) -> None:
        self._here.append(wake)


def open_installation(
    settings: Settings, *, engine: Engine | None = None, clock: Callable[[], datetime] | None = None
) -> Kithspark:
    """Raises CannotOpen for a database that cannot be used, and ValueError for keys that are none."""
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as why:
        raise CannotOpen(
            f"{settings.data_dir} is no folder and cannot be made one ({why.strerror}): make it, or set "
            "KITHSPARK_DATA_DIR to a folder that this user may write."
        ) from why
    crash_points.obey(settings.crash_at)
    return Kithspark(
        engine=engine or open_database(settings.database_url),
        settings=settings,
        vault=Vault(keys(settings)),
        wake=Bell(settings.redis_url),
        clock=clock or utc_now,
    )


def keys(settings: Settings) -> list[str]:
    """Those that were set, else those of the data folder, made now if there are none."""
    return [*settings.secret_keys] or load_or_create_keys(settings.data_dir)
