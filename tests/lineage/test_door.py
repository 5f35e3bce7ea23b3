"""The other rooms use what `lineage/__init__.py` names, and none of the rules behind it."""

import ast

import lineage
from tests.our_files import ROOMS, tree_of, with_suffix

OUTSIDE = set(ROOMS) - {"lineage", "sandbox"}


def test_other_rooms_come_in_by_the_door() -> None:
    strays = [
        f"{path} imports lineage.{module}: ask `lineage.questions`, or name it in lineage/__init__.py."
        for path in with_suffix(".py")
        if path.parts[0] in OUTSIDE
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom)
        for module in _modules(node)
        if module not in lineage.__all__
    ]
    assert not strays, "\n".join(strays)


def _modules(node: ast.ImportFrom) -> list[str]:
    """The modules of lineage/ that this statement takes something from."""
    if node.module == "lineage":
        return [alias.name for alias in node.names]
    first, _, rest = (node.module or "").partition(".")
    return [rest.partition(".")[0]] if first == "lineage" else []
