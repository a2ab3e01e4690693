resource "prefect_workspace" "staging" {
  name        = "Staging"
  handle      = "staging"
  description = "Where releases are tried"
}

# What belongs to the workspace names it, also in the apply that makes it.
resource "prefect_variable" "environment" {
  workspace_id = prefect_workspace.staging.id
  name         = "environment"
  value        = "staging"
}
