"""A work pool that one team uses."""

from cdktn import App, TerraformStack

from prefect_constructs import DataPrefectAccountMember, PrefectProvider, Team, WorkPool, WorkPoolAccess

app = App()
stack = TerraformStack(app, "work-pool-access")
PrefectProvider(stack, "prefect")

administrator = DataPrefectAccountMember(stack, "administrator", email="marvin@example.com")
researchers = Team(stack, "researchers")
training = WorkPool(stack, "gpu-training", type="kubernetes")

# It holds for every deployment that uses the pool.
WorkPoolAccess(
    stack,
    "training",
    work_pool=training,
    manage_actor_ids=[administrator.actor_id],
    run_team_ids=[researchers.id],
    view_team_ids=[researchers.id],
)

app.synth()
