"""All work pools of a type."""

from cdktn import App, Fn, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectWorkPools, PrefectProvider, WorkPool

app = App()
stack = TerraformStack(app, "existing-work-pools")
PrefectProvider(stack, "prefect")

pools = [WorkPool(stack, name, type="ecs") for name in ("ecs-large", "ecs-small")]
found = DataPrefectWorkPools(stack, "found", types=["ecs"], depends_on=pools)

TerraformOutput(stack, "number", value=Fn.length_of(found.work_pools))

app.synth()
