"""A user, who is imported: people sign up themselves."""

from cdktn import App, TerraformStack

from prefect_constructs import PrefectProvider, User

app = App()
stack = TerraformStack(app, "user")
PrefectProvider(stack, "prefect")

# What is left out, such as the e-mail address, is left as it is.
User(stack, "me", first_name="Ada", last_name="Lovelace")

app.synth()
