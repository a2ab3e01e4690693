"""A block by its type and its name."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import Block, DataPrefectBlock, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-block")
PrefectProvider(stack, "prefect")

archive = Block(stack, "archive", block_type="local-file-system", data={"basepath": "/mnt/archive"})
# Without `include_secrets=False`, the state has the block's secrets.
found = DataPrefectBlock(
    stack, "found", type_slug=archive.type_slug, name=archive.name, include_secrets=False
)

TerraformOutput(stack, "archive_id", value=found.id)

app.synth()
