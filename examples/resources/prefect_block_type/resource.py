"""A type of block of one's own; its fields are in a schema."""

from cdktn import App, TerraformStack

from prefect_constructs import BlockType, PrefectProvider

app = App()
stack = TerraformStack(app, "block-type")
PrefectProvider(stack, "prefect")

BlockType(
    stack,
    "feature-store",
    name="Feature Store",
    slug="feature-store",
    description="Where models find their features.",
    documentation_url="https://docs.example.com/feature-store",
)

app.synth()
