# The roles that users, service accounts and teams have in the provider's workspace, with what they are.
list "prefect_workspace_access" "all" {
  provider         = prefect
  include_resource = true
}
