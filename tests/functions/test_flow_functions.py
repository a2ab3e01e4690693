"""The functions that read a flow's code."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING

import pytest

from prefect_provider.functions.flow_name import FlowName
from prefect_provider.functions.parameter_schema import ParameterSchema
from prefect_provider.plugin.language.function import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODE = '''
from prefect import flow

@flow(name="Daily ingest")
def ingest(day: str, retries: int = 3):
    """Ingest a day.

    Args:
        day: which one
    """

@flow
def my_plain_flow(): ...
'''


@pytest.fixture
def code(tmp_path: Path) -> Iterator[Path]:
    """A working directory with `flows/daily.py`."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "daily.py").write_text(CODE, encoding="utf-8")
    with contextlib.chdir(tmp_path):
        yield tmp_path


@pytest.mark.parametrize(
    ("entrypoint", "name"),
    [
        ("flows/daily.py:ingest", "Daily ingest"),
        ("flows.daily.ingest", "Daily ingest"),
        ("flows/daily.py:my_plain_flow", "my-plain-flow"),
        ("absent.py:some_flow", "some-flow"),
        ("package.module.some_flow", "some-flow"),
    ],
)
def test_name_of_a_flow(code: Path, entrypoint: str, name: str) -> None:
    """The decorator's name wins; without it, or without the file, it is the function's with hyphens."""
    assert code.is_dir()
    assert asyncio.run(FlowName().call(entrypoint)) == name


def test_schema_of_a_flow(code: Path) -> None:
    """The schema has the parameters with their types, defaults, order and what the docstring says of them."""
    assert code.is_dir()
    schema = json.loads(asyncio.run(ParameterSchema().call("flows/daily.py:ingest")))
    assert schema["required"] == ["day"]
    assert schema["properties"]["retries"]["default"] == 3
    assert schema["properties"]["retries"]["type"] == "integer"
    assert schema["properties"]["day"]["description"] == "which one"
    assert [schema["properties"][name]["position"] for name in ("day", "retries")] == [0, 1]


@pytest.mark.parametrize("function", [FlowName, ParameterSchema], ids=lambda function: function.name)
def test_file_without_the_flow(code: Path, function: type[FlowName | ParameterSchema]) -> None:
    """A file that is there and lacks the function is an error of the argument."""
    assert code.is_dir()
    with pytest.raises(ArgumentError, match="absent") as caught:
        asyncio.run(function().call("flows/daily.py:absent"))
    assert caught.value.index == 0


def test_schema_without_the_file(code: Path) -> None:
    """A schema cannot be guessed, so a file that is not there is an error that names file and directory."""
    with pytest.raises(ArgumentError, match=r"no file absent\.py in") as caught:
        asyncio.run(ParameterSchema().call("absent.py:ingest"))
    assert str(code.resolve()) in str(caught.value)


@pytest.mark.parametrize("function", [FlowName, ParameterSchema], ids=lambda function: function.name)
@pytest.mark.parametrize(
    ("entrypoint", "remedy"),
    [
        ("flows/daily.py", "write `flows/daily.py:function`"),
        ("flows/daily.py:", "write `flows/daily.py:function`"),
        ("ingest", "write `path/to/file.py:ingest`"),
        ("flows/daily.py:ingest ", "Write `flows/daily.py:ingest`"),
        ("flows/daily:ingest", "write `flows/daily.py:ingest`"),
        ("", 'got ""'),
    ],
)
def test_what_is_no_entrypoint(
    code: Path, function: type[FlowName | ParameterSchema], entrypoint: str, remedy: str
) -> None:
    """Such a text is refused as a deployment refuses it: no name, and no schema, is made up of it."""
    assert code.is_dir()
    with pytest.raises(ArgumentError, match=r"[Ee]xpected `path/to/file\.py:function`") as caught:
        asyncio.run(function().call(entrypoint))
    assert remedy in str(caught.value)
    assert caught.value.index == 0
