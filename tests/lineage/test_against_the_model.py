from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.lineage.conftest import Stage
from tests.lineage.machine import Histories


def test_the_engine_answers_as_the_model_does(stage: Stage) -> None:
    Histories.stage = staticmethod(stage)
    run_state_machine_as_test(Histories, settings=settings(max_examples=int(__import__("os").environ.get("N","60")), stateful_step_count=int(__import__("os").environ.get("S","50")), deadline=None, suppress_health_check=list(HealthCheck),report_multiple_bugs=False, phases=[Phase.generate]))
    print(Histories.steps)
