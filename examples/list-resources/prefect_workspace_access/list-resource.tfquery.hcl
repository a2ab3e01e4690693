# The roles that users, service accounts and teams have in a workspace, with what they are.
list "prefect_workspace_access" "production" {
  provider         = prefect
  include_resource = true

  config {
    workspace_id = "00000000-0000-0000-0000-000000000000"
  }
}
