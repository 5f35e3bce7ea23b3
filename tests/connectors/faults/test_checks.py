"""What `kithspark doctor` says when a vendor fails at one of its calls: each call × each fault."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest

from plugin.commands import doctor
from tests.connectors.faults.faulty import faulty
from tests.connectors.faults.table import CHECKS, NOT_REACHED, becomes, checks
from tests.connectors.faults.town import Town, town_in

CELLS = list(checks())
EVERY = 13
"""Every so many-th cell is played in each run."""


@pytest.fixture(scope="module")
def town(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    file = tmp_path_factory.mktemp("checks") / "kithspark.db"
    copyfile(migrated_file, file)
    with town_in(file) as made:
        made.jira.add_project("KS")
        limits = made.zendesk.limits  # the town's clock stands still
        limits.exports_per_min = limits.account_per_min = 100_000
        yield made


@pytest.fixture(autouse=True)
def fresh(town: Town) -> None:
    town.clear()


def said(town: Town) -> dict[str, list[str]]:
    """What is not well, by vendor."""
    found: dict[str, list[str]] = {system: [] for system in town.vendors}
    for what, well, words in doctor._vendors(town.app):
        if not well:
            found[what.split()[1].rstrip(":")].append(words)
    return found


def _cell(number: int) -> object:
    call, fault = CELLS[number]
    marks = () if number % EVERY == 0 else pytest.mark.long
    return pytest.param(number, marks=marks, id=f"{call.name}-{fault}")


@pytest.mark.parametrize("number", [_cell(number) for number in range(len(CELLS))])
def test_it_is_said_of_that_vendor_and_all_others_are_asked(town: Town, number: int) -> None:
    call, fault = CELLS[number]
    with faulty(town, call, fault):
        found = said(town)
    assert fault in NOT_REACHED or call.name in town.asked, f"it was never asked: {town.asked}"
    ours = found.pop(call.system)
    assert ("said" if ours else "done") == becomes(call, fault), ours
    assert not any(found.values()), found
    assert all(" " in words and "\n" not in words for words in ours), ours
    assert not any(said(town).values())


def test_no_call_is_made_that_the_table_does_not_name(town: Town) -> None:
    assert not any(said(town).values())
    assert set(town.asked) == {call.name for call in CHECKS}
