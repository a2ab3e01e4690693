"""A deployment that one team runs and everybody sees."""

from cdktn import App, TerraformStack

from prefect_constructs import (
    DataPrefectAccountMember,
    Deployment,
    DeploymentAccess,
    Flow,
    PrefectProvider,
    Team,
)

app = App()
stack = TerraformStack(app, "deployment-access")
PrefectProvider(stack, "prefect")

bookkeeper = DataPrefectAccountMember(stack, "bookkeeper", email="marvin@example.com")
accountants = Team(stack, "accountants")
payroll = Flow(stack, "payroll")
monthly = Deployment(stack, "monthly", flow=payroll)

DeploymentAccess(
    stack,
    "payroll-access",
    deployment=monthly,
    manage_actor_ids=[bookkeeper.actor_id],
    run_team_ids=[accountants.id],
    # Everybody whose role in the workspace allows it.
    view_actor_ids=["*"],
)

app.synth()
