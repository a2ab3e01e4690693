"""An app on the runtime without Node, as a type checker sees it; nothing here is run.

Each `type: ignore` is checked in turn: one that hides no error is an error.
"""

from typing import assert_type

from prefect_constructs import (
    Automation,
    Block,
    Deployment,
    EventTrigger,
    PrefectProvider,
    SendNotification,
    Variable,
    WorkPool,
    WorkQueue,
)
from prefect_constructs.native import (
    Annotations,
    App,
    Aspects,
    Construct,
    Fn,
    LocalBackend,
    S3Backend,
    TerraformCount,
    TerraformIterator,
    TerraformLocal,
    TerraformOutput,
    TerraformProvider,
    TerraformResource,
    TerraformStack,
    TerraformVariable,
    Token,
)
from prefect_constructs.testing import Template


class Team(Construct):
    """A part of a stack."""

    def __init__(self, scope: Construct, id_: str) -> None:
        """Declare it."""
        super().__init__(scope, id_)
        self.pool = WorkPool(self, "pool", type="process")


class Named:
    """An aspect."""

    def visit(self, node: Construct) -> None:
        """Warn of what has no name."""
        Annotations.of(node).add_warning(node.node.path)


def right(app: App) -> None:
    """What people write."""
    stack = TerraformStack(app, "stack")
    S3Backend(stack, bucket="b", key="k")
    PrefectProvider(stack, "prefect")
    region = TerraformVariable(stack, "region", type="string", default="eu")
    team = Team(stack, "team")
    WorkQueue(team, "queue", work_pool=team.pool, name=f"q-{region.string_value}", count=TerraformCount.of(2))
    deployment = Deployment(
        stack,
        "d",
        flow_name="f",
        work_pool=team.pool,
        parameters={"region": Fn.upper(region.string_value)},
        paused=region.boolean_value,
        depends_on=[region, team.pool],
        for_each=TerraformIterator.from_list(["a", "b"]),
        lifecycle={"prevent_destroy": True},
    )
    deployment.add_override("description", "x")
    deployment.on(EventTrigger(expect="a"))
    block = Block(stack, "b", type_slug="secret", data={})
    Automation(stack, "a", trigger=deployment.when_failed(), actions=SendNotification(block, body="x"))
    TerraformOutput(stack, "o", value=deployment.id, depends_on=[deployment])
    Variable(stack, "v", value=TerraformLocal(stack, "l", {"a": 1}).as_any_map)
    TerraformProvider(stack, "random", terraform_resource_type="random")
    other = TerraformResource(stack, "pet", terraform_resource_type="random_pet", depends_on=[deployment])
    assert_type(other.get_string_attribute("id"), str)
    assert_type(Fn.join("-", [deployment.id]), str)
    assert_type(Token.as_number(other.interpolation_for_attribute("n")), float)
    Aspects.of(stack).add(Named())
    Template.from_stack(stack).resource_count("prefect_deployment", 1)
    app.synth()


def wrong(app: App, stack: TerraformStack, pool: WorkPool) -> None:
    """What people mistype."""
    TerraformStack("stack")  # type: ignore[call-arg, arg-type]
    WorkPool(stack, "pool", pause=True)  # type: ignore[call-arg]
    WorkPool("stack", "pool")  # type: ignore[arg-type]
    TerraformVariable(stack, "v", typ="string")  # type: ignore[call-arg]
    TerraformOutput(stack, "o")  # type: ignore[call-arg]
    TerraformOutput(stack, "o", value=1, depends_on=["pool"])  # type: ignore[list-item]
    TerraformResource(stack, "r", attributes={})  # type: ignore[call-arg]
    LocalBackend(stack, file="x")  # type: ignore[call-arg]
    Fn.upper(5)  # type: ignore[arg-type]
    Aspects.of(stack).add(pool)  # type: ignore[arg-type]
    app.synth(stack)  # type: ignore[call-arg]
