"""This runtime in the place of a CDK, for programs that import one: nothing of them has to be changed.

As a program it runs another one so: `python -m prefect_constructs.native.stand_in main.py`.
"""

from __future__ import annotations

import os
import runpy
import sys
import traceback
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from prefect_constructs import native
from prefect_constructs.errors import PrefectConstructError
from prefect_constructs.native import construct
from prefect_constructs.native.failure import SynthesisError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["run_program", "stand_in"]

_CDKS: Final = ("cdktn", "cdktf")


def stand_in() -> None:
    """Have ``import cdktn``, ``cdktf``, ``constructs`` and ``jsii`` find this runtime, installed or not."""
    for name in _CDKS:
        sys.modules[name] = _Served(name, native)
    sys.modules["constructs"] = _Served("constructs", construct)
    jsii = ModuleType("jsii")
    jsii.implements = _as_it_is  # type: ignore[attr-defined]
    jsii.member = _as_it_is  # type: ignore[attr-defined]
    sys.modules["jsii"] = jsii


def run_program(program: str, arguments: Sequence[str] = ()) -> int:
    """Run a Python program as ``python program`` does, on this runtime; returns its exit code.

    What is wrong with its constructs is said without the lines of this library.
    """
    stand_in()
    sys.argv = [program, *arguments]
    sys.path[0] = os.path.dirname(os.path.abspath(program))  # noqa: PTH100, PTH120 - as Python has it
    try:
        runpy.run_path(program, run_name="__main__")
    except (PrefectConstructError, SynthesisError) as error:
        print(_where(error, program), file=sys.stderr)  # noqa: T201 - it is a program
        return 1
    return 0


class _Served(ModuleType):
    """A module by another name."""

    def __init__(self, name: str, source: ModuleType) -> None:
        super().__init__(name, f"{source.__name__}, in the place of {name}.")
        self._source = source
        self.__all__ = list(source.__all__)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "IConstruct":
            return construct.Construct
        if name not in self._source.__all__:
            msg = (
                f"`{name}` of {self.__name__} needs Node, and the program runs without: "
                f"`prefect-iac synth --runtime cdktn` runs it on the CDK"
            )
            raise ImportError(msg, name=self.__name__)
        return getattr(self._source, name)


def _as_it_is(*_: Any, **__: Any) -> Callable[[Any], Any]:
    """A decorator that has a meaning to Node alone."""
    return lambda decorated: decorated


def _where(error: Exception, program: str) -> str:
    """The error, with the lines of the program that led to it."""
    own = os.path.dirname(__file__)  # noqa: PTH120 - compared as text
    library = os.path.dirname(own)  # noqa: PTH120
    lines = [
        one
        for one in traceback.extract_tb(error.__traceback__)
        if not one.filename.startswith((library, "<frozen runpy>"))
    ]
    shown = "".join(traceback.format_list(lines)) or f"{program}\n"
    return f"{shown}{error}"


if __name__ == "__main__":
    sys.exit(run_program(sys.argv[1], sys.argv[2:]))
