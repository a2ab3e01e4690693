"""A place for results, and a secret that is neither in the plan nor in the state."""

from cdktn import App, TerraformStack, TerraformVariable

from prefect_constructs import Block, PrefectProvider

app = App()
stack = TerraformStack(app, "block")
PrefectProvider(stack, "prefect")

Block(
    stack,
    "results",
    block_type="local-file-system",
    data={"basepath": "/var/lib/prefect/results"},
)

token = TerraformVariable(stack, "crm_token", type="string", sensitive=True)
token.add_override("ephemeral", True)

Block(
    stack,
    "crm-token",
    block_type="secret",
    data_wo={"value": token.string_value},
    data_wo_version=1,  # another number sends it again
)

app.synth()
