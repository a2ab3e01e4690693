"""Code that cannot be read is left open: whatever the file holds, there is a name, and no exception."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prefect_provider.flow_code.source import (
    FlowSource,
    FlowSourceError,
    default_flow_name,
    read_flow,
    read_flow_name,
)

CORPUS = [
    path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parents[2].glob("examples/**/*.py"))
]
IT = "from prefect import flow\n@flow(name='it')\ndef fn(): ...\n"
FLOW = """from prefect import flow
from dataclasses import dataclass
from pydantic import BaseModel, Field
from typing import *

NAME = "the " + "name"

@dataclass(kw_only=True)
class Point:
    x: int = 1
    y: int

class Model(BaseModel):
    point: Point
    after: "Model | None" = None

@flow(name=f"{NAME}!", retries=3)
def fn(a: int, b: Model = Model(point=Point(y=1)), c: tuple[()] = (), d: list[int] = Field([], max_length=3)):
    '''Does it.

    Args:
        a: how many
    '''
"""


def read(folder: Path, code: str | bytes, entrypoint: str = "flow.py:fn") -> FlowSource:
    """Read the flow of a file that has this code, and see that its name alone is read alike."""
    (folder / "flow.py").write_bytes(code.encode() if isinstance(code, str) else code)
    found = read_flow(entrypoint, folder)
    assert found is not None
    assert read_flow_name(entrypoint, folder) == found.name
    json.dumps(found.parameters_schema, allow_nan=False, ensure_ascii=False).encode()
    return found


@pytest.mark.parametrize(
    ("code", "name"),
    [
        # Of a newer Python, in another function, in the body and in the signature.
        (
            f"def other():\n    try: ...\n    except A, B, C: ...\n{IT}",
            "it",
        ),
        (
            "from prefect import flow\n@flow(name='it')\ndef fn(\n    a: int,\n):\n    return t'{a' 'b}' ?\n",
            "it",
        ),
        ("from prefect import flow\n@flow(name='it')\nasync def fn[T: list[int]](a: T): ...\n", "it"),
        # In other encodings.
        (
            "# -*- coding: latin-1 -*-\nfrom prefect import flow\n@flow(name='Gr\xf6\xdfe')\ndef fn(): ...\n".encode(
                "latin-1"
            ),
            "Größe",
        ),
        (
            b"# -*- coding: klingon -*-\n" + IT.encode(),
            "it",
        ),
        (f"\ufeff{IT}".encode(), "it"),
        ("from prefect import flow\n@flow(name='it')\ndef fn(): 'Gr\xf6\xdfe'\n".encode("latin-1"), "it"),
        (b"from prefect import flow\n\0\n@flow(name='it')\ndef fn(): ...\n", "it"),
        # Not a function of this file.
        ("from elsewhere import fn\n", "fn"),
        ("from elsewhere import *\n", "fn"),
        ("import elsewhere\nfn = elsewhere.make()\n", "fn"),
        ("def __getattr__(name): ...\n", "fn"),
        # Unreadable, and nobody knows what is in it.
        ("def other(:\n", "fn"),
        (b"\0", "fn"),
        (b"\xff\xfe\x00d", "fn"),
        # Names that are no names.
        ("from prefect import flow\n@flow(name='\\ud800')\ndef fn(): ...\n", "fn"),
        ("from prefect import flow\n@flow(name=1 / 0)\ndef fn(): ...\n", "fn"),
        ("from prefect import flow\n@flow(name={[]: 1})\ndef fn(): ...\n", "fn"),
        ("from prefect import flow\n@flow(name=X.a)\ndef fn(): ...\nclass X:\n    a = X.a\n", "fn"),
        # Too deep and too large.
        (f"from prefect import flow\n@flow(name={'(' * 300}1{')' * 300})\ndef fn(): ...\n", "fn"),
        (f"from prefect import flow\n@flow(name={'+'.join(['x'] * 5000)})\ndef fn(): ...\nx = 'a'\n", "fn"),
        (
            f"from prefect import flow\nif a: ...\n{'elif a: ...' + chr(10)}" * 1
            + "elif b: ...\n" * 2000
            + "@flow(name='it')\ndef fn(): ...\n",
            "it",
        ),
        (
            "from prefect import flow\nA0 = 'x' * 9999\n"
            + "".join(f"A{n + 1} = A{n} + A{n}\n" for n in range(40))
            + "@flow(name=A40)\ndef fn(): ...\n",
            "fn",
        ),
        (
            "from prefect import flow\nA0 = ['x']\n"
            + "".join(f"A{n + 1} = [A{n}, A{n}]\n" for n in range(40))
            + "@flow(name=A40)\ndef fn(a=A40): ...\n",
            "fn",
        ),
        (
            f"{IT[:-8]}(a: {'list[' * 90}int{']' * 90}, b={'[' * 90}{']' * 90}): ...\n",
            "it",
        ),
    ],
)
def test_what_cannot_be_read_is_left_open(tmp_path: Path, code: str | bytes, name: str) -> None:
    """The name is read where it can be, and otherwise is the function's."""
    assert read(tmp_path, code).name == name


@pytest.mark.parametrize(
    "code",
    ["def fn(:\n", "from prefect import flow\n@flow\ndef fn(a: int = ?):\n    ...\n", "async def fn(a\n"],
)
def test_a_definition_that_no_python_reads_is_an_error(tmp_path: Path, code: str) -> None:
    """It would fail when the flow runs; where it breaks off is said."""
    (tmp_path / "flow.py").write_text(code, encoding="utf-8")
    for reads in (read_flow, read_flow_name):
        with pytest.raises(FlowSourceError, match=r"cannot read the flow fn from .*flow\.py: line \d"):
            reads("flow.py:fn", tmp_path)


@pytest.mark.parametrize(
    ("signature", "left"),
    [
        ("_p: int = 1, q: int = 2", ["q"]),
        ("a: tuple[()]", ["a"]),
        ("a: dict[int]", ["a"]),
        ("a: Literal[[]]", ["a"]),
        ("a: Annotated[int]", ["a"]),
        ("a: Annotated[int, Field(ge='x')] = 1", ["a"]),
        ("a: int = 1e999", ["a"]),
        ("a: str = '\\ud800'", ["a"]),
        ("a: Bad", ["a"]),
        ("a: Loop", ["a"]),
        ("a: Optional[()]", ["a"]),
        ("a: 'x y'", ["a"]),
        ("a: int = Field(1, nonsense=2, default_factory=3)", ["a"]),
        ("model_config: int, __root__: int = 1", ["model_config"]),
    ],
)
def test_a_parameter_that_cannot_be_read_is_left_open(
    tmp_path: Path, signature: str, left: list[str]
) -> None:
    """The others are in the schema as ever; one that Prefect itself refuses is left out, and said."""
    code = (
        "from prefect import flow\nfrom typing import Annotated, Literal, Optional\nfrom pydantic import Field\n"
        "from enum import Enum\nclass Bad(Enum):\n    mro = 1\n    x = 1\nclass Loop(Loop): ...\n"
        f"@flow\ndef fn({signature}, z: str = 'last'): ...\n"
    )
    found = read(tmp_path, code)
    assert list(found.parameters_schema["properties"]) == [*left, "z"]
    assert found.parameters_schema["properties"]["z"]["type"] == "string"


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    """Reading it would take longer than anybody waits; its name is the function's."""
    assert read(tmp_path, IT + "#" * 6_000_000).name == "fn"


@pytest.mark.parametrize(
    "entrypoint", ["", ":", "fn", ":fn", "..:fn", "a\0.py:fn", "x" * 5000 + ".py:fn", ".", "\ud800.py:fn"]
)
def test_odd_entrypoints_have_no_file(tmp_path: Path, entrypoint: str) -> None:
    """They are the rules' to refuse."""
    assert read_flow_name(entrypoint, tmp_path) is None
    assert read_flow(entrypoint, tmp_path) is None


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10**9), count=st.integers(1, 6))
def test_mutated_sources_never_raise(tmp_path: Path, seed: int, count: int) -> None:
    """Files with parts cut out, doubled, swapped and overwritten are read, or have no such flow."""
    random = Random(seed)  # noqa: S311 - the same ones each time
    text = random.choice([FLOW, FLOW, *CORPUS])
    for _ in range(count):
        begin, end = sorted(random.randrange(len(text) + 1) for _ in range(2))
        end = min(end, begin + random.choice((1, 5, 80)))
        noise = random.choice(
            (
                "",
                text[begin:end] * 2,
                "(",
                "\n",
                "\t",
                "\0",
                "\\",
                "'''",
                "[]",
                ":",
                "name=",
                "\ud800",
                "é",
                "lambda: (yield)",
            )
        )
        text = text[:begin] + noise + text[end:]
    (tmp_path / "flow.py").write_bytes(text.encode("utf-8", "surrogatepass"))
    for entrypoint in ("flow.py:fn", "flow.py:Model.fn"):
        try:
            found, name = read_flow(entrypoint, tmp_path), read_flow_name(entrypoint, tmp_path)
        except FlowSourceError:
            continue  # as documented, where nothing has that name, or its definition is broken off
        assert found is not None
        assert name == found.name
        assert name


@given(text=st.text(max_size=40))
def test_every_entrypoint_has_a_default_name(text: str) -> None:
    """The name that an entrypoint implies needs no file, and has no underscore."""
    assert "_" not in default_flow_name(text)


def test_a_name_is_read_without_pydantic(tmp_path: Path) -> None:
    """A plan needs names only, and does not pay for importing pydantic; a schema does need it."""
    (tmp_path / "flow.py").write_text(FLOW, encoding="utf-8")
    code = (
        "import sys; from pathlib import Path; from prefect_provider.flow_code.source import read_flow, read_flow_name;"
        "print(read_flow_name('flow.py:fn', Path()), 'pydantic' in sys.modules, 'pydantic_core' in sys.modules);"
        "read_flow('flow.py:fn', Path()); print('pydantic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[:2] == ["the name! False False", "True"]
