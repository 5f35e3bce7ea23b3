"""Options for secrets: on the command line, from standard input (`-`, a line each), or the environment."""

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def secret(option: str, variable: str, words: str, *, required: bool = False) -> Callable[[F], F]:
    """An option such as `--token`, which the environment `variable` may give instead."""
    return click.option(
        option, callback=_read, envvar=variable, show_envvar=True, required=required, metavar="SECRET",
        help=f"{words}; `-` reads it from standard input.",
    )  # fmt: skip


def _read(_ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """A dash reads one line of standard input; on a terminal it is asked for and not shown."""
    if value != "-":
        return value
    if sys.stdin.isatty():
        return str(click.prompt(param.human_readable_name, hide_input=True, err=True))
    given = sys.stdin.readline().strip()
    if not given:
        raise click.BadParameter("standard input ended before it")
    return given
