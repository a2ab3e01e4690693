"""All blocks of a type whose names have something in common."""

from cdktn import App, Fn, TerraformOutput, TerraformStack

from prefect_constructs import Block, DataPrefectBlocks, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-blocks")
PrefectProvider(stack, "prefect")

blocks = [
    Block(stack, name, block_type="local-file-system", data={"basepath": f"/mnt/{name}"})
    for name in ("scratch-large", "scratch-small")
]
found = DataPrefectBlocks(
    stack, "found", type_slugs=["local-file-system"], name_like="scratch-", depends_on=blocks
)

TerraformOutput(stack, "number", value=Fn.length_of(found.blocks), sensitive=True)

app.synth()
