"""All deployments with a tag that are not paused."""

from cdktn import App, Fn, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectDeployments, Deployment, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-deployments")
PrefectProvider(stack, "prefect")

deployments = [
    Deployment(stack, region, entrypoint="flows/train.py:train", tags=["training"]) for region in ("eu", "us")
]
found = DataPrefectDeployments(stack, "found", tags=["training"], paused=False, depends_on=deployments)

TerraformOutput(stack, "number", value=Fn.length_of(found.deployments))

app.synth()
