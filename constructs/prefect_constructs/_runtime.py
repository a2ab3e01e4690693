"""What the constructs run on: a CDK, or the runtime of this library that needs no Node.

The CDK is CDK Terrain (``cdktn``), or CDK for Terraform (``cdktf``), which it succeeds.
No other module imports either. An app imports ``App`` and ``TerraformStack`` from one of them, or from
``prefect_constructs.native``, and the constructs follow it: they use the one that is loaded already; else the CDK that
is installed; of both, ``cdktn``; and without any CDK, ``native``. The environment variable
``PREFECT_CONSTRUCTS_RUNTIME`` overrides that.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

__all__ = [
    "NATIVE",
    "NATIVE_PACKAGE",
    "RUNTIME",
    "VARIABLE",
    "Annotations",
    "AnyCount",
    "AnyStack",
    "Construct",
    "Fn",
    "IResolvable",
    "ITerraformDependable",
    "ITerraformIterator",
    "Postcondition",
    "Precondition",
    "Scope",
    "TerraformCount",
    "TerraformDataSource",
    "TerraformElement",
    "TerraformIterator",
    "TerraformMetaArguments",
    "TerraformProvider",
    "TerraformResource",
    "TerraformStack",
    "Testing",
    "Token",
    "check_node",
    "choose_runtime",
    "create",
    "implements",
    "load",
    "runtime_of",
]

_T = TypeVar("_T")

CDKS: Final = ("cdktn", "cdktf")
NATIVE: Final = "native"
RUNTIMES: Final = (*CDKS, NATIVE)
VARIABLE: Final = "PREFECT_CONSTRUCTS_RUNTIME"

NATIVE_PACKAGE: Final = "prefect_constructs.native"

OLDEST_NODE: Final = 20
"""The major version that both runtimes still start on."""


def _installed(name: str) -> bool:
    return find_spec(name) is not None


def choose_runtime(
    environ: Mapping[str, str], loaded: Container[str], installed: Callable[[str], bool] = _installed
) -> str:
    """The name of the runtime to use.

    :raises ImportError: there is not the one that the environment asks for.
    """
    wanted = environ.get(VARIABLE)
    if wanted:
        if wanted not in RUNTIMES:
            msg = f"{VARIABLE}: expected {', '.join(RUNTIMES[:-1])} or {RUNTIMES[-1]}, got {wanted!r}"
            raise ImportError(msg)
        if wanted != NATIVE and not installed(wanted):
            install = f'pip install "prefect-iac[{wanted}]"'
            msg = f"{VARIABLE} asks for {wanted}, which is not installed. Install it: {install}"
            raise ImportError(msg)
        return wanted
    if NATIVE_PACKAGE in loaded:
        # Nobody imports it by the way, as libraries import a CDK.
        return NATIVE
    in_use = [name for name in CDKS if name in loaded]
    if len(in_use) == 1:
        return in_use[0]
    return next((name for name in CDKS if installed(name)), NATIVE)


_WITHOUT: Final = (
    f"or do without: import `App` and `TerraformStack` from {NATIVE_PACKAGE}, or set {VARIABLE}={NATIVE}."
)


def check_node(environ: Mapping[str, str]) -> None:
    """Make sure that Node, in which both runtimes run, is there and new enough.

    :raises ImportError: it is not; the runtimes themselves would fail with a traceback that does not say so.
    """
    import re
    import subprocess

    program = environ.get("JSII_NODE", "node")
    how = f"Install Node {OLDEST_NODE} or newer, or name its program in JSII_NODE; {_WITHOUT}"
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=True)
    except FileNotFoundError as error:
        msg = f"the CDK runs in Node, and there is no program {program!r}. {how}"
        raise ImportError(msg) from error
    except (OSError, subprocess.SubprocessError) as error:
        msg = f"the CDK runs in Node, and `{program} --version` failed: {error}. {how}"
        raise ImportError(msg) from error
    found = re.match(r"v(\d+)\.", done.stdout)
    if found is None or int(found[1]) < OLDEST_NODE:
        version = done.stdout.strip() or "of unknown version"
        msg = f"the CDK needs Node {OLDEST_NODE} or newer, and `{program}` is {version}. {how}"
        raise ImportError(msg)


def runtime_of(construct: object) -> str:
    """The runtime that a construct is of; empty if it is no construct."""
    for class_ in () if isinstance(construct, type) else type(construct).__mro__:
        for name, package in (("native", NATIVE_PACKAGE), *((name, name) for name in CDKS)):
            if f"{class_.__module__}.".startswith(f"{package}."):
                return name
    return ""


def _load() -> Any:
    name = choose_runtime(os.environ, sys.modules)
    if name == NATIVE:
        return import_module(NATIVE_PACKAGE)
    if name not in sys.modules:
        check_node(os.environ)
    return import_module(name)


if TYPE_CHECKING:
    from cdktn import (
        Annotations,
        Fn,
        IResolvable,
        ITerraformDependable,
        ITerraformIterator,
        Postcondition,
        Precondition,
        TerraformCount,
        TerraformDataSource,
        TerraformElement,
        TerraformIterator,
        TerraformMetaArguments,
        TerraformProvider,
        TerraformResource,
        TerraformStack,
        Testing,
        Token,
    )
    from constructs import Construct

    from prefect_constructs.native import Construct as _NativeConstruct
    from prefect_constructs.native import TerraformCount as _NativeCount
    from prefect_constructs.native import TerraformStack as _NativeStack

    Scope: TypeAlias = Construct | _NativeConstruct
    """Where something is made; type checkers do not know which runtime there will be."""

    AnyStack: TypeAlias = TerraformStack | _NativeStack
    """A stack of any runtime."""

    AnyCount: TypeAlias = TerraformCount | _NativeCount
    """A count of any runtime."""

    RUNTIME: str

    def create(class_: type, made: object, arguments: list[Any]) -> None:
        """Make what an object of Python stands for, in Node; the arguments are those of the class there."""

    def implements(interface: type) -> Callable[[type[_T]], type[_T]]:
        """Say of a class of Python that it does what an interface of the CDK says."""

    def load(name: str, version: str, package: bytes) -> None:
        """Have Node load a package, a tar archive as npm has it, with what jsii has to know of it."""

else:
    _cdk = _load()
    RUNTIME = NATIVE if _cdk.__name__ == NATIVE_PACKAGE else _cdk.__name__
    Annotations = _cdk.Annotations
    Fn = _cdk.Fn
    IResolvable = _cdk.IResolvable
    ITerraformDependable = _cdk.ITerraformDependable
    ITerraformIterator = _cdk.ITerraformIterator
    Postcondition = _cdk.Postcondition
    Precondition = _cdk.Precondition
    TerraformCount = _cdk.TerraformCount
    TerraformDataSource = _cdk.TerraformDataSource
    TerraformElement = _cdk.TerraformElement
    TerraformIterator = _cdk.TerraformIterator
    TerraformProvider = _cdk.TerraformProvider
    TerraformResource = _cdk.TerraformResource
    TerraformStack = _cdk.TerraformStack
    Testing = _cdk.Testing
    Token = _cdk.Token
    if RUNTIME == NATIVE:
        Construct = _cdk.Construct

        def implements(_: Any) -> Any:
            """Say nothing: what has the methods of an interface is one."""
            return lambda class_: class_

    else:
        TerraformMetaArguments = _cdk.TerraformMetaArguments
        Construct = import_module("constructs").Construct
        _jsii = import_module("jsii")
        create = _jsii.create
        implements = _jsii.implements

        def load(name: Any, version: Any, package: Any) -> None:
            """Have Node load a package."""
            from pathlib import Path
            from tempfile import TemporaryDirectory

            with TemporaryDirectory() as directory:
                path = Path(directory, f"{name}.tgz")
                path.write_bytes(package)
                _jsii.load(name, version, str(path))

    Scope: TypeAlias = Construct
    AnyStack: TypeAlias = TerraformStack
    AnyCount: TypeAlias = TerraformCount
