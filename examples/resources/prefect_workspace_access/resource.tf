data "prefect_account_member" "viewer" {
  email = "marvin@example.com"
}

resource "prefect_team" "operators" {
  name = "operators"
}

resource "prefect_workspace_access" "operators" {
  accessor_type       = "TEAM"
  accessor_id         = prefect_team.operators.id
  workspace_role_name = "Runner"
}

resource "prefect_workspace_access" "viewer" {
  accessor_type       = "USER"
  accessor_id         = data.prefect_account_member.viewer.user_id
  workspace_role_name = "Viewer"
}
