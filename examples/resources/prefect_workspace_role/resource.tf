data "prefect_workspace_role" "runner" {
  name = "Runner"
}

resource "prefect_workspace_role" "release_manager" {
  name              = "Release manager"
  description       = "Runs everything, and changes deployments"
  inherited_role_id = data.prefect_workspace_role.runner.id
  scopes            = ["manage_deployments", "manage_variables"]
}
