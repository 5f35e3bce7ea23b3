"""The log: one event a line on standard error, as text for people or as JSON for machines.

Standard output stays free: it is what a command was asked for.
"""

import logging
import sys
from traceback import extract_tb
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import ExcInfo

QUIET = (
    "_granian",
    "alembic",
    "hubspot",
    "jira",
    "urllib3",
    "werkzeug",
    "zenpy",
    "httpx",
    "httpx2",
    "openai",
    "rq",
)
"""Libraries whose own lines add nothing below a warning."""


def configure(form: Literal["text", "json"], *, level: int = logging.INFO) -> None:
    """Once per process, before anything is said."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: Any = structlog.processors.JSONRenderer()
    if form == "text":
        last = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            exception_formatter=_write_frames,
        )
    else:
        shared.append(structlog.processors.ExceptionRenderer(frames))
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = StandardError()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def frames(exc_info: ExcInfo) -> str:
    """Where it happened and of what kind, and for what it was caused by; never its words or variables.

    Those can hold what customers wrote, their addresses, and secrets.
    """
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = exc_info[1]
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines += [f"{one.filename}:{one.lineno} in {one.name}" for one in extract_tb(current.__traceback__)]
        lines.append(f"{type(current).__module__}.{type(current).__qualname__}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n".join(lines)


def _write_frames(out: TextIO, error: ExcInfo) -> None:
    out.write("\n" + frames(error))


class StandardError(logging.StreamHandler[TextIO]):
    """Standard error as it is when something is said: another may have been put in its place."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr
