"""What an operator's template may hold: a few names, `if`, `for` and six filters. Nothing else is looked up.

The check is of the parsed template, before anything of it runs. A loop goes over what a message has, and
inside it at most over the parts of one thing: so nothing can run long, and nothing but the message is read.
"""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST_SOURCE = 10_000
MOST_LOOPS, MOST_NAMES = 12, 300

TEXTS = frozenset(
    {
        "name", "company", "greeting", "earlier", "earlier_subject", "news", "page", "page_url", "signature",
        "public", "everything",
    }
)  # fmt: skip
"""Whole pieces of our letter, single values, and two that are yes or no."""

LISTS = {"sections": "section", "corrections": "correction"}
FIELDS: Mapping[str, frozenset[str]] = {
    "section": frozenset(
        {"about", "asked_on", "by_vote", "delivered", "count", "standing", "final", "page_url", "parts"}
    ),
    "correction": frozenset({"title", "said", "told_on"}),
    "part": frozenset({"title", "mark", "state", "new"}),
    "loop": frozenset({"first", "last", "index", "length"}),
}
FILTERS = ("upper", "lower", "capitalize", "trim", "length", "default")
NODES = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.For,
    nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.Not, nodes.And, nodes.Or, nodes.Concat,
    nodes.Getattr, nodes.Filter,
)  # fmt: skip

Scope: TypeAlias = Mapping[str, str]
"""What the variables of the loops around stand for."""


class Unusable(ValueError):
    """The template cannot be used; the sentence says what to do."""


def environment() -> ImmutableSandboxedEnvironment:
    """Jinja with nothing in it but what the rules allow."""
    made = ImmutableSandboxedEnvironment(
        autoescape=False,
        finalize=lambda value: value if isinstance(value, str | int) else "",
    )  # fmt: skip
    made.globals.clear()
    made.tests.clear()
    for name in set(made.filters) - set(FILTERS):
        del made.filters[name]
    return made


def check(source: str) -> None:
    """Raises Unusable where the template holds anything that the rules do not name."""
    if len(source) > LONGEST_SOURCE:
        raise Unusable(f"A template has at most {LONGEST_SOURCE:,} characters; this one has {len(source):,}.")
    try:
        parsed = environment().parse(source)
        count = {kind: sum(1 for _ in parsed.find_all(kind)) for kind in (nodes.For, nodes.Name)}
        if count[nodes.For] > MOST_LOOPS or count[nodes.Name] > MOST_NAMES:
            raise Unusable(f"Use at most {MOST_LOOPS} loops, and name at most {MOST_NAMES} values.")
        _check(parsed, {})
    except TemplateSyntaxError as wrong:
        raise Unusable(f"Line {wrong.lineno}: {wrong.message} Mend it, or take it out.") from None
    except RecursionError:
        raise Unusable("It is nested too deeply: use simpler conditions.") from None


def _check(node: nodes.Node, scope: Scope) -> None:
    if not isinstance(node, NODES):
        what = type(node).__name__
        raise _no(node, f"{what} is not for messages. Use {{{{ values }}}}, if, for and the filters.")
    if isinstance(node, nodes.For):
        _check_loop(node, scope)
        return
    if isinstance(node, nodes.Name) and node.name not in {*TEXTS, *LISTS, *scope}:
        raise _no(node, f"a message knows no “{node.name}”. It knows {_listed(TEXTS | LISTS.keys())}.")
    if isinstance(node, nodes.Getattr):
        _check_field(node, scope)
    if isinstance(node, nodes.Filter):
        _check_filter(node)
    for child in node.iter_child_nodes():
        _check(child, scope)


def _check_loop(node: nodes.For, scope: Scope) -> None:
    each = _each(node.iter, scope)
    if each is None or not isinstance(node.target, nodes.Name) or node.recursive:
        say = "{% for section in sections %}, {% for part in section.parts %} or {% for one in corrections %}"
        raise _no(node, f"loops go over what a message has: {say}.")
    inner = {**scope, node.target.name: each, "loop": "loop"}
    for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
        _check(child, inner)


def _each(over: nodes.Node, scope: Scope) -> str | None:
    """What one round of a loop over this is about; None for what is no list, or not here."""
    if isinstance(over, nodes.Name) and not scope:
        return LISTS.get(over.name)
    if isinstance(over, nodes.Getattr) and isinstance(over.node, nodes.Name) and over.attr == "parts":
        inside = [kind for kind in scope.values() if kind != "loop"]
        return "part" if scope.get(over.node.name) == "section" and inside == ["section"] else None
    return None


def _check_field(node: nodes.Getattr, scope: Scope) -> None:
    kind = scope.get(node.node.name) if isinstance(node.node, nodes.Name) else None
    if kind is None:
        raise _no(node, f"“.{node.attr}” needs what a loop is about before it, like section.about.")
    if node.attr not in FIELDS[kind]:
        raise _no(node, f"a {kind} has no “{node.attr}”. It has {_listed(FIELDS[kind])}.")


def _check_filter(node: nodes.Filter) -> None:
    if node.name not in FILTERS:
        raise _no(node, f"the filter “{node.name}” is not for messages. Use one of {_listed(FILTERS)}.")
    if node.kwargs or node.dyn_args or node.dyn_kwargs or any(_too_much(one) for one in node.args):
        raise _no(node, f"give the filter “{node.name}” a short text, or nothing.")


def _too_much(argument: nodes.Node) -> bool:
    return not isinstance(argument, nodes.Const) or len(str(argument.value)) > 100


def _no(node: nodes.Node, why: str) -> Unusable:
    return Unusable(f"Line {node.lineno}: {why}")


def _listed(names: "Iterator[str] | frozenset[str] | set[str] | tuple[str, ...]") -> str:
    return ", ".join(sorted(names))
