"""Entrypoints: what a worker could load, and what it never can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefect_provider.rules.entrypoints import entrypoint_parts, entrypoint_problem


@pytest.mark.parametrize(
    "entrypoint",
    [
        "",
        "flow.py:fn",
        "path/to/flow.py:fn",
        "./path/to/flow.py:fn",
        "/opt/my code/flow.py:Job.run",
        r"C:\flows\etl.py:fn",
        "package.module:fn",
        "package.module:Job.run",
        "package.module.fn",
        "my-package.module.fn",
        "script:fn",
        "flöws.py:größe",
    ],
)
def test_what_a_worker_can_load_passes(entrypoint: str) -> None:
    """Files, modules and methods, with spaces and letters of any language."""
    assert entrypoint_problem(entrypoint) is None


@pytest.mark.parametrize(
    ("entrypoint", "remedy"),
    [
        ("flows/etl.py", "It names no function: write `flows/etl.py:function`."),
        ("etl.py", "It names no function: write `etl.py:function`."),
        ("flows/etl.py:", "It names no function: write `flows/etl.py:function`."),
        (r"C:\flows\etl.py", r"It names no function: write `C:\flows\etl.py:function`."),
        ("flows/etl", "It names no function: write `flows/etl.py:function`."),
        ("package.module:", "It names no function: write `package.module:function`."),
        (":fn", "It names no file: write `path/to/file.py:fn`."),
        ("fn", "It is one name: write `path/to/file.py:fn`."),
        (":", "It names no file: write `path/to/file.py:function`."),
        ("flows/etl:fn", "A path ends with .py: write `flows/etl.py:fn`."),
        ("flow.py:my-flow", "Name the function, not the flow: `flow.py:my_flow`."),
        ("flow.py:my flow", "Name the function, not the flow: `flow.py:my_flow`."),
        ("flow.py:fn()", "Name the function, not the flow: `flow.py:fn`."),
        ("flow.py:class", ""),
        ("flow.py:1st", ""),
        ("flow.py:Job..run", ""),
        (".module.fn", ""),
        (" flow.py:fn", "Write `flow.py:fn`."),
        ("flow.py:fn\n", "Write `flow.py:fn`."),
        ("flow.py:\0fn", "Write `flow.py:fn`."),
    ],
)
def test_what_no_worker_can_load_is_an_error_with_a_remedy(entrypoint: str, remedy: str) -> None:
    """A file without a function, a function without a file, a flow's name for its function's."""
    found = entrypoint_problem(entrypoint, ("entrypoint",))
    assert found is not None
    assert (found.path, found.severity, found.remedy) == (("entrypoint",), "error", remedy)
    assert "expected `path/to/file.py:function` or `package.module.function`, got" in found.message


def test_a_function_inside_a_function_is_a_warning() -> None:
    """It runs where it is served from its process, which is how such a deployment came about."""
    found = entrypoint_problem("flow.py:outer.<locals>.inner")
    assert found is not None
    assert found.severity == "warning"


@given(st.text(alphabet=st.sampled_from([*"ab.:/\\py ()-1é\0\n", "\ud800"]), max_size=20))
def test_every_text_has_an_answer(entrypoint: str) -> None:
    """No text raises, and what is mended in a remedy is itself free of the problem."""
    assert len(entrypoint_parts(entrypoint)) == 2
    found = entrypoint_problem(entrypoint)
    if found is not None and "`" in found.remedy and "function`" not in found.remedy:
        mended = entrypoint_problem(found.remedy.split("`")[1])
        assert mended is None or mended.message != found.message
