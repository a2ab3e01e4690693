"""Worlds on a real server, and what Terraform and ``prefect-iac`` take to make, read and remove them."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench.commands import run
from bench.figures import figure
from tests.environment.fault_proxy import FaultProxy
from tests.environment.prefect_server import PrefectServer
from tests.environment.request_kinds import by_kind
from tests.environment.terraform import Workspace, terraform_program
from tests.objects.crowd_states import state_of
from tests.objects.crowds import Crowd, mix

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bench.commands import Run
    from bench.figures import Figure

__all__ = ["few_among_many", "mixed", "one_variable", "settled", "terraform_alone"]

_PLANS: Final = 3
_PLANS_OF_ONE: Final = 7
_OTHERS: Final = 10_000
_FEW: Final = 50
_TEXT: Final = "x" * 280
"""With it in each object, terraform's state is as large as that of the mix."""


class _Place:
    """A workspace of Terraform with a server, and what counts the requests between them."""

    def __init__(self, directory: Path, server: PrefectServer, proxy: FaultProxy) -> None:
        self.server = server
        self._directory = directory
        self._proxy = proxy
        self._workspace = Workspace(directory / "empty", {}, api_url=proxy.api_url, env={})

    def enter(self, name: str, configuration: Mapping[str, Any]) -> None:
        """Go on in a new workspace with this configuration."""
        self._workspace = Workspace(
            self._directory / name, configuration, api_url=self._proxy.api_url, env={}
        )

    def hold(self, state: Mapping[str, Any]) -> None:
        """Go on with this state."""
        self._workspace.write_json(state, "terraform.tfstate")

    def coalesce(self, on: bool) -> None:
        """Set the provider to coalesce reads or not."""
        self._workspace.write_json({"provider": {"prefect": {"bulk_reads": on}}}, "provider.tf.json")

    def terraform(self, *arguments: str) -> tuple[Run, dict[str, int]]:
        """Run terraform; its requests are given by kind."""
        return self._run(str(terraform_program()), *arguments, "-input=false", "-no-color")

    def plan(self) -> tuple[Run, dict[str, int]]:
        """A plan that must find nothing to do."""
        return self.terraform("plan", "-detailed-exitcode")

    def drift(self) -> tuple[Run, dict[str, int]]:
        """A report of drift on the state, which must find none."""
        return self._run(str(Path(sys.executable).parent / "prefect-iac"), "drift", "terraform.tfstate")

    def _run(self, *command: str) -> tuple[Run, dict[str, int]]:
        before = len(self._proxy.seen)
        taken = run(command, cwd=self._workspace.directory, env=self._workspace.env)
        return taken, by_kind(self._proxy.seen[before:])


@contextmanager
def _place(directory: Path) -> Iterator[_Place]:
    server = PrefectServer(directory / "server", services=False)
    server.start()
    try:
        with FaultProxy(server.url) as proxy:
            yield _Place(directory, server, proxy)
    finally:
        server.stop()


def mixed(directory: Path, objects: int) -> Iterator[Figure]:
    """A workspace of all kinds of objects: made, planned unchanged, looked at for drift, and destroyed."""
    with _place(directory) as place:
        place.enter("mix", Crowd(**mix(objects)).configuration())
        yield _figure("mix", "create", objects, [place.terraform("apply", "-auto-approve")])
        yield from _plans(place, "mix", objects)
        yield _figure("mix", "drift", objects, [place.drift() for _ in range(_PLANS)])
        done = [place.terraform("destroy", "-auto-approve")]
        yield _figure("mix", "destroy", objects, done)


def settled(directory: Path, objects: int) -> Iterator[Figure]:
    """The same, put on the server and into the state beforehand: planned unchanged, and looked at for drift.

    To create thousands of them takes terraform minutes for its own state alone.
    """
    with _place(directory) as place:
        crowd = Crowd(**mix(objects))
        place.enter("mix", crowd.configuration())
        place.hold(state_of(crowd, crowd.settle(place.server), place.server.api_url))
        yield from _plans(place, "mix", objects)
        yield _figure("mix", "drift", objects, [place.drift() for _ in range(_PLANS)])


def terraform_alone(directory: Path, objects: int) -> Iterator[Figure]:
    """As many objects of a kind that terraform keeps to itself: what it takes without any provider or server."""
    resources = {f"n{number}": {"input": _TEXT} for number in range(objects)}
    configuration = {"resource": {"terraform_data": resources}}
    workspace = Workspace(directory / "alone", configuration, api_url=None, env={}, provider=False)
    for step, *arguments in (("apply", "-auto-approve"), ("plan",), ("destroy", "-auto-approve")):
        command = [str(terraform_program()), step, *arguments, "-input=false", "-no-color"]
        runs = [run(command, cwd=workspace.directory, env=workspace.env)]
        yield figure("terraform alone", "create" if step == "apply" else step, objects, runs)


def few_among_many(directory: Path) -> Iterator[Figure]:
    """A plan of few objects, in a workspace that holds very many that somebody else looks after."""
    with _place(directory) as place:
        Crowd(**mix(_OTHERS)).settle(place.server)
        place.enter("few", Crowd(**mix(_FEW)).configuration())
        place.terraform("apply", "-auto-approve")
        yield from _plans(place, f"few among {_OTHERS:,}", _FEW)


def one_variable(directory: Path) -> Iterator[Figure]:
    """A plan of one new variable: what is left of a command when there is nearly nothing to do."""
    with _place(directory) as place:
        place.enter("one", {"resource": {"prefect_variable": {"v": {"name": "v", "value": 1}}}})
        plans = [place.terraform("plan") for _ in range(_PLANS_OF_ONE)]
        yield _figure("one variable", "plan", 1, plans)


def _plans(place: _Place, world: str, objects: int) -> Iterator[Figure]:
    """Plans with and without coalescing, by turns, so that both meet the same machine."""
    done: dict[bool, list[tuple[Run, dict[str, int]]]] = {True: [], False: []}
    for _ in range(_PLANS):
        for coalescing, plans in done.items():
            place.coalesce(coalescing)
            plans.append(place.plan())
    place.coalesce(on=True)
    for coalescing, plans in done.items():
        yield _figure(world, "plan", objects, plans, without="" if coalescing else "coalescing off")


def _figure(
    world: str,
    step: str,
    objects: int,
    done: Sequence[tuple[Run, dict[str, int]]],
    *,
    without: str = "",
) -> Figure:
    runs, requests = zip(*done, strict=True)
    return figure(world, step, objects, runs, requests, without=without)
