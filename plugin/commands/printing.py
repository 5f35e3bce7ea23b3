"""What commands print: one JSON document, or a table that fits people."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import click


def document(value: Any) -> None:
    """Nothing else may go to standard output with it."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """Aligned columns; numbers to the right. `empty` is said instead where there is no row."""
    given = list(rows)
    if not given:
        click.echo(empty)
        return
    shown = [["" if value is None else str(value) for value in row] for row in given]
    right = [all(isinstance(v, int | float) for v in column) for column in zip(*given, strict=True)]
    widths = [max(len(cell) for cell in column) for column in zip(headings, *shown, strict=True)]
    for number, line in enumerate([list(headings), *shown]):
        cells = (
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        )
        text = "  ".join(cells).rstrip()
        click.echo(click.style(text, bold=True) if number == 0 else text)


def moment(at: datetime | None) -> str:
    """A time for people: `2026-11-23 10:15 UTC`."""
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""


def short(words: str, length: int = 60) -> str:
    line = " ".join(words.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
