"""The sandbox under the address that a real account would have: https://NAME.zendesk.com, by a proxy of ours.

A page may lead our server to Zendesk's own addresses only. So nothing of ours is bent for the journey: the
program is told of a proxy and of a certificate, as any program may be, and the proxy leads to the sandbox.
"""

import contextlib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PATIENCE_S = 20.0


class AsZendesk:
    """A proxy for one name. Whatever else is asked for is refused, and noted in `refused`."""

    def __init__(self, folder: Path, name: str, port: int) -> None:
        self.host, self.port = f"{name}.zendesk.com", port
        self.refused: list[str] = []
        self.bundle = folder / "zendesk.pem"
        self.bundle.write_bytes(_certificate(self.host))
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(self.bundle)
        self._listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._listen, name="as zendesk", daemon=True).start()

    @property
    def environment(self) -> dict[str, str]:
        """What a program must be told to find it."""
        proxy = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        return {
            "HTTPS_PROXY": proxy,
            "REQUESTS_CA_BUNDLE": str(self.bundle),
            "NO_PROXY": "127.0.0.1,localhost",
        }

    def close(self) -> None:
        self._listening.close()

    def _listen(self) -> None:
        while True:
            try:
                caller, _address = self._listening.accept()
            except OSError:  # it was closed
                return
            threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        with contextlib.suppress(OSError), caller:
            caller.settimeout(PATIENCE_S)
            asked = b""
            while b"\r\n\r\n" not in asked:
                asked += caller.recv(4096)
            wanted = asked.split(b" ", 2)[1].decode()
            if wanted != f"{self.host}:443":
                self.refused.append(wanted)
                caller.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")
                return
            caller.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            with (
                self._tls.wrap_socket(caller, server_side=True) as secret,
                socket.create_connection(("127.0.0.1", self.port), PATIENCE_S) as plain,
            ):
                there = threading.Thread(target=_carry, args=(secret, plain), daemon=True)
                there.start()
                _carry(plain, secret)
                there.join(PATIENCE_S)


def _carry(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := one.recv(65536):
            other.sendall(piece)
    for end in (one, other):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _certificate(host: str) -> bytes:
    """A key and a certificate for this name, signed by itself, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8
    private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return private + made.public_bytes(serialization.Encoding.PEM)
