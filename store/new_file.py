"""A file that is there whole or not at all, readable by its owner only, and never over another one."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Exists(Exception):
    """There is a file of that name. The message says what to do."""


@contextmanager
def new_file(file: Path) -> Iterator[Path]:
    """A draft beside it to be written, which gets the name at the end, or goes if anything is raised.

    Raises Exists and OSError.
    """
    _must_be_new(file)
    folder = file.absolute().parent
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=f".{file.name}.")  # mode 0600
    os.close(descriptor)
    draft = Path(name)
    try:
        yield draft
        _sync(draft)
        _must_be_new(file)
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)
    _sync(folder)


def _must_be_new(file: Path) -> None:
    if file.exists():
        raise Exists(f"{file} is there already, and is not overwritten: name another file.")


def _sync(path: Path) -> None:
    """What was written there outlives a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
