"""The log: one event a line on standard error, as text for people or as JSON for machines.

Standard output stays free: it is what a command was asked for.
"""

import logging
import sys
from typing import Any, Literal, TextIO

import structlog

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
            exception_formatter=structlog.dev.plain_traceback,  # a rich one shows variables: secrets, letters
        )
    else:
        shared.append(structlog.processors.format_exc_info)
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


class StandardError(logging.StreamHandler[TextIO]):
    """Standard error as it is when something is said: another may have been put in its place."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr
