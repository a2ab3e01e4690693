data "prefect_workspace_roles" "all" {}

output "names" {
  value = data.prefect_workspace_roles.all.workspace_roles[*].name
}
