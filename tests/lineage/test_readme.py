"""The worked example of lineage/README.md is run, and each module that it names is there."""

import doctest
import re

from tests.our_files import ROOT

README = ROOT / "lineage/README.md"


def test_the_worked_example_comes_out_as_it_says() -> None:
    found = doctest.testfile(str(README), module_relative=False)
    assert found.attempted > 10 and found.failed == 0


def test_every_module_that_it_names_is_there() -> None:
    text = README.read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+\.py)`", text))
    missing = [name for name in named if not (ROOT / "lineage" / name).exists()]
    missing += [
        name for name in re.findall(r"test_\w+\.py", text) if not (ROOT / "tests/lineage" / name).exists()
    ]
    assert set(missing) - {name for name in named if name.startswith("test_")} == set()
