"""Flows are read from source: names, descriptions and parameter schemas, as Prefect itself has them."""

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from prefect_provider.flow_code.docstrings import parameter_docs
from prefect_provider.flow_code.source import FlowSource, FlowSourceError, default_flow_name, read_flow
from tests.rules.prefect_python import PREFECT_PYTHON

HEADER = """
import datetime as dt
import enum
import prefect
import prefect as p
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from pathlib import Path
from prefect import flow
from prefect import flow as fl
from prefect.flows import flow as from_flows
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from typing import Annotated, Any, Dict, List, Literal, Optional, Union
from uuid import UUID

LIMIT: int = 3
HOUR = 60 * 60
NAME = "named-by-constant"
Tags = list[str]

class Color(Enum):
    RED = "red"
    BLUE = "blue"

class Level(IntEnum):
    "How much."
    LOW = 1
    HIGH = 2

class Mode(StrEnum):
    FAST = enum.auto()

class Inner(BaseModel):
    x: int = 3

class Config(BaseModel):
    "Where to read."
    model_config = ConfigDict(extra="forbid")
    path: Path
    color: Color = Color.RED
    inner: Inner = Inner()
    tags: list[str] = []
    limit: int = Field(default=10, ge=1, description="at most")

@dataclass
class Point:
    x: int
    y: int = 2

@dataclass(kw_only=True)
class Named:
    x: int = 1
    y: int

@dataclass
class Mixed:
    a: int
    _: KW_ONLY
    x: int = 1
    z: list[int] = field(default_factory=list)
    w: int = field(kw_only=True)

@dataclass
class Extended(Point):
    z: int = 3

class Plain:
    pass
"""

FLOWS = {
    "plain": "@flow\ndef plain(a, b=1): ...",
    "constant_name": "@flow(name=NAME)\ndef constant_name(): ...",
    "attribute": "@prefect.flow(name='x y', description='says so')\ndef attribute(): 'Not this.'",
    "module_alias": "@p.flow\ndef module_alias(): 'Does\\n    it.'",
    "alias": "@fl(name=NAME + '-2')\ndef alias(): ...",
    "submodule": "@from_flows(name=f'{NAME}-{LIMIT}')\nasync def submodule(): ...",
    "scalars": "@flow\ndef scalars(i: int, f: float, s: str, b: bool, n: None, y: bytes, a: Any): ...",
    "lists": "@flow\ndef lists(a: list, b: list[int], c: List[str], d: set[str], e: tuple[int, str], "
    "f: tuple[int, ...]): ...",
    "dicts": "@flow\ndef dicts(a: dict, b: dict[str, int], c: Dict[str, Any] = {'k': [1, None]}): ...",
    "unions": "@flow\ndef unions(a: Optional[int] = None, b: Union[int, str] = 1, c: int | None = None, "
    "d: list[int] | None = None): ...",
    "literals": "@flow\ndef literals(a: Literal['x', 'y'] = 'x', b: Literal['z'] = 'z', c: Literal[1, "
    "'q'] = 1): ...",
    "times": "@flow\ndef times(a: datetime, b: date, c: timedelta, d: UUID, e: Path, f: Decimal, "
    "g: dt.datetime): ...",
    "enums": "@flow\ndef enums(a: Color, b: Color = Color.RED, c: Level = Level.LOW, "
    "d: Mode = Mode.FAST): ...",
    "models": "@flow\ndef models(a: Config, b: Optional[Point] = None, c: Inner = Inner(x=5)): ...",
    "reserved": "@flow\ndef reserved(copy: int, json: str = 'x', schema: dict = {}): ...",
    "keywords": "@flow\ndef keywords(a: int, *, b: str = 'x', c: int): ...",
    "positional": "@flow\ndef positional(a: int, /, b: int = 2): ...",
    "defaults": "@flow\ndef defaults(a: int = LIMIT, b: float = HOUR / 2, c: str = 'x' 'y', d: int = -1, "
    "e: list = [LIMIT]): ...",
    "annotated": "@flow\ndef annotated(a: Annotated[int, Field(ge=1, description='one')], "
    "b: int = Field(default=2, description='two'), c: Annotated[str, 'note'] = 'x'): ...",
    "quoted": "@flow\ndef quoted(a: 'int', b: 'Optional[Color]' = None): ...",
    "others": "@flow\ndef others(a: Plain, b: SecretStr, c: Tags): ...",
    "empty_tuple": "@flow\ndef empty_tuple(a: tuple[()], b: tuple[()] = ()): ...",
    "dataclasses_of_keywords": "@flow\ndef dataclasses_of_keywords(a: Named, b: Mixed, c: Extended): ...",
    "wrapped": "def bare(a: int): 'Is wrapped.'\nwrapped = flow(bare, name='wrapped up')",
    "changed": "@flow(description='as it was')\ndef before(a: int): ...\nchanged = before.with_options(name='after')",
    "described": '''@flow
def described(a: int, b: str = "x", *, c: int = 1):
    """Does it.

    Note:
        not: a parameter

    Args:
        a: The first: with a colon.
        b (str): The second
            over two lines.
        c (int, optional): Third.

    Returns:
        d: nothing
    """''',
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with one file of flows."""
    (tmp_path / "flows.py").write_text(HEADER + "\n\n" + "\n\n".join(FLOWS.values()))
    return tmp_path


def read(folder: Path, code: str, entrypoint: str = "flow.py:fn") -> FlowSource:
    """Read the flow of a file that has this code."""
    (folder / "flow.py").write_text(dedent(code))
    found = read_flow(entrypoint, folder)
    assert found is not None
    return found


@pytest.mark.skipif(not PREFECT_PYTHON, reason="there is no Python with Prefect")
def test_flows_are_read_as_prefect_has_them(source: Path) -> None:
    """Name, description and parameter schema of every example equal those of the flow that Prefect makes."""
    code = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("flows", "flows.py")
module = importlib.util.module_from_spec(spec)
sys.modules["flows"] = module
spec.loader.exec_module(module)
found = {}
for name in sys.argv[1:]:
    flow = getattr(module, name)
    found[name] = [flow.name, flow.description, flow.parameters.model_dump_for_openapi()]
print(json.dumps(found))
"""
    done = subprocess.run(
        [PREFECT_PYTHON, "-c", code, *FLOWS], cwd=source, capture_output=True, text=True, check=True
    )
    theirs = json.loads(done.stdout.splitlines()[-1])
    for name in FLOWS:
        found = read_flow(f"flows.py:{name}", source)
        assert found is not None
        assert [found.name, found.description, json.loads(json.dumps(found.parameters_schema))] == theirs[
            name
        ]
        assert found.warnings == []


@pytest.mark.parametrize(
    ("name", "flow_name"),
    [
        ("plain", "plain"),
        ("constant_name", "named-by-constant"),
        ("attribute", "x y"),
        ("module_alias", "module-alias"),
        ("alias", "named-by-constant-2"),
        ("submodule", "named-by-constant-3"),
    ],
)
def test_the_name_is_the_decorators_or_the_functions(source: Path, name: str, flow_name: str) -> None:
    """Whatever the decorator is called, its name counts; without one the function's, with dashes."""
    found = read_flow(f"flows.py:{name}", source)
    assert found is not None
    assert found.name == flow_name


def test_a_schema_has_types_defaults_and_descriptions(source: Path) -> None:
    """The schema of a documented flow, written out."""
    found = read_flow("flows.py:described", source)
    assert found is not None
    assert found.parameters_schema == {
        "title": "Parameters",
        "type": "object",
        "properties": {
            "a": {"type": "integer", "title": "a", "position": 0, "description": "The first: with a colon."},
            "b": {
                "type": "string",
                "title": "b",
                "position": 1,
                "default": "x",
                "description": "The second\nover two lines.",
            },
            "c": {"type": "integer", "title": "c", "position": 2, "default": 1, "description": "Third."},
        },
        "required": ["a"],
        "definitions": {},
    }


def test_no_code_of_the_file_runs(tmp_path: Path) -> None:
    """Module level statements, defaults, decorators and class bodies are not executed."""
    code = """
    import sys
    from prefect import flow
    def boom(): raise SystemExit("it ran")
    X = boom()
    class Settings:
        value: int = boom()
    @flow(retries=boom())
    def fn(a: int = X, b: str = boom(), c: Settings = Settings()): ...
    boom()
    """
    found = read(tmp_path, code)
    assert found.name == "fn"
    assert "required" not in found.parameters_schema
    assert [line.split(":")[2].split(" is ")[0].strip() for line in found.warnings] == [
        "the default of a",
        "the default of b",
        "the default of c",
    ]
    assert "default" not in found.parameters_schema["properties"]["a"]


def test_what_cannot_be_told_is_left_open_and_reported(tmp_path: Path) -> None:
    """A computed name, a foreign type and an unknown decorator are warnings with their lines."""
    code = """\
    from elsewhere import Thing, task, make_name
    from prefect import flow
    @flow(name=make_name())
    def fn(a: Thing, b: list[Thing], *args: int, **kwargs): ...
    @task
    def other(): ...
    """
    found = read(tmp_path, code)
    assert found.name == "fn"
    assert found.parameters_schema["properties"] == {
        "a": {"title": "a", "position": 0},
        "b": {"title": "b", "position": 1},
    }
    lines = [warning.split(":")[1].strip() for warning in found.warnings]
    assert sorted(lines) == ["line 3", "line 4", "line 4", "line 4", "line 4"]
    assert len(read(tmp_path, code, "flow.py:other").warnings) == 1


@pytest.mark.parametrize(
    ("path", "entrypoint"),
    [
        ("a/b.py", "a/b.py:fn"),
        ("a/b.py", "./a/b.py:fn"),
        ("a/b.py", "a.b:fn"),
        ("a/b.py", "a.b.fn"),
        ("a/b/__init__.py", "a.b:fn"),
        ("src/a/b.py", "a.b:fn"),
        ("script", "script:fn"),
    ],
)
def test_entrypoints_name_files_and_modules(tmp_path: Path, path: str, entrypoint: str) -> None:
    """Paths, packages in the folder and in its src, and dotted names all lead to the function."""
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("from prefect import flow\n@flow(name='found')\ndef fn(): ...\n")
    found = read_flow(entrypoint, tmp_path)
    assert found is not None
    assert found.name == "found"


def test_methods_are_flows_without_their_first_parameter(tmp_path: Path) -> None:
    """Of a method the object is left out, of a static method nothing."""
    code = """
    from prefect import flow
    class Job:
        @flow(name="run it")
        def run(this, a: int): ...
        @staticmethod
        @flow
        def still(a: int): ...
    """
    run = read(tmp_path, code, "flow.py:Job.run")
    assert (run.name, list(run.parameters_schema["properties"])) == ("run it", ["a"])
    assert list(read(tmp_path, code, "flow.py:Job.still").parameters_schema["properties"]) == ["a"]


def test_an_absent_file_is_none_and_an_absent_function_is_an_error(tmp_path: Path) -> None:
    """Only the file may be missing; a wrong function or class is reported with what there is."""
    assert read_flow("nowhere.py:fn", tmp_path) is None
    assert read_flow("no.where:fn", tmp_path) is None
    (tmp_path / "flow.py").write_text("def one(): ...\ndef two(): ...\n")
    with pytest.raises(FlowSourceError, match=r"no function fn.*it has one, two"):
        read_flow("flow.py:fn", tmp_path)
    with pytest.raises(FlowSourceError, match="no class Job"):
        read_flow("flow.py:Job.run", tmp_path)


def test_the_default_name_needs_no_file() -> None:
    """The name that the entrypoint alone implies."""
    assert default_flow_name("path/to/flow.py:decorated_fn") == "decorated-fn"
    assert default_flow_name("pkg.flows:Job.run_it") == "run-it"
    assert default_flow_name("pkg.flows.my_fn") == "my-fn"


@pytest.mark.parametrize(
    ("docstring", "docs"),
    [
        (None, {}),
        ("Only text.", {}),
        ("\nArgs:\n    a: One.", {"a": "One."}),
        ("X.\n\nArguments:\n    a (int): One.\n    **rest: More.", {"a": "One.", "rest": "More."}),
        (
            "X.\n\nParams:\n    a: One\n        two.\n\n        three.\n\nRaises:\n    b: No.",
            {"a": "One\ntwo.\n\nthree."},
        ),
        ("Args: see below", {}),
    ],
)
def test_docstrings_of_the_google_style_describe_parameters(
    docstring: str | None, docs: dict[str, Any]
) -> None:
    """Only sections of arguments count, and further lines belong to the description."""
    assert parameter_docs(docstring) == docs


def test_the_rules_are_read_without_pydantic() -> None:
    """A provider can validate without the time that importing pydantic, jinja2 or zoneinfo takes."""
    modules = (
        "rules.triggers",
        "rules.trigger_forms",
        "events.loops",
        "rules.actions",
        "rules.schedules",
        "flow_code.source",
    )
    imports = ", ".join(f"prefect_provider.{name}" for name in modules)
    slow = ("pydantic", "jinja2", "zoneinfo", "difflib", "dateutil", "jsonschema")
    code = f"import sys, {imports}; print([name for name in {slow} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
