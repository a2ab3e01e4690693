"""A block that one user manages and one team sees."""

from cdktn import App, TerraformStack

from prefect_constructs import Block, BlockAccess, DataPrefectAccountMember, PrefectProvider, Team

app = App()
stack = TerraformStack(app, "block-access")
PrefectProvider(stack, "prefect")

keeper = DataPrefectAccountMember(stack, "keeper", email="marvin@example.com")
loaders = Team(stack, "loaders")
warehouse = Block(stack, "warehouse-password", type_slug="secret", data={"value": "a placeholder"})

# Nobody else sees the block, whatever their role in the workspace.
BlockAccess(
    stack,
    "warehouse",
    block=warehouse,
    manage_actor_ids=[keeper.actor_id],
    view_team_ids=[loaders.id],
)

app.synth()
