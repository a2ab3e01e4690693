resource "prefect_team" "offices" {
  for_each = toset(["office-berlin", "office-boston"])

  name = each.key
}

data "prefect_teams" "offices" {
  names      = [for one in prefect_team.offices : one.name]
  depends_on = [prefect_team.offices]
}

output "ids" {
  value = { for one in data.prefect_teams.offices.teams : one.name => one.id }
}
