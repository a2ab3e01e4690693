"""How often a construct goes to Node: each crossing costs more than anything that is done in Python."""

import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import cdktn
import jsii
import pytest

import prefect_constructs as pc
from prefect_constructs._runtime import Construct, TerraformStack
from prefect_constructs.node.package import ASSEMBLY, _parameters, archive
from prefect_constructs.testing import Template
from tests.constructs.crossings import counted
from tests.constructs.stacks import attributes, new_app, new_stack

Make = Callable[[TerraformStack, dict[str, Any]], object]


@pytest.fixture
def known() -> tuple[TerraformStack, dict[str, Any]]:
    """A stack, and an object of each kind in it for others to refer to."""
    stack = new_stack()
    pool = pc.WorkPool(stack, "pool")
    return stack, {
        "pool": pool,
        "queue": pc.WorkQueue(stack, "queue", work_pool=pool),
        "flow": pc.Flow(stack, "flow"),
        "block": pc.Block(stack, "block", type_slug="secret", data={"value": "x"}),
        "deployment": pc.Deployment(stack, "deployment", flow_name="f"),
        "other": pc.PrefectProvider(stack, "other", alias="other"),
    }


EVENT = pc.EventTrigger(match={"prefect.resource.id": "r"}, expect="pinged")

MADE: dict[str, Make] = {
    "flow": lambda stack, _: pc.Flow(stack, "x", tags=["a"]),
    "pool": lambda stack, _: pc.WorkPool(stack, "x", concurrency_limit=1),
    "queue": lambda stack, on: pc.WorkQueue(stack, "x", work_pool=on["pool"]),
    "block": lambda stack, _: pc.Block(stack, "x", type_slug="secret", data={"value": "x"}),
    "variable": lambda stack, _: pc.Variable(stack, "x", value={"a": [1, None]}),
    "deployment": lambda stack, on: pc.Deployment(
        stack,
        "x",
        flow=on["flow"],
        work_pool=on["pool"],
        work_queue=on["queue"],
        storage_document_id=on["block"],
        infrastructure_document_id=on["block"],
        schedules=pc.Cron("0 3 * * *"),
        parameters={"a": 1},
    ),
    "deployment of a queue": lambda stack, on: pc.Deployment(
        stack, "x", flow_name=on["flow"], work_queue=on["queue"]
    ),
    "existing deployment": lambda stack, on: pc.Deployment.from_name(stack, "x", on["flow"], "d"),
    "automation": lambda stack, on: pc.Automation(
        stack,
        "x",
        trigger=EVENT,
        actions=[pc.RunDeployment(on["deployment"]), pc.PauseWorkPool(on["pool"])],
        actions_on_resolve=pc.SendNotification(on["block"], body="{{ event.id }}"),
    ),
    "automation of a deployment": lambda _, on: on["deployment"].on(EVENT, parameters={"a": "{{ event }}"}),
    "provider": lambda stack, _: pc.PrefectProvider(stack, "x", alias="x", endpoint="http://x.test/api"),
    "options": lambda stack, on: pc.Flow(
        stack,
        "x",
        provider=on["other"],
        count=2,
        depends_on=[on["pool"], on["block"]],
        lifecycle={"prevent_destroy": True, "replace_triggered_by": [on["pool"]]},
    ),
}


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_one_when_it_is_made(make: Make, known: tuple[TerraformStack, dict[str, Any]]) -> None:
    """A construct crosses once to be made, whatever it refers to and whatever its options."""
    with counted() as crossings:
        make(*known)
    assert crossings.kinds == {"create": 1}


def test_inside_of_another_construct() -> None:
    """The first construct in a scope that is not of this library has to ask for the stack; the others need not."""
    scope = Construct(new_stack(), "team")
    for expected in ({"sinvoke": 1, "create": 1}, {"create": 1}):
        with counted() as crossings:
            pc.Flow(scope, f"f{len(expected)}")
        assert crossings.kinds == expected


def test_none_at_synthesis(tmp_path: Path) -> None:
    """Node has all that it needs, and asks nothing of Python, however many constructs there are."""
    app = new_app(tmp_path)
    stack = TerraformStack(app, "stack")
    pc.PrefectProvider(stack, "prefect")
    deployment = pc.Deployment(stack, "d", flow_name="f")
    with counted() as crossings:
        for index in range(50):
            deployment.on(EVENT, name=f"a-{index}")
    assert crossings.kinds == {"create": 50}
    with counted() as crossings:
        app.synth()
        cdktn.Testing.synth(stack)
        cdktn.Testing.synth_hcl(stack)
    assert crossings.kinds == {"invoke": 1, "sinvoke": 2}


def test_tokens_are_made_once() -> None:
    """A text that Terraform works out is asked for once; with instances for each of something it is another one."""
    stack = new_stack()
    pool = pc.WorkPool(stack, "pool")
    with counted() as crossings:
        first = [pool.id, pool.id, pool.name, f"{pool.name}"]
    assert crossings.kinds == {"invoke": 2}
    assert first[0] == first[1]
    pool.for_each = cdktn.TerraformIterator.from_list(["a"])
    pc.Variable(stack, "v", value=[first[0], pool.id])
    assert attributes(stack, "prefect_variable")["value"] == [
        "${prefect_work_pool.pool.id}",
        "${prefect_work_pool.pool.*.id}",
    ]


def test_methods_of_ones_own_are_asked() -> None:
    """What an app's own class overrides counts in Node, also in a class of this library that overrides nothing."""

    class Marked(pc.Flow):
        @jsii.member(jsii_name="toMetadata")
        def to_metadata(self) -> Any:
            return {"marked": self.node.id}

    stack = new_stack()
    Marked(stack, "mine")
    pc.Flow(stack, "theirs")
    text = str(cdktn.Testing.full_synth(stack))
    (written,) = Path(text).glob("stacks/*/cdk.tf.json")
    assert '"marked": "mine"' in written.read_text(encoding="utf-8")


def test_aspects() -> None:
    """An aspect is shown the constructs as what they are, and what it does to them counts."""
    seen: list[type] = []

    @jsii.implements(cdktn.IAspect)
    class Described:
        def visit(self, node: Any) -> None:
            seen.append(type(node))
            if isinstance(node, pc.Flow):
                node.add_override("labels.team", "data")

    stack = new_stack()
    pc.Flow(stack, "flow", labels={"a": "b"})
    pc.Deployment(stack, "d", flow_name="f").on(EVENT)
    cdktn.Aspects.of(stack).add(Described())
    found = Template.from_stack(stack)
    assert {pc.Flow, pc.Deployment, pc.Automation, pc.PrefectProvider} <= set(seen)
    found.has_resource("prefect_flow", {"labels": {"a": "b", "team": "data"}})


def test_synthesized_again() -> None:
    """What is written is not changed by writing it, overrides included."""
    stack = new_stack()
    pool = pc.WorkPool(stack, "pool")
    pc.Deployment(stack, "d", flow_name="f", work_pool=pool, tags=["a"]).add_override("tags", ["b"])
    texts = {str(cdktn.Testing.synth(stack)) for _ in range(3)}
    assert len(texts) == 1
    assert attributes(stack, "prefect_deployment")["tags"] == ["a", "b"]


@pytest.mark.parametrize("runtime", ["cdktf", "cdktn"])
def test_the_package_is_the_same_each_time(runtime: str) -> None:
    """Node keeps what it unpacked by its hash, so it has to be found again, and to be another one for each runtime."""
    assert archive(runtime) == archive(runtime)
    assert f'"{runtime}"'.encode() in archive(runtime)
    assert ASSEMBLY.encode() in archive(runtime)


def test_both_sides_agree() -> None:
    """The constructors in JavaScript take what jsii is told of them, in the same order."""
    source = files("prefect_constructs.node").joinpath("elements.js").read_text(encoding="utf-8")
    written = re.findall(r"^class (\w+) extends .*?constructor\((.*?)\)", source, re.DOTALL | re.MULTILINE)
    assert {name: parameters.split(", ") for name, parameters in written} == {
        name: [one["name"] for one in parameters] for name, parameters in _parameters("cdktn").items()
    }
