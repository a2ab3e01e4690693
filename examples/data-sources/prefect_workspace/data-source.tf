resource "prefect_workspace" "research" {
  name   = "Research"
  handle = "research"
}

data "prefect_workspace" "research" {
  handle = prefect_workspace.research.handle
}

output "id" {
  value = data.prefect_workspace.research.id
}
