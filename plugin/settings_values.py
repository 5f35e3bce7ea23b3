"""What one setting may look like: each check gives the tidy value, or raises ValueError that says why not."""

import base64
import binascii
from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

FERNET_KEY_BYTES = 32


def web_address(text: str) -> str:
    """An http or https address with a host, without the trailing slash; no query, fragment or password."""
    parts = _split(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is not an http:// or https:// address")
    if parts.query or parts.fragment or parts.username or parts.password:
        raise ValueError("has more in it than scheme, host, port and path")
    return text.strip().rstrip("/")


def address_with(*schemes: str) -> Callable[[str], str]:
    """A check for addresses of these schemes. Its words never repeat the address: it may hold a password."""

    def check(text: str) -> str:
        parts = _split(text)
        if parts.scheme not in schemes:
            raise ValueError(f"does not begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        if not (parts.hostname or parts.path.strip("/")):
            raise ValueError("names neither a host nor a file")
        return text.strip()

    return check


def host_and_port(text: str) -> tuple[str, int]:
    """`127.0.0.1:8080` or `[::1]:8080` taken apart; port 0 lets the system choose one."""
    parts = _split(f"//{text.strip()}")
    if not parts.hostname or parts.port is None or parts.path:
        raise ValueError("is not HOST:PORT")
    return parts.hostname, parts.port


def this_machine(address: str) -> bool:
    """Whether a web address leads to this machine and to nobody else's."""
    return urlsplit(address).hostname == "127.0.0.1"


def listen_address(text: str) -> str:
    host_and_port(text)
    return text.strip()


def key_list(text: object) -> object:
    """Comma-separated text as a tuple; anything else as it is, for the type check to judge."""
    if not isinstance(text, str):
        return text
    return tuple(part.strip() for part in text.split(",") if part.strip())


def fernet_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    for place, key in enumerate(keys, 1):
        try:
            size = len(base64.urlsafe_b64decode(key))
        except (binascii.Error, ValueError):
            size = 0
        if size != FERNET_KEY_BYTES:
            raise ValueError(f"has a key (number {place}) that is no Fernet key")
    return keys


def local_folder(path: Path) -> Path:
    """The absolute path, so that a later change of directory moves no data."""
    folder = path.expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        raise ValueError("is a file, not a folder")
    return folder


def mail_address(text: str) -> str:
    """`a@b.example` or `Name <a@b.example>`."""
    name, _, rest = text.strip().rpartition("<")
    address = rest.removesuffix(">") if name or text.strip().startswith("<") else text.strip()
    local, _, domain = address.rpartition("@")
    if not local or not domain or any(c.isspace() for c in address) or "\n" in text or "\r" in text:
        raise ValueError("is no e-mail address")
    return text.strip()


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text.strip())
        _ = parts.port
    except ValueError as broken:
        raise ValueError("cannot be read as an address") from broken
    return parts
