"""Programs that declare stacks: run, and what they wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prefect_provider.text.spelling import closest, names

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OUTPUT", "RUNTIMES", "Stack", "SynthesisError", "choose_stack", "synthesize", "terraform_program"]

OUTPUT: Final = "cdktf.out"
RUNTIMES: Final = ("native", "cdktn", "cdktf")

_RUNTIME: Final = "PREFECT_CONSTRUCTS_RUNTIME"


class SynthesisError(Exception):
    """A program wrote no stack, or not the one that was asked for."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack that was written."""

    name: str
    directory: Path
    """Where Terraform is to run."""
    file: Path
    """The configuration."""


def synthesize(program: str, output: str = OUTPUT, runtime: str = "native") -> list[Stack]:
    """Run a Python program, which writes its stacks below a directory; they are returned in its order.

    On the runtime ``native`` no Node is needed, also where the program imports a CDK.

    :raises SynthesisError: there is no such program, it failed after having said why, or it wrote nothing.
    """
    if not Path(program).is_file():
        msg = f"there is no program {program}"
        raise SynthesisError(msg)
    directory = Path(output)
    directory.mkdir(parents=True, exist_ok=True)
    manifest = directory / "manifest.json"
    manifest.unlink(missing_ok=True)
    through = ["-m", "prefect_constructs.native.stand_in"] if runtime == "native" else []
    environment = os.environ | {"CDKTF_OUTDIR": str(directory), _RUNTIME: runtime}
    done = subprocess.run([sys.executable, *through, program], env=environment, check=False)
    if done.returncode:
        msg = f"{program} failed (exit code {done.returncode}), and no stack was written"
        raise SynthesisError(msg)
    if not manifest.is_file():
        msg = (
            f"{program} wrote nothing to {directory}. It has to call `synth()` of its `App`, which has to be made "
            "without `outdir`"
        )
        raise SynthesisError(msg)
    written = json.loads(manifest.read_text(encoding="utf-8"))["stacks"]
    return [
        Stack(name, directory / one["workingDirectory"], directory / one["synthesizedStackPath"])
        for name, one in written.items()
    ]


def choose_stack(stacks: list[Stack], name: str | None) -> Stack:
    """The stack of this name, or the only one.

    :raises SynthesisError: there is none of this name, or none was named and there are several.
    """
    found = {one.name: one for one in stacks}
    if not found:
        msg = "the program has no stack"
        raise SynthesisError(msg)
    if name is None:
        if len(found) > 1:
            msg = f"the program has {len(found)} stacks: {names(found)}. Name one with --stack"
            raise SynthesisError(msg)
        return next(iter(found.values()))
    if name not in found:
        near = closest(name, found)
        hint = f"Did you mean {near}?" if near else f"There are {names(found)}."
        msg = f"there is no stack {name}. {hint}"
        raise SynthesisError(msg)
    return found[name]


def terraform_program(environ: Mapping[str, str]) -> str:
    """The program that applies stacks: that in ``TERRAFORM_BINARY_NAME``, else ``terraform``, else ``tofu``.

    :raises SynthesisError: there is none.
    """
    import shutil

    wanted = environ.get("TERRAFORM_BINARY_NAME")
    for name in [wanted] if wanted else ["terraform", "tofu"]:
        if shutil.which(name, path=environ.get("PATH")):
            return name
    looked = f"{wanted} (from TERRAFORM_BINARY_NAME) is not" if wanted else "neither terraform nor tofu is"
    msg = f"{looked} on PATH. Install one of them: the stacks are written, and it applies them"
    raise SynthesisError(msg)
