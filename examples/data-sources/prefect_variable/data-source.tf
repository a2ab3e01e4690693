resource "prefect_variable" "region" {
  name  = "region"
  value = { name = "eu-central-1", zones = 3 }
}

data "prefect_variable" "region" {
  name = prefect_variable.region.name
}

output "zones" {
  value = data.prefect_variable.region.value.zones
}
