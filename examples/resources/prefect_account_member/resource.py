"""A member of the account, who is one of its admins."""

from cdktn import App, TerraformStack

from prefect_constructs import AccountMember, PrefectProvider

app = App()
stack = TerraformStack(app, "account-member")
PrefectProvider(stack, "prefect")

AccountMember(stack, "marvin", email="marvin@example.com", account_role_name="Admin")

app.synth()
