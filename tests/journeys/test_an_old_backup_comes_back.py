"""The operator restores last night's backup, and the program is killed in the middle of reading back."""

import os
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from sandbox.demo.operator import CommandFailed
from sandbox.demo.running import COMMAND
from sandbox.faults import Fault
from tests.journeys.house import House, opened

IMPATIENT = {"KITHSPARK_LEASE_S": "2", "KITHSPARK_SETTLE_S": "4", "KITHSPARK_SWEEP_S": "1"}
PEOPLE = 4
LISTS = r"/users/\d+/tickets/requested"


@pytest.mark.long
def test_everybody_is_told_once_whatever_the_backup_did_not_know(tmp_path: Path) -> None:
    with opened(IMPATIENT) as house:
        first, second = house.issue("Undo everywhere"), house.issue("Redo everywhere")
        told = [house.linked(house.customer(f"Kim{n}"), "Undo everywhere", first) for n in range(PEOPLE)]
        untold = house.linked(house.customer("Lou"), "Redo everywhere", second)
        house.quiet()
        file = tmp_path / "night.backup"
        assert "read again and whole" in house.operator.run("backup", str(file))
        house.engineer.done(first)
        house.quiet()
        assert [len(house.replies(ticket)) for ticket in told] == [1] * PEOPLE
        _refused_while_it_serves(house, file)
        house.stage.kithspark.stop()
        house.engineer.done(second)  # nobody hears it: only the reconciliation can find it
        _killed_while_it_reads_back(house, file)
        with pytest.raises(CommandFailed, match="nothing goes out until then"):
            house.operator.read("doctor")
        house.stage.kithspark.start()
        assert "read back" in house.operator.run("restore", "--continue")
        checks = {one["what"]: one for one in house.operator.read("doctor")["checks"]}
        assert "read back by" in checks["kites: restored"]["words"]
        house.quiet()
        counted = Counter(len(house.replies(ticket)) for ticket in (*told, untold))
        assert counted == {1: PEOPLE + 1}, f"how often each was told: {dict(counted)}"


def _refused_while_it_serves(house: House, file: Path) -> None:
    done = subprocess.run(
        [str(COMMAND), "restore", str(file), "--replace", "--yes"], env=house.stage.kithspark.environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "stop `kithspark serve`" in done.stderr


def _killed_while_it_reads_back(house: House, file: Path) -> None:
    """With `kill -9`, once the first persons' tickets are asked for."""
    faults = house.stage.zendesk.faults
    faults.order(Fault("delay", path=LISTS, times=1, skip=1, seconds=60))
    reading = subprocess.Popen(
        [str(COMMAND), "restore", str(file), "--replace", "--yes"], env=house.stage.kithspark.environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + 60
    while not faults.log and reading.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    assert faults.log, "it came so far as to read persons' tickets"
    os.killpg(reading.pid, signal.SIGKILL)
    reading.communicate()
    faults.clear()
