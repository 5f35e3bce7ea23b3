"""Other people's files are as they came: each is listed with its checksum, and none is changed."""

import hashlib
import re

import pytest

from tests.our_files import ROOT

FOLDERS = ("plugin/static/vendor", "tests/vendor")


@pytest.mark.parametrize("name", FOLDERS)
def test_every_vendored_file_is_listed_and_as_it_came(name: str) -> None:
    folder = ROOT / name
    listed = {
        name: digest
        for digest, name in re.findall(
            r"^([0-9a-f]{64})  (\S+)$", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    there = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name != "README.md"
    }
    assert listed == there
