"""Checks Jinja templates of automation actions as the server does when it stores them, and a little further.

The server parses the syntax and counts loops; it lets unknown filters and variables pass, which then fail or
render as nothing when the automation fires. Those are warnings here. Jinja is imported at the first template.
Templates of webhooks have other variables and filters (:class:`Surroundings`).
"""

from __future__ import annotations

from functools import cache
from re import ASCII
from re import compile as pattern
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from jinja2 import Environment, nodes

__all__ = [
    "FILTERS",
    "HUMANIZING",
    "MAX_LOOPS",
    "MAX_LOOP_DEPTH",
    "MAX_RANGE",
    "VARIABLES",
    "Fault",
    "Surroundings",
    "faults",
    "is_template",
]

MAX_LOOPS: Final = 10
MAX_LOOP_DEPTH: Final = 2
MAX_RANGE: Final = 100

VARIABLES: Final = frozenset(
    {
        *("automation", "event", "events", "firing", "firings", "labels", "variables"),
        *("concurrency_limit", "deployment", "flow", "flow_run", "task_run", "work_pool", "work_queue"),
    }
)
"""What the server has in a template's context when an automation fires (Prefect 3.8)."""

HUMANIZING: Final = frozenset(
    f"humanize_{name}"
    for name in (
        *(
            "abs_timedelta",
            "activate",
            "apnumber",
            "clamp",
            "date_and_delta",
            "deactivate",
            "decimal_separator",
        ),
        *("fractional", "intcomma", "intword", "metric", "naturaldate", "naturalday", "naturaldelta"),
        *("naturalsize", "naturaltime", "ordinal", "precisedelta", "scientific", "thousands_separator"),
    )
)
"""The filters of the package jinja2-humanize-extension."""

FILTERS: Final = frozenset({"flow_run_id", "ui_resource_events_url", "ui_url", *HUMANIZING})
"""The filters that the server adds to Jinja's own (Prefect 3.8)."""


_SIMPLE: Final = pattern(
    rf"(?:[^{{]++|\{{(?![{{%#])|\{{\{{\s*+(?:{'|'.join(sorted(VARIABLES))})(?:\.[A-Za-z_]\w*+)*+\s*+\}}\}})*+",
    ASCII,
)
"""A template that has values of what there is and nothing else, ``{{ flow_run.name }}``; most are."""


class Surroundings(NamedTuple):
    """What there is around a template when it is rendered."""

    of: str
    """Whose templates these are, in the plural: ``automations``."""
    variables: AbstractSet[str]
    filters: AbstractSet[str]
    has_limits: bool
    """Whether loops and ranges are counted."""


_AUTOMATIONS: Final = Surroundings("automations", VARIABLES, FILTERS, has_limits=True)


class Fault(NamedTuple):
    """One thing that is wrong with a template. ``line`` counts from 1."""

    line: int
    message: str
    remedy: str = ""
    severity: Literal["error", "warning"] = "error"


def is_template(text: str) -> bool:
    """Whether the server renders the text at all: it looks for ``{{`` or ``{%``."""
    return "{{" in text or "{%" in text


def faults(template: str, surroundings: Surroundings = _AUTOMATIONS) -> list[Fault]:
    """What is wrong with a template, in the order of its lines; a syntax error hides everything else."""
    half = next((sign for sign in template if "\ud800" <= sign <= "\udfff"), None)
    if half is not None:
        line = template[: template.index(half)].count("\n") + 1
        return [Fault(line, f"expected Unicode text, got the half character \\u{ord(half):x}")]
    if surroundings is _AUTOMATIONS and _SIMPLE.fullmatch(template):
        # Nothing can be wrong with it, and Jinja takes long to import and to say so.
        return []
    try:
        return _faults(template, surroundings)
    except RecursionError:
        return [Fault(1, "it is nested too deeply, also for the server")]


def _faults(template: str, surroundings: Surroundings) -> list[Fault]:
    from jinja2 import TemplateSyntaxError

    environment = _jinja()
    try:
        root = environment.parse(template)
    except TemplateSyntaxError as error:
        return [Fault(error.lineno, f"not a valid Jinja template: {error.message}")]
    found = [*_loop_faults(root), *_range_faults(root)] if surroundings.has_limits else []
    if is_template(template):
        found += _name_faults(root, environment, surroundings)
    return sorted(found, key=lambda fault: fault.line)


@cache
def _jinja() -> Environment:
    from jinja2 import Environment

    # It parses, and renders nothing; what an optimizer would work out beforehand may take for ever.
    return Environment(autoescape=False, optimized=False)  # noqa: S701


def _loop_faults(root: nodes.Template) -> list[Fault]:
    from jinja2 import nodes

    loops = list(root.find_all(nodes.For))
    found: list[Fault] = []
    if len(loops) > MAX_LOOPS:
        line = loops[MAX_LOOPS].lineno
        found.append(Fault(line, f"expected {MAX_LOOPS} for loops or fewer, got {len(loops)}"))
    deepest = max(((_depth(loop), loop.lineno) for loop in loops), default=(0, 1))
    if deepest[0] > MAX_LOOP_DEPTH:
        found.append(
            Fault(deepest[1], f"expected for loops nested {MAX_LOOP_DEPTH} deep or less, got {deepest[0]}")
        )
    return found


def _depth(node: nodes.Node) -> int:
    from jinja2 import nodes

    inner = max((_depth(child) for child in node.iter_child_nodes()), default=0)
    return inner + isinstance(node, nodes.For)


def _range_faults(root: nodes.Template) -> list[Fault]:
    from jinja2 import nodes

    found: list[Fault] = []
    for call in root.find_all(nodes.Call):
        if not (isinstance(call.node, nodes.Name) and call.node.name == "range" and 1 <= len(call.args) <= 3):
            continue
        numbers = [_whole(argument) for argument in call.args]
        if any(number is None for number in numbers):
            continue
        start, stop, step = _bounds([number for number in numbers if number is not None])
        if step == 0:
            found.append(Fault(call.lineno, "range() with a step of 0 fails"))
            continue
        count = max(0, -((start - stop) // step))
        if count > MAX_RANGE:
            found.append(Fault(call.lineno, f"expected a range() of {MAX_RANGE} or fewer, got {count}"))
    return found


def _whole(node: nodes.Expr) -> int | None:
    """The whole number that is written there."""
    from jinja2 import nodes

    sign = 1
    while isinstance(node, nodes.Neg):
        sign, node = -sign, node.node
    if isinstance(node, nodes.Const) and type(node.value) is int:
        return sign * node.value
    return None


def _bounds(numbers: list[int]) -> tuple[int, int, int]:
    """Start, stop and step of a range() of one to three numbers."""
    if len(numbers) == 1:
        return 0, numbers[0], 1
    return numbers[0], numbers[1], numbers[2] if len(numbers) == 3 else 1


def _name_faults(root: nodes.Template, environment: Environment, surroundings: Surroundings) -> list[Fault]:
    from jinja2 import TemplateSyntaxError, meta, nodes

    found: list[Fault] = []
    unknown: dict[str, dict[str, Any]] = {"filter": {}, "test": {}}
    for kind, node_type, known in (
        ("filter", nodes.Filter, surroundings.filters | environment.filters.keys()),
        ("test", nodes.Test, environment.tests.keys()),
    ):
        for node in root.find_all(node_type):
            name = getattr(node, "name", None)
            if isinstance(name, str) and name not in known:
                unknown[kind][name] = str
                message = f"Prefect's templates have no {kind} `{name}`, so rendering fails"
                found.append(Fault(node.lineno, message, severity="warning"))
    # Jinja finds the variables by compiling, and cannot compile filters and tests that it does not have.
    complete = environment.overlay()
    complete.filters = {
        **dict.fromkeys(surroundings.filters, str),
        **unknown["filter"],
        **environment.filters,
    }
    complete.tests = {**unknown["test"], **environment.tests}
    root.set_environment(complete)
    try:
        undeclared = meta.find_undeclared_variables(root) - surroundings.variables - set(environment.globals)
    except TemplateSyntaxError as error:
        return [*found, Fault(error.lineno, f"rendering fails: {error.message}", severity="warning")]
    for name in root.find_all(nodes.Name):
        if name.name in undeclared:
            undeclared.discard(name.name)
            found.append(
                Fault(
                    name.lineno,
                    f"templates of {surroundings.of} have no variable `{name.name}`, so it renders as nothing",
                    f"There are {', '.join(sorted(surroundings.variables))}.",
                    "warning",
                )
            )
    return found
