"""A role that has the scopes of one of Prefect's own, and two more."""

from cdktn import App, TerraformStack

from prefect_constructs import DataPrefectWorkspaceRole, PrefectProvider, WorkspaceRole

app = App()
stack = TerraformStack(app, "workspace-role")
PrefectProvider(stack, "prefect")

runner = DataPrefectWorkspaceRole(stack, "runner", name="Runner")
WorkspaceRole(
    stack,
    "release-manager",
    name="Release manager",
    description="Runs everything, and changes deployments",
    inherited_role_id=runner.id,
    scopes=["manage_deployments", "manage_variables"],
)

app.synth()
