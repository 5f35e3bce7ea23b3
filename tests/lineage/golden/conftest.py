"""A script of its own for each history."""

import pytest

from tests.lineage.story import Story

pytest.register_assert_rewrite("tests.lineage.golden.then")

from tests.lineage.golden.script import Script  # noqa: E402 - what it asserts is to be spelled out


@pytest.fixture
def script(story: Story) -> Script:
    return Script(story.conn, story.workspace, story.now)
