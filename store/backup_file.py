"""The file of a backup: gzipped lines of JSON that neither database owns, so either restores from it.

    {"kithspark_backup": 1, "revision", "taken_at", "installation", "sealed", "numbers", "rows"}
    {"table": "workspaces", "columns": ["id", …]}
    [1, …]                                        one line a row, in the order of its key
    {"end": true, "sha256": of all lines before}

`sealed`: the installation's id, sealed, so that a restore knows at once whether it has the keys; `numbers`:
the last number that each table gave to a row, for a removed row's must never come back; `rows`: how many
rows each table has. Values are as the database keeps them; bytes are base64, days are ISO.
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

FORMAT = 1


class BadBackup(Exception):
    """The file cannot be restored from. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `taken_at`: of the moment that it shows; `revision`: of its tables."""

    revision: str
    taken_at: datetime
    installation: str
    sealed: str
    numbers: dict[str, int]
    rows: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.rows.values())


class Writer:
    """Writes the lines to `out`, and keeps their digest. Use it as a context: it ends the file."""

    def __init__(self, out: IO[bytes], manifest: Manifest) -> None:
        self._zip = gzip.GzipFile(fileobj=out, mode="wb", compresslevel=6, mtime=0)
        self._digest = hashlib.sha256()
        self._line(
            {"kithspark_backup": FORMAT} | asdict(manifest) | {"taken_at": manifest.taken_at.isoformat()}
        )

    def table(self, name: str, columns: Sequence[str]) -> None:
        self._line({"table": name, "columns": list(columns)})

    def row(self, values: Sequence[Any]) -> None:
        self._line([_plain(value) for value in values])

    def end(self) -> None:
        self._line({"end": True, "sha256": self._digest.hexdigest()})
        self._zip.close()

    def _line(self, value: Any) -> None:
        line = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
        self._digest.update(line)
        self._zip.write(line)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    return value.isoformat() if isinstance(value, date) else value


def value_for(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    """A value of a file as a column of this type takes it."""
    if value is None:
        return None
    if isinstance(kind, sa.LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    return bool(value) if isinstance(kind, sa.Boolean) else value


def manifest_of(file: Path) -> Manifest:
    """Raises BadBackup."""
    return next(_lines(file))[1]


def check(file: Path) -> Manifest:
    """Reads all of it, and compares rows and digest. Raises BadBackup."""
    manifest, counted = manifest_of(file), dict[str, int]()
    for table, _columns, _row in rows_of(file):
        counted[table] = counted.get(table, 0) + 1
    if counted != {name: count for name, count in manifest.rows.items() if count}:
        raise BadBackup(f"{file} has other rows than it says: take another backup.")
    return manifest


def rows_of(file: Path) -> Iterator[tuple[str, list[str], list[Any]]]:
    """Table, columns and values of each row. Raises BadBackup, also where the file ends early."""
    table, columns = "", list[str]()
    for line, _manifest in _lines(file):
        if isinstance(line, list):
            yield table, columns, line
        elif "table" in line:
            table, columns = line["table"], line["columns"]


def _lines(file: Path) -> Iterator[tuple[Any, Manifest]]:
    """Each line, the first one included, beside the manifest; the last one proves all before it."""
    digest, manifest = hashlib.sha256(), None
    try:
        with gzip.open(file, "rb") as lines:
            for raw in lines:
                line = json.loads(raw)
                manifest = manifest or _read_manifest(file, line)
                if isinstance(line, dict) and line.get("end"):
                    if line["sha256"] != digest.hexdigest():
                        raise BadBackup(f"{file} was changed or damaged: restore from another backup.")
                    return
                digest.update(raw)
                yield line, manifest
    except (OSError, EOFError, ValueError, UnicodeDecodeError) as trouble:
        raise BadBackup(
            f"{file} is no whole backup ({type(trouble).__name__}): use another one."
        ) from trouble
    raise BadBackup(f"{file} ends before its end: it was not written to its end, or cut off.")


def _read_manifest(file: Path, line: Any) -> Manifest:
    if not isinstance(line, dict) or "kithspark_backup" not in line:
        raise BadBackup(f"{file} is no backup of Kithspark's.")
    if line["kithspark_backup"] != FORMAT:
        raise BadBackup(f"{file} was written by a newer version: install that version, then restore.")
    return Manifest(
        str(line["revision"]), datetime.fromisoformat(line["taken_at"]), str(line["installation"]),
        str(line["sealed"]), dict(line["numbers"]), dict(line["rows"]),
    )  # fmt: skip
