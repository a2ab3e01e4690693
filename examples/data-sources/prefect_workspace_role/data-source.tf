data "prefect_workspace_role" "developer" {
  name = "Developer"
}

output "scopes" {
  value = data.prefect_workspace_role.developer.scopes
}
