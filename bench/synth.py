"""Times the constructs, with Node and without, beside generated bindings: a stack of many automations, up to its file.

`cdktn get` generates the bindings from the provider's schema, as it does for any provider. Each figure is the median of
some runs, the three by turns; a run is a process of its own. Takes how many automations (1,000 and 5,000 when left out)
and, with `--runtime`, the CDK (`cdktn`). Needs Node, terraform and `make setup`. Timings depend on the machine: compare
within one run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["SIZES", "measure"]

SIZES: Final = (1000, 5000)
RUNS: Final = 3

_MIRROR: Final = ROOT / ".cache" / "terraform" / "mirror.terraformrc"
_FUNCTIONS: Final = "from ..provider_functions import *\n"


def measure(sizes: Sequence[int] = SIZES, *, runtime: str = "cdktn", runs: int = RUNS) -> dict[str, Any]:
    """What each way takes to write stacks of so many automations.

    The result has, by size, ``ours``, ``native`` (ours without Node, whatever the runtime), ``generated`` and
    ``ratio``. The first three have ``import``, ``construct``, ``synthesize`` and ``whole`` in seconds; ``cpu``, the
    seconds of processor time of Python and Node in all, without Node those of the three parts; and ``crossings``, how
    often a construct goes to Node or is asked by it, to be made and at synthesis. ``ratio`` is ours by generated, of
    ``whole`` and of ``cpu``.
    """
    bindings = _bindings(runtime)
    found: dict[str, Any] = {"runtime": runtime, "runs": runs, "sizes": {}}
    for size in sizes:
        figures: dict[str, list[dict[str, float]]] = {way: [] for way in _WAYS}
        meanings: set[str] = set()
        for _ in range(runs):
            for way, taken in figures.items():
                figure, meaning = _run(way, size, runtime, bindings)
                taken.append(figure)
                meanings.add(meaning)
        if len(meanings) > 1:
            msg = "the ways wrote different automations, so their times cannot be compared"
            raise RuntimeError(msg)
        medians: dict[str, Any] = {
            way: {name: round(statistics.median(one[name] for one in taken), 3) for name in taken[0]}
            for way, taken in figures.items()
        }
        ours, generated = medians["ours"], medians["generated"]
        medians["ratio"] = {name: round(ours[name] / generated[name], 2) for name in ("whole", "cpu")}
        found["sizes"][size] = medians
    return found


def _run(way: str, size: int, runtime: str, bindings: Path) -> tuple[dict[str, float], str]:
    """The figures of one run, and what the automations come to."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [
        sys.executable,
        __file__,
        "--way",
        way,
        "--runtime",
        runtime,
        "--bindings",
        str(bindings),
        str(size),
    ]
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        msg = f"the run of {way} failed:\n{done.stderr}"
        raise RuntimeError(msg)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    figure: dict[str, Any] = json.loads(done.stdout)
    whole = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    # Where there is no Node, what this program does besides, such as reading what was written, can be left out.
    figure["cpu"] = figure["cpu"] or whole
    return figure, figure.pop("meaning")


def _environment() -> dict[str, str]:
    programs = [ROOT / ".venv" / "bin", ROOT / "node_modules" / ".bin"]
    return os.environ | {
        "PATH": os.pathsep.join([*map(str, programs), os.environ.get("PATH", os.defpath)]),
        "PYTHONPATH": os.pathsep.join(str(ROOT / root) for root in ("constructs", "provider_client")),
        "TF_CLI_CONFIG_FILE": str(_MIRROR),
        "CHECKPOINT_DISABLE": "1",
        "CI": "1",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
    }


# ------------------------------------------------------------------ generated bindings


def _bindings(runtime: str) -> Path:
    """The directory of bindings that the CDK's own command generates; it is kept for as long as the schema is."""
    from prefect_provider.version import VERSION

    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        provider = {"name": "prefect", "source": "prefect-iac/prefect", "version": f"~> {VERSION}"}
        (directory / "main.tf.json").write_text(
            json.dumps(
                {
                    "terraform": {
                        "required_providers": {"prefect": {k: provider[k] for k in ("source", "version")}}
                    }
                }
            )
        )
        _command(["terraform", "init", "-input=false"], directory)
        schema = _command(["terraform", "providers", "schema", "-json"], directory)
        key = hashlib.sha256(f"{runtime} {schema}".encode()).hexdigest()[:16]
        kept = ROOT / ".cache" / "bench" / f"bindings-{key}"
        if kept.exists():
            return kept
        settings = {
            "language": "python",
            "app": "true",
            "codeMakerOutput": "imports",
            "sendCrashReports": "false",
            "projectId": "bench",
            "terraformProviders": [provider],
            "terraformModules": [],
        }
        (directory / "cdktf.json").write_text(json.dumps(settings), encoding="utf-8")
        _command([runtime, "get"], directory)
        # cdktn 0.24 writes the provider's functions to another folder than it imports them from.
        functions = directory / "imports" / "prefect" / "provider" / "functions.py"
        if (directory / "imports" / "prefect" / "provider_functions").exists() and not functions.exists():
            functions.write_text(_FUNCTIONS, encoding="utf-8")
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(directory / "imports", kept)
        return kept


def _command(command: list[str], directory: Path) -> str:
    done = subprocess.run(
        command,
        cwd=directory,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        msg = f"`{' '.join(command)}` failed:\n{done.stdout}{done.stderr}"
        raise RuntimeError(msg)
    return done.stdout


# ------------------------------------------------------------------ one run


def _ours() -> Callable[[Any, int], None]:
    import prefect_constructs as pc

    # They are imported when they are asked for.
    automation, event = pc.Deployment, pc.EventTrigger

    def fill(stack: Any, size: int) -> None:
        pc.PrefectProvider(stack, "prefect")
        deployment = automation(stack, "d", flow_name="f")
        for index in range(size):
            deployment.on(
                event(match={"prefect.resource.id": f"resource.{index}"}, expect=["pinged"]),
                parameters={"param_1": "{{ event }}"},
                name=f"a-{index}",
            )

    return fill


def _generated() -> Callable[[Any, int], None]:
    provider = import_module("prefect.provider")
    deployments = import_module("prefect.deployment")
    automations = import_module("prefect.automation")

    def fill(stack: Any, size: int) -> None:
        provider.PrefectProvider(stack, "prefect")
        deployment = deployments.Deployment(stack, "d", name="d", flow_name="f")
        for index in range(size):
            automations.Automation(
                stack,
                f"a-{index}",
                name=f"a-{index}",
                trigger=automations.AutomationTrigger(
                    event=automations.AutomationTriggerEvent(
                        posture="Reactive",
                        match=json.dumps({"prefect.resource.id": f"resource.{index}"}),
                        expect=["pinged"],
                    )
                ),
                actions=[
                    automations.AutomationActions(
                        type="run-deployment",
                        deployment_id=deployment.id,
                        parameters=json.dumps({"param_1": "{{ event }}"}),
                    )
                ],
            )

    return fill


_WAYS: Final = {"ours": _ours, "native": _ours, "generated": _generated}
_NATIVE: Final = "prefect_constructs.native"


def _time(way: str, size: int, runtime: str) -> dict[str, Any]:
    """Import, construct, synthesize as an app does."""
    native = way == "native"
    times, cpu = [time.perf_counter()], [time.process_time()]
    cdk = import_module(_NATIVE if native else runtime)
    fill = _WAYS[way]()
    times.append(time.perf_counter())
    cpu.append(time.process_time())
    with tempfile.TemporaryDirectory() as directory, _crossings(native=native) as crossings:
        cpu.append(time.process_time())
        app = cdk.App(outdir=directory)
        stack = cdk.TerraformStack(app, "stack")
        times.append(time.perf_counter())
        fill(stack, size)
        times.append(time.perf_counter())
        app.synth()
        times.append(time.perf_counter())
        cpu.append(time.process_time())
        text = Path(directory, "stacks", "stack", "cdk.tf.json").read_text(encoding="utf-8")
    return {
        "import": times[1] - times[0],
        "construct": times[3] - times[2],
        "synthesize": times[4] - times[3],
        "whole": times[4] - times[2] + times[1] - times[0],
        "crossings": crossings.count / size if crossings else 0,
        "cpu": cpu[3] - cpu[2] + cpu[1] - cpu[0] if native else 0,
        "meaning": _meaning(json.loads(text)),
    }


def _crossings(*, native: bool) -> Any:
    if native:
        return nullcontext()
    from tests.constructs.crossings import counted

    return counted()


def _meaning(document: dict[str, Any]) -> str:
    """A hash of what the automations say, however their JSON texts are spaced."""
    found = sorted(
        json.dumps({key: value for key, value in one.items() if key != "//"}, sort_keys=True).replace(
            ": ", ":"
        )
        for one in document["resource"]["prefect_automation"].values()
    )
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


# ------------------------------------------------------------------ what is printed


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sizes", type=int, nargs="*", default=list(SIZES), help="how many automations")
    parser.add_argument("--runtime", default="cdktn", choices=("cdktn", "cdktf"))
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--way", choices=tuple(_WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--bindings", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        sys.path.insert(0, options.bindings)
        print(json.dumps(_time(options.way, options.sizes[0], options.runtime)))
        return
    for size, found in measure(options.sizes, runtime=options.runtime, runs=options.runs)["sizes"].items():
        print(f"{size} automations, {options.runtime}")
        for way in _WAYS:
            for name, value in found[way].items():
                print(f"{way}, {name:18} {value:8.2f}{'' if name == 'crossings' else ' s'}")
        for name, value in found["ratio"].items():
            print(f"ours by generated, {name:5} {value:6.2f}")


if __name__ == "__main__":
    main()
