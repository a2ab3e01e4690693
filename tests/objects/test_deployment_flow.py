"""The flow of a deployment, when its configuration names only the entrypoint."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from prefect_provider.objects.server.deployment.flow import flow_name_of
from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.objects.server.flow import Flow
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.diagnostics import Diagnostics, ProviderError
from prefect_provider.plugin.language.values import UNKNOWN, Unknown
from tests.objects.connections import count_requests
from tests.objects.terraform_core import Managed, configuration, explain, unique

if TYPE_CHECKING:
    from pathlib import Path

    from prefect_provider.plugin.engine.lifecycle import Outcome
    from tests.objects.terraform_core import World


ODD = """
from dataclasses import dataclass
from prefect import flow

@dataclass(kw_only=True)
class P:
    a: int = 1
    b: str

@flow
def my_run(p: P, q: tuple[()], _p: int = 3): ...
"""


def flow_of(world: World, managed: Managed) -> dict[str, Any]:
    """The deployment's flow on the server."""
    data = world.call("GET", f"/deployments/{managed.id}")
    flow: dict[str, Any] = world.call("GET", f"/flows/{data['flow_id']}")
    return flow


def write(directory: Path, name: str, function: str = "run") -> None:
    """Write `flow.py` with a flow that its decorator names."""
    (directory / "flow.py").write_text(
        f"from prefect import flow\n\n@flow(name={name!r})\ndef {function}(x: int = 1): ...\n",
        encoding="utf-8",
    )


def test_flow_is_created_from_the_entrypoint(world: World) -> None:
    """Without the code at hand the flow is named after the function, and made if there is none."""
    managed = Managed(world, Deployment)
    function = unique("decorated_fn").replace("-", "_")
    given = {"name": "d", "entrypoint": f"path/to/flow.py:{function}"}

    managed.apply(given)

    assert flow_of(world, managed)["name"] == function.replace("_", "-")
    assert managed.held["flow_name"] == function.replace("_", "-")


def test_flow_that_exists_is_found(world: World) -> None:
    """A flow of that name is used as it is, with its tags, by any number of deployments."""
    name = unique("flow")
    flow = world.call("POST", "/flows/", {"name": name, "tags": ["kept"]})
    function = name.replace("-", "_")
    for number in (1, 2):
        managed = Managed(world, Deployment)
        managed.apply({"name": f"d{number}", "entrypoint": f"a/b.py:{function}"})
        assert managed.held["flow_id"] == flow["id"]
    assert world.call("GET", f"/flows/{flow['id']}")["tags"] == ["kept"]


def test_flow_stays_when_the_deployment_goes(world: World) -> None:
    """Destroying the deployment leaves its flow, which has runs of its own."""
    managed = Managed(world, Deployment)
    managed.apply({"name": "d", "entrypoint": f"f.py:{unique('f').replace('-', '_')}"})
    flow = flow_of(world, managed)
    managed.destroy()
    assert world.server.exists(f"/flows/{flow['id']}")


def test_name_of_the_decorator_wins(world: World, tmp_path: Path) -> None:
    """With the code at hand, the name that its decorator gives is the flow's, known before anything is applied."""
    name = unique("Ingest “daily”")
    write(tmp_path, name)
    given = {"name": "d", "entrypoint": "flow.py:run", "path": str(tmp_path)}
    managed = Managed(world, Deployment)

    planned = managed.plan(configuration(Deployment, given), prior=None)
    assert planned.state is not None
    assert planned.state["flow_name"] == name
    assert isinstance(planned.state["flow_id"], Unknown)
    managed.apply(given)

    assert flow_of(world, managed)["name"] == name


def test_code_that_is_absent_elsewhere_changes_nothing(world: World, tmp_path: Path) -> None:
    """On a machine without the code, or with other code, the deployment keeps the flow that it has."""
    write(tmp_path, unique("Named"))
    given = {"name": "d", "entrypoint": "flow.py:run", "path": str(tmp_path)}
    managed = Managed(world, Deployment)
    managed.apply(given)
    flow = flow_of(world, managed)

    write(tmp_path, unique("Other"))
    managed.assert_settled(given)
    (tmp_path / "flow.py").unlink()
    managed.assert_settled(given)
    managed.apply(given | {"description": "changed"})

    assert flow_of(world, managed) == flow


def test_other_entrypoint_of_the_same_flow_is_no_replacement(world: World, tmp_path: Path) -> None:
    """A file that moved, with the same flow in it, changes the deployment in place."""
    name = unique("Named")
    write(tmp_path, name)
    moved = tmp_path / "moved"
    moved.mkdir()
    write(moved, name, "other")
    given = {"name": "d", "path": str(tmp_path)}
    managed = Managed(world, Deployment)
    managed.apply(given | {"entrypoint": "flow.py:run"})
    id_ = managed.id

    managed.apply(given | {"entrypoint": "moved/flow.py:other"})

    assert managed.id == id_


def test_entrypoint_of_another_flow_is_a_replacement(world: World) -> None:
    """An entrypoint that names another flow needs a new deployment, which the plan shows at the flow."""
    first, second = (unique(stem).replace("-", "_") for stem in ("first", "second"))
    managed = Managed(world, Deployment)
    managed.apply({"name": "d", "entrypoint": f"f.py:{first}"})
    given = {"name": "d", "entrypoint": f"f.py:{second}"}

    planned = managed.plan(configuration(Deployment, given), prior=managed.state)

    assert ("flow_name",) in planned.replace
    assert planned.state is not None
    assert planned.state["flow_name"] == second.replace("_", "-")
    managed.apply(given)
    assert flow_of(world, managed)["name"] == second.replace("_", "-")


def test_flow_by_name(world: World) -> None:
    """A flow can be given by its name, and another name is another deployment."""
    name = unique("a flow")
    managed = Managed(world, Deployment)
    managed.apply({"name": "d", "flow_name": name})
    assert flow_of(world, managed)["name"] == name
    planned = managed.plan(
        configuration(Deployment, {"name": "d", "flow_name": f"{name} 2"}), prior=managed.state
    )
    assert ("flow_name",) in planned.replace


def test_all_ways_to_name_one_flow_are_the_same(world: World) -> None:
    """The id, the name and the entrypoint of the same flow can be exchanged without a change."""
    name = unique("flow")
    function = name.replace("-", "_")
    managed = Managed(world, Deployment)
    entrypoint = f"f.py:{function}"
    managed.apply({"name": "d", "entrypoint": entrypoint})
    id_ = managed.held["flow_id"]
    both = {"flow_id": id_, "flow_name": name}
    for how in ({"flow_name": name}, {"flow_id": id_}, {"flow_id": id_.upper()}, both, {}):
        managed.assert_settled({"name": "d", "entrypoint": entrypoint} | how)


def test_id_and_name_of_two_flows(world: World) -> None:
    """An id and a name that belong to different flows are refused at plan, before anything is replaced."""
    flow = world.call("POST", "/flows/", {"name": unique("flow")})
    managed = Managed(world, Deployment)
    managed.apply({"name": "d", "flow_id": flow["id"], "flow_name": flow["name"]})

    for state in (managed.state, None):
        wanted = configuration(Deployment, {"name": "d", "flow_id": flow["id"], "flow_name": "another"})
        (error,) = managed.plan(wanted, prior=state).diagnostics
        assert (error.severity, error.path) == ("error", ("flow_name",))
        assert flow["name"] in error.detail


def test_imported_deployment_with_only_an_entrypoint(world: World) -> None:
    """An imported deployment whose configuration names no flow belongs to the flow that it has."""
    flow = world.call("POST", "/flows/", {"name": unique("Not the function")})
    made = world.call("POST", "/deployments/", {"name": "d", "flow_id": flow["id"], "entrypoint": "f.py:run"})
    Managed.imported(world, Deployment, made["id"]).assert_settled({"name": "d", "entrypoint": "f.py:run"})


def test_flow_of_what_is_not_known_yet(world: World) -> None:
    """While the entrypoint is not known, neither is the flow; both are by the time of the apply."""
    given = configuration(Deployment, {"name": "d"}) | {"entrypoint": UNKNOWN}
    planned = Managed(world, Deployment).plan(given, prior=None)
    assert planned.state is not None
    assert isinstance(planned.state["flow_name"], Unknown)
    # Terraform plans again once it is known, before it applies.
    managed = Managed(world, Deployment)
    function = unique("late").replace("-", "_")
    managed.apply({"name": "d", "entrypoint": f"f.py:{function}"})
    assert managed.held["flow_name"] == function.replace("_", "-")


def test_code_without_the_flow_is_an_error_at_plan(world: World, tmp_path: Path) -> None:
    """Code that is at hand and has no such function is reported when planning, at the entrypoint."""
    (tmp_path / "flow.py").write_text("def other(): ...\n", encoding="utf-8")
    given = configuration(Deployment, {"name": "d", "entrypoint": "flow.py:run", "path": str(tmp_path)})

    [error] = Managed(world, Deployment).plan(given, prior=None).diagnostics

    assert (error.severity, error.summary, error.path) == ("error", "No such flow", ("entrypoint",))
    assert "other" in error.detail


@pytest.mark.parametrize(
    "code",
    [
        "def my_run(:\n",
        "\x00",
        "from prefect import flow\n@flow\ndef my_run(x=" + "(" * 150 + ")" * 150 + "): ...\n",
        ODD,
    ],
    ids=["other syntax", "no source", "deep", "odd types"],
)
def test_code_that_cannot_be_read_fails_no_plan(world: World, tmp_path: Path, code: str) -> None:
    """Code that this Python, or the reader, does not understand leaves the flow with its function's name."""
    (tmp_path / "flow.py").write_text(code, encoding="utf-8")
    given = configuration(Deployment, {"name": "d", "entrypoint": "flow.py:my_run", "path": str(tmp_path)})

    planned = Managed(world, Deployment).plan(given, prior=None)

    assert planned.state is not None
    assert planned.state["flow_name"] == "my-run"
    assert all((one.severity, one.path) == ("warning", ("entrypoint",)) for one in planned.diagnostics)


def test_flow_that_is_not_there(world: World) -> None:
    """An id of no flow is refused by the plan, at the id, with and without a name beside it."""
    gone = str(uuid4())
    for more in ({}, {"flow_name": "zz"}):
        given = configuration(Deployment, {"name": "d", "flow_id": gone} | more)
        [error] = Managed(world, Deployment).plan(given, prior=None).diagnostics
        assert (error.severity, error.path) == ("error", ("flow_id",))
        assert gone in error.detail


def test_flow_is_looked_for_once(world: World) -> None:
    """A plan of many deployments of one flow asks for the flow once."""
    asked = count_requests(world)
    flow = world.call("POST", "/flows/", {"name": unique("flow")})["id"]
    for number in range(3):
        given = configuration(Deployment, {"name": f"d{number}", "flow_id": flow})
        assert not Managed(world, Deployment).plan(given, prior=None).diagnostics
    assert sum(url.endswith(f"/flows/{flow}") for url in asked) == 1


@pytest.mark.parametrize("flow", ["new", "made in the same apply"])
def test_two_deployments_of_one_name_of_one_flow(world: World, flow: str) -> None:
    """Prefect changes the one with the other; of two resources that create it at once, one is refused."""
    name = unique("flow")
    if flow == "made in the same apply":
        Managed(world, Flow).apply({"name": name})
    given = configuration(Deployment, {"name": "d", "flow_name": name, "description": "a"})
    other = given | {"description": "b"}
    plans = [Managed(world, Deployment).plan(one, prior=None) for one in (given, other)]

    async def both() -> list[Outcome]:
        calls = [
            lifecycle.apply(Deployment, world.client, None, plan.state, one, plan.private, explain)
            for plan, one in zip(plans, (given, other), strict=True)
        ]
        return list(await asyncio.gather(*calls))

    made, refused = sorted(world.run(both()), key=lambda one: one.state is None)

    [error] = refused.diagnostics
    assert (error.summary, refused.state) == ("The deployment is managed twice", None)
    assert made.state is not None
    stored = world.call("GET", f"/deployments/{made.state['id']}")
    assert stored["description"] == made.state["description"]


def test_flow_that_a_deployment_made_is_its_resources(world: World) -> None:
    """A flow that its deployment, created first, has found missing becomes the flow's resource all the same."""
    name = unique("flow")
    wanted = configuration(Flow, {"name": name, "tags": ["ours"]})
    planned = Managed(world, Flow).plan(wanted, prior=None)
    deployment = Managed(world, Deployment)
    deployment.apply({"name": "d", "flow_name": name})

    made = world.run(
        lifecycle.apply(Flow, world.client, None, planned.state, wanted, planned.private, explain)
    )

    assert list(made.diagnostics) == []
    assert made.state is not None
    assert made.state["id"] == flow_of(world, deployment)["id"]
    assert flow_of(world, deployment)["tags"] == ["ours"]


def test_name_from_each_form_of_entrypoint(tmp_path: Path) -> None:
    """Files, modules and methods of classes name their flows as Prefect does."""
    write(tmp_path, "From the code")
    directory = str(tmp_path)
    found = Diagnostics()
    assert flow_name_of("flow.py:run", directory, found) == "From the code"
    assert flow_name_of("flow.run", directory, found) == "From the code"
    assert flow_name_of("absent.py:my_flow", directory, found) == "my-flow"
    assert flow_name_of("package.module.my_flow", None, found) == "my-flow"
    assert flow_name_of("absent.py:Class.my_flow", None, found) == "my-flow"
    assert not found
    with pytest.raises(ProviderError, match="No such flow"):
        flow_name_of("flow.py:absent", directory, found)
