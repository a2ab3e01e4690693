"""A user in a team."""

from cdktn import App, TerraformStack

from prefect_constructs import DataPrefectAccountMember, PrefectProvider, Team, TeamAccess

app = App()
stack = TerraformStack(app, "team-access")
PrefectProvider(stack, "prefect")

marvin = DataPrefectAccountMember(stack, "marvin", email="marvin@example.com")
analysts = Team(stack, "analysts")

TeamAccess(
    stack,
    "marvin-analyst",
    team=analysts,
    member_type="user",
    member_id=marvin.user_id,
    member_actor_id=marvin.actor_id,
)

app.synth()
