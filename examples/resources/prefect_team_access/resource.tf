data "prefect_account_member" "marvin" {
  email = "marvin@example.com"
}

resource "prefect_team" "analysts" {
  name = "analysts"
}

resource "prefect_team_access" "marvin" {
  team_id         = prefect_team.analysts.id
  member_type     = "user"
  member_id       = data.prefect_account_member.marvin.user_id
  member_actor_id = data.prefect_account_member.marvin.actor_id
}
