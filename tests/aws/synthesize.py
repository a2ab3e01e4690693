"""Writes a stack for each set of the construct's arguments, which are JSON: `synthesize.py RUNTIME FILE DIRECTORY`."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any


def main(runtime: str, file: str, directory: str) -> None:
    """Write them."""
    cdk: Any = import_module(runtime)
    from prefect_constructs import S3ToFlowRun

    app = cdk.App(outdir=directory)
    for name, arguments in json.loads(Path(file).read_text(encoding="utf-8")).items():
        S3ToFlowRun(cdk.TerraformStack(app, name), "it", **arguments)
    app.synth()


main(*sys.argv[1:])
