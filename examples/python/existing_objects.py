"""What others made, looked up by its name and listed by its tags, names, pool or type.

Here the objects are made along with it, so that the example can be applied as it is.
"""

from cdktn import App, Fn, TerraformOutput, TerraformStack

from prefect_constructs import (
    Automation,
    Block,
    DataPrefectAutomation,
    DataPrefectAutomations,
    DataPrefectBlock,
    DataPrefectBlocks,
    DataPrefectDeployment,
    DataPrefectDeployments,
    DataPrefectFlow,
    DataPrefectFlows,
    DataPrefectVariable,
    DataPrefectVariables,
    DataPrefectWorkerMetadata,
    DataPrefectWorkPool,
    DataPrefectWorkPools,
    DataPrefectWorkQueue,
    DataPrefectWorkQueues,
    Deployment,
    EventTrigger,
    Flow,
    PauseDeployment,
    PauseWorkQueue,
    PrefectProvider,
    Variable,
    WorkPool,
    WorkQueue,
)


class ExistingObjects(TerraformStack):
    """Objects, and what finds them."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        pool = WorkPool(self, "elsewhere", type="process")
        queue = WorkQueue(self, "elsewhere-urgent", work_pool=pool)
        flow = Flow(self, "elsewhere-flow", name="elsewhere", tags=["elsewhere"])
        deployment = Deployment(
            self,
            "elsewhere-deployment",
            name="elsewhere",
            flow=flow,
            work_pool=pool,
            entrypoint="flows/elsewhere.py:elsewhere",
            tags=["elsewhere"],
        )
        variable = Variable(
            self, "elsewhere-variable", name="elsewhere", value={"crashes": 3}, tags=["elsewhere"]
        )
        block = Block(
            self, "elsewhere-block", name="elsewhere", type_slug="secret", data={"value": "open sesame"}
        )

        # By name. An id works as well: `id=...`.
        found_flow = DataPrefectFlow(self, "flow", name=flow.name)
        found = DataPrefectDeployment(self, "deployment", flow_name=found_flow.name, name=deployment.name)
        found_pool = DataPrefectWorkPool(self, "pool", name=pool.name)
        found_queue = DataPrefectWorkQueue(self, "queue", work_pool_name=found_pool.name, name=queue.name)
        DataPrefectVariable(self, "variable", name=variable.name)
        # Without `include_secrets=False`, the state has the block's data.
        DataPrefectBlock(self, "block", type_slug=block.type_slug, name=block.name, include_secrets=False)

        automation = Automation(
            self,
            "pause-elsewhere",
            tags=["elsewhere"],
            trigger=EventTrigger(
                match={"prefect.resource.id": "prefect.flow-run.*"},
                match_related={"prefect.resource.id": f"prefect.deployment.{found.id}"},
                expect="prefect.flow-run.Crashed",
                threshold=3,
                within=300,
            ),
            actions=[PauseDeployment(found), PauseWorkQueue(found_queue.id)],
        )
        DataPrefectAutomation(self, "automation", id=automation.id)

        # Lists. All conditions have to be met; without any, everything is listed.
        flows = DataPrefectFlows(self, "tagged-flows", tags=["elsewhere"], depends_on=[flow])
        deployments = DataPrefectDeployments(
            self, "deployments-of-pool", work_pool_names=[pool.name], paused=False, depends_on=[deployment]
        )
        pools = DataPrefectWorkPools(self, "pools", types=["process"], names=[pool.name])
        queues = DataPrefectWorkQueues(self, "queues-of-pool", work_pool_name=pool.name, depends_on=[queue])
        variables = DataPrefectVariables(self, "variables", name_like=variable.name)
        blocks = DataPrefectBlocks(self, "secrets", type_slugs=[block.type_slug], names=[block.name])
        automations = DataPrefectAutomations(self, "automations", tags=["elsewhere"], depends_on=[automation])
        DataPrefectWorkerMetadata(self, "types")

        for title, listed in {
            "flows": flows.flows,
            "deployments": deployments.deployments,
            "pools": pools.work_pools,
            "queues": queues.work_queues,
            "variables": variables.variables,
            "automations": automations.automations,
        }.items():
            TerraformOutput(self, f"number_of_{title}", value=Fn.length_of(listed))
        TerraformOutput(self, "number_of_blocks", value=Fn.length_of(blocks.blocks), sensitive=True)


if __name__ == "__main__":
    app = App()
    ExistingObjects(app, "existing-objects")
    app.synth()
