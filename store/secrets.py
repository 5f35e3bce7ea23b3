"""Secrets at rest: sealed with keys that are not in the database, and bound to what they are for.

A sealed text taken from one workspace's row and put into another's does not open.
"""

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from store.errors import TryLater

KEY_FILE = "secret.keys"


class Unreadable(TryLater):
    """A sealed secret does not open. Work that needs it waits: with the right key it goes on by itself."""


class Vault:
    """Seals with the first key, opens with any. Raises ValueError for keys that are none."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError(
                "There is no key for secrets: set KITHSPARK_SECRET_KEYS, or leave it unset "
                "to have one generated."
            )
        try:
            self._fernet = MultiFernet([Fernet(key.strip()) for key in keys])
        except ValueError:
            raise ValueError(
                "KITHSPARK_SECRET_KEYS holds something that is no Fernet key (32 bytes, "
                "URL-safe base64): check what was pasted."
            ) from None

    def seal(self, workspace_id: int | None, purpose: str, secret: str) -> str:
        """`secret` as text that only this vault opens, for this workspace (None: all) and purpose only."""
        return self._fernet.encrypt(json.dumps([workspace_id, purpose, secret]).encode()).decode()

    def open(self, workspace_id: int | None, purpose: str, sealed: str) -> str:
        """What was sealed. Raises Unreadable: garbled, unknown key, or sealed for something else."""
        bound_workspace, bound_purpose, secret = json.loads(self._decrypt(sealed))
        if (bound_workspace, bound_purpose) != (workspace_id, purpose):
            raise Unreadable(
                "A secret lies where it was not sealed for: somebody moved it in the database. "
                "Connect that system again with `kithspark connect`."
            )
        return str(secret)

    def rotate(self, sealed: str) -> str:
        """The same secret sealed with the first key, so that older keys can go. Raises Unreadable."""
        self._decrypt(sealed)
        return self._fernet.rotate(sealed.encode()).decode()

    def _decrypt(self, sealed: str) -> bytes:
        try:
            return self._fernet.decrypt(sealed.encode())
        except InvalidToken:
            raise Unreadable(
                "A secret does not open with the keys we have: put the old key back into "
                "KITHSPARK_SECRET_KEYS (after the new one, with a comma), or connect that "
                "system again with `kithspark connect`."
            ) from None


def load_or_create_keys(data_dir: Path) -> list[str]:
    """The keys in the data directory, one a line, newest first; made now (mode 0600) if there are none.

    Of two processes that start at once on an empty directory, both get the same key.
    """
    file = data_dir / KEY_FILE
    if not file.exists():
        _create(file, Fernet.generate_key())
    return file.read_text(encoding="ascii").split()


def _create(file: Path, key: bytes) -> None:
    descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(key + b"\n")
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, file)  # appears whole or not at all, and never over another's
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
