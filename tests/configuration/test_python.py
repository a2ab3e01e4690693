"""Trees of a configuration in Python: it reads as `ruff format` has it, and means what it should."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prefect_iac.configuration.expressions import Input, Noted, Reference, Template
from prefect_iac.configuration.python import call, expression, quoted, statement

if TYPE_CHECKING:
    from pathlib import Path

FLOW = Reference("prefect_flow", "etl", "id", "f-1")

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=12,
)


def written(tree: Any) -> str:
    """The tree as a statement."""
    return statement("value = ", expression(tree, lambda found: f"{found.label}.{found.attribute}"))


def evaluated(code: str) -> Any:
    """What the statement makes of it; `literal` is the text itself here."""
    names: dict[str, Any] = {"literal": str}
    exec(code, names)  # noqa: S102 - it is what was just written
    return names["value"]


@given(_VALUES)
def test_values_come_back(tree: Any) -> None:
    """Python has every value as it was."""
    assert evaluated(written(tree)) == tree


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_VALUES, min_size=40, max_size=40))
def test_ruff_has_nothing_to_do(tmp_path: Path, trees: list[Any]) -> None:
    """The formatter leaves statements as they are."""
    file = tmp_path / "values.py"
    file.write_text("\n".join(written(tree) for tree in trees) + "\n", encoding="utf-8", newline="\n")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", file.name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_parts_have_their_words() -> None:
    """References, templates, inputs and remarks; a remark stands in a line of its own."""
    assert written({"a": FLOW, "b": Template(("${x} {y} ", FLOW)), "c": Input("password")}) == (
        'value = {"a": etl.id, "b": f"$${{x}} {{y}} {etl.id}", "c": password.value}'
    )
    assert (
        written([Noted("p-1", "the\n pool\x1b\u2028"), 2]) == 'value = [\n    "p-1",  # the pool\n    2,\n]'
    )
    assert written("a ${b}") == 'value = literal("a ${b}")'


def test_quotes_are_those_that_leave_less_to_escape() -> None:
    """As formatters have it."""
    assert quoted('say "so"') == "'say \"so\"'"
    assert quoted("it's") == '"it\'s"'
    assert quoted("\"'") == '"\\"\'"'


def test_calls_are_broken_where_they_are_too_long() -> None:
    """One argument in a line, with a comma behind the last."""
    code = call("Flow", ["stack", quoted("x" * 40)], {"name": quoted("y" * 40)})
    assert statement("flow = ", code) == (
        f'flow = Flow(\n    stack,\n    "{"x" * 40}",\n    name="{"y" * 40}",\n)'
    )
