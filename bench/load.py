"""Webhooks over real HTTP from a process of its own: some connections, each waiting for every answer.

Prints the seconds that each took, as JSON.
"""

import hashlib
import hmac
import json
import socket
import sys
import threading
import time
import uuid

SECRET = "a secret of the benchmark"  # noqa: S105 - of nobody
BODY_BYTES = 2048


def body() -> bytes:
    """An event of Jira's about an issue that nobody asked for, as long as they usually are."""
    event = {"webhookEvent": "jira:issue_updated", "timestamp": int(time.time() * 1000),
             "issue": {"id": "1", "key": "KS-1", "fields": {"summary": ""}}}  # fmt: skip
    event["padding"] = "x" * (BODY_BYTES - len(json.dumps(event)) - len(', "padding": ""'))
    return json.dumps(event).encode()


def main(port: int, path: str, connections: int, for_s: float) -> list[float]:
    """Raises RuntimeError for an answer that is not 202."""
    what = body()
    signature = hmac.digest(SECRET.encode(), what, hashlib.sha256).hex()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature: sha256={signature}\r\nContent-Length: {len(what)}\r\n"
        "X-Atlassian-Webhook-Identifier: "
    ).encode()
    took: list[float] = []
    until = time.monotonic() + for_s
    threads = [
        threading.Thread(target=_lane, args=(port, head, what, until, took)) for _ in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def _lane(port: int, head: bytes, what: bytes, until: float, took: list[float]) -> None:
    with socket.create_connection(("127.0.0.1", port)) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while time.monotonic() < until:
            call = head + uuid.uuid4().hex.encode() + b"\r\n\r\n" + what
            begin = time.perf_counter()
            wire.sendall(call)
            answer = b""
            while b"\r\n\r\n" not in answer:
                more = wire.recv(4096)
                if not more:
                    raise RuntimeError("The server hung up.")
                answer += more
            took.append(time.perf_counter() - begin)
            if not answer.startswith(b"HTTP/1.1 202"):
                raise RuntimeError(answer.decode())


if __name__ == "__main__":
    port, path, connections, for_s = sys.argv[1:]
    print(json.dumps(main(int(port), path, int(connections), float(for_s))))
