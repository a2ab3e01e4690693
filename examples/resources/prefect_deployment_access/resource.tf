data "prefect_account_member" "bookkeeper" {
  email = "marvin@example.com"
}

resource "prefect_team" "accountants" {
  name = "accountants"
}

resource "prefect_flow" "payroll" {
  name = "payroll"
}

resource "prefect_deployment" "monthly" {
  name    = "monthly"
  flow_id = prefect_flow.payroll.id
}

resource "prefect_deployment_access" "payroll" {
  deployment_id    = prefect_deployment.monthly.id
  manage_actor_ids = [data.prefect_account_member.bookkeeper.actor_id]
  run_team_ids     = [prefect_team.accountants.id]
  # Everybody whose role in the workspace allows it.
  view_actor_ids = ["*"]
}
