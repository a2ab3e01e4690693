data "prefect_account_member" "administrator" {
  email = "marvin@example.com"
}

resource "prefect_team" "researchers" {
  name = "researchers"
}

resource "prefect_work_pool" "training" {
  name = "gpu-training"
  type = "kubernetes"
}

# It holds for every deployment that uses the pool.
resource "prefect_work_pool_access" "training" {
  work_pool_name   = prefect_work_pool.training.name
  manage_actor_ids = [data.prefect_account_member.administrator.actor_id]
  run_team_ids     = [prefect_team.researchers.id]
  view_team_ids    = [prefect_team.researchers.id]
}
