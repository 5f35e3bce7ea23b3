"""What the log says when something breaks."""

import logging
import sys

import pytest
import structlog

from plugin import logs


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_traceback_shows_where_and_what_but_no_words_and_no_variables(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        logs.configure(form)  # type: ignore[arg-type]
        _break("a letter of Ana's", secret="hunter2")
    finally:
        structlog.reset_defaults()
        root.handlers[:], root.level = before
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    assert said.count("builtins.LookupError") == 2
    assert "test_logs.py:" in said
    assert "hunter2" not in said
    assert "Ana's" not in said


def _break(letter: str, *, secret: str) -> None:
    kept = {"letter": letter, "secret": secret}
    try:
        try:
            len(kept) / 0
        except ZeroDivisionError as cause:
            raise LookupError(f"no such thing: {kept}") from cause
    except LookupError:
        error = sys.exc_info()[1]
        structlog.get_logger().error("unexpected", exc_info=error)
        logging.getLogger("another.library").exception("unexpected")
