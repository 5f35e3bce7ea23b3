"""What a mutation is, and how it is put in the place of what is right."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest

from tests.lineage.twin.twin import Twin


class Mutation(NamedTuple):
    caught_by: str
    """The invariant that has to report it."""
    where: Any
    name: str
    wrong: Any
    """What stands there instead of the right one; as a method or a function, it takes the same."""
    history: Callable[[Twin], object]


@contextmanager
def put_everywhere(one: Mutation) -> Iterator[None]:
    """Instead of the right one, wherever it was imported."""
    right = getattr(one.where, one.name)
    modules = [module for key, module in sys.modules.items() if key.startswith("lineage.")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one.where, one.name, one.wrong)
        for module in modules:
            if getattr(module, one.name, None) is right:
                patch.setattr(module, one.name, one.wrong)
        yield
