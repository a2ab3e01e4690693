"""A schema by the slug of its type and its version."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import BlockSchema, BlockType, DataPrefectBlockSchema, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-block-schema")
PrefectProvider(stack, "prefect")

type_ = BlockType(stack, "type", name="Scale", slug="scale")
schema = BlockSchema(
    stack,
    "schema",
    block_type=type_,
    version="2.0",
    fields={
        "title": "Scale",
        "type": "object",
        "properties": {"port": {"title": "Port", "type": "string"}},
    },
)
found = DataPrefectBlockSchema(stack, "found", block_type=schema.block_type, version=schema.version)

TerraformOutput(stack, "fields", value=found.fields)

app.synth()
