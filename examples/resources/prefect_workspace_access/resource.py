"""The roles of a team and of a user in a workspace."""

from cdktn import App, TerraformStack

from prefect_constructs import DataPrefectAccountMember, PrefectProvider, Team, WorkspaceAccess

app = App()
stack = TerraformStack(app, "workspace-access")
PrefectProvider(stack, "prefect")

viewer = DataPrefectAccountMember(stack, "viewer", email="marvin@example.com")
operators = Team(stack, "operators")

WorkspaceAccess(
    stack,
    "operators-runner",
    accessor_type="TEAM",
    accessor_id=operators.id,
    workspace_role_name="Runner",
)
WorkspaceAccess(
    stack,
    "viewer-access",
    accessor_type="USER",
    accessor_id=viewer.user_id,
    workspace_role_name="Viewer",
)

app.synth()
