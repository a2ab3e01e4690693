ephemeral "prefect_block" "token" {
  type_slug = "secret"
  name      = "git-token"
}

# The token goes from one block into another, and is neither in the state nor in the plan.
resource "prefect_block" "credentials" {
  name            = "credentials"
  type_slug       = "secret"
  data_wo         = jsonencode({ value = jsondecode(ephemeral.prefect_block.token.data).value })
  data_wo_version = 1
}
