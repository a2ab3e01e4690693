resource "prefect_deployment" "backup" {
  name       = "nightly"
  entrypoint = "flows/backup.py:backup"
}

# By the names of its flow and its own, or by `id`.
data "prefect_deployment" "backup" {
  flow_name = "backup"
  name      = prefect_deployment.backup.name
}

output "entrypoint" {
  value = data.prefect_deployment.backup.entrypoint
}
