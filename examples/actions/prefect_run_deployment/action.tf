resource "prefect_variable" "schema_version" {
  name  = "schema_version"
  value = "7"

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.prefect_run_deployment.migrate]
    }
  }
}

# Or by itself: terraform apply -invoke=action.prefect_run_deployment.migrate
action "prefect_run_deployment" "migrate" {
  config {
    deployment = "migrate/production"
    parameters = jsonencode({ version = prefect_variable.schema_version.value })
    timeout    = provider::prefect::seconds("30m")
  }
}
