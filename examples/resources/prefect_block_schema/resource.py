"""The fields of a type of block, one of them secret, and a block of it."""

from cdktn import App, TerraformStack

from prefect_constructs import Block, BlockSchema, BlockType, PrefectProvider

app = App()
stack = TerraformStack(app, "block-schema")
PrefectProvider(stack, "prefect")

type_ = BlockType(stack, "type", name="Ledger", slug="ledger")

schema = BlockSchema(
    stack,
    "schema",
    block_type=type_,
    version="1.0",
    fields={
        "title": "Ledger",
        "type": "object",
        "properties": {
            "host": {"title": "Host", "type": "string"},
            "token": {"title": "Token", "type": "string", "format": "password", "writeOnly": True},
        },
        "required": ["host"],
        "secret_fields": ["token"],
    },
)

# By the schema's `block_type`, a block waits for the schema.
Block(stack, "bookkeeping", block_type=schema.block_type, data={"host": "ledger.example.com"})

app.synth()
