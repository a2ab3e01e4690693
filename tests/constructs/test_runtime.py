"""Which CDK the constructs choose, and how they say that something is missing."""

from pathlib import Path

import pytest

from prefect_constructs._runtime import check_node, choose_runtime
from tests.constructs.conftest import RunPython

BOTH = frozenset({"cdktf", "cdktn"})


@pytest.mark.parametrize(
    ("wanted", "loaded", "installed", "expected"),
    [
        ("", set(), BOTH, "cdktn"),
        ("", set(), {"cdktf"}, "cdktf"),
        ("", {"cdktf"}, BOTH, "cdktf"),
        ("", {"cdktn"}, BOTH, "cdktn"),
        ("", BOTH, BOTH, "cdktn"),
        ("cdktf", {"cdktn"}, BOTH, "cdktf"),
        ("", set(), set(), "native"),
        ("", {"prefect_constructs.native"}, BOTH, "native"),
        ("", {"prefect_constructs.native", "cdktn"}, BOTH, "native"),
        ("native", {"cdktn"}, BOTH, "native"),
        ("cdktn", {"prefect_constructs.native"}, BOTH, "cdktn"),
    ],
)
def test_choice(wanted: str, loaded: set[str], installed: set[str], expected: str) -> None:
    """The environment decides, then what the app has loaded, then what is installed; without a CDK, none is needed."""
    assert choose_runtime({"PREFECT_CONSTRUCTS_RUNTIME": wanted}, loaded, installed.__contains__) == expected


@pytest.mark.parametrize(
    ("wanted", "installed", "message"),
    [
        ("cdktf", {"cdktn"}, r'asks for cdktf, which is not installed.*pip install "prefect-iac\[cdktf\]"'),
        ("pulumi", BOTH, "expected cdktn, cdktf or native, got 'pulumi'"),
    ],
)
def test_no_runtime(wanted: str, installed: set[str], message: str) -> None:
    """What is not there is named, with the command that installs it."""
    with pytest.raises(ImportError, match=message):
        choose_runtime({"PREFECT_CONSTRUCTS_RUNTIME": wanted}, set(), installed.__contains__)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo v18.20.1", r"needs Node 20 or newer, and `.*` is v18\.20\.1\. Install Node 20"),
        ("echo nothing", "needs Node 20 or newer"),
        ("exit 3", "--version` failed"),
    ],
)
def test_wrong_node(script: str, message: str, tmp_path: Path) -> None:
    """A Node that is too old or broken is reported as such."""
    program = tmp_path / "node"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    with pytest.raises(ImportError, match=message):
        check_node({"JSII_NODE": str(program)})


def test_no_node(tmp_path: Path) -> None:
    """A missing Node is reported before the CDK fails on it."""
    with pytest.raises(ImportError, match=r"there is no program .*absent'\. Install Node 20"):
        check_node({"JSII_NODE": str(tmp_path / "absent")})


def test_no_node_on_import(run_python: RunPython) -> None:
    """The error of an import without Node is the project's own."""
    program = "try:\n  from prefect_constructs import WorkPool\nexcept ImportError as error:\n  print(error)"
    text = run_python("-c", program, env={"JSII_NODE": "absent"})
    assert "there is no program 'absent'" in text
    assert "or do without: import `App` and `TerraformStack` from prefect_constructs.native" in text


@pytest.mark.parametrize("runtime", sorted(BOTH))
def test_follows_the_app(runtime: str, run_python: RunPython) -> None:
    """The constructs are those of the CDK that the app imported."""
    program = f"import {runtime}\nfrom prefect_constructs import _runtime\nprint(_runtime.RUNTIME)"
    assert run_python("-c", program).strip() == runtime


def test_imports_nothing_slow(run_python: RunPython) -> None:
    """Neither the HTTP library nor the wire protocol nor pydantic is loaded with the constructs."""
    program = (
        "import sys, prefect_constructs\n"
        "print([name for name in ('httpx', 'google.protobuf', 'grpclib', 'msgpack', 'jinja2', 'pydantic')"
        " if name in sys.modules])"
    )
    assert run_python("-c", program).strip() == "[]"


def test_imports_what_is_used(run_python: RunPython) -> None:
    """A class of an object is imported when it is asked for, and what there is can be listed without."""
    program = (
        "import sys, prefect_constructs as pc\n"
        "loaded = lambda: sorted(name.rpartition('.')[2] for name in sys.modules if '._generated.' in name)\n"
        "print(loaded(), {*pc.__all__} <= {*dir(pc)})\n"
        "from prefect_constructs import Variable, PrefectVariable\n"
        "print(loaded(), Variable is PrefectVariable is pc.Variable)\n"
        "print(hasattr(pc, 'WorkPol'), 'WorkPool' in vars(pc))\n"
        "from prefect_constructs import *\n"
        "print(WorkPool.__name__, 'WorkPool' in vars(pc))"
    )
    assert run_python("-c", program).splitlines() == [
        "[] True",
        "['prefect_variable'] True",
        "False False",
        "WorkPool True",
    ]
