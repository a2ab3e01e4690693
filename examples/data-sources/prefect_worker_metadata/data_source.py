"""The base job template of a type of worker."""

from cdktn import App, Fn, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectWorkerMetadata, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-worker-metadata")
PrefectProvider(stack, "prefect")

types = DataPrefectWorkerMetadata(stack, "types")

TerraformOutput(stack, "kubernetes", value=Fn.lookup(types.base_job_templates, "kubernetes"))

app.synth()
