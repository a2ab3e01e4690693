resource "prefect_team" "support" {
  name = "support"
}

data "prefect_team" "support" {
  name = prefect_team.support.name
}

output "id" {
  value = data.prefect_team.support.id
}
