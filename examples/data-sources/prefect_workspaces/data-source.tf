data "prefect_workspaces" "all" {}

output "handles" {
  value = data.prefect_workspaces.all.workspaces[*].handle
}
