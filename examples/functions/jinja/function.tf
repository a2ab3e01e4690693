resource "prefect_deployment" "import" {
  name       = "import"
  entrypoint = "flows/import.py:import_file"
}

resource "prefect_automation" "file_landed" {
  name = "file-landed"
  trigger = {
    event = {
      posture = "Reactive"
      expect  = ["file.landed"]
    }
  }
  actions = [{
    type          = "run-deployment"
    deployment_id = prefect_deployment.import.id
    parameters = jsonencode({
      path = provider::prefect::jinja("{{ event.payload.path }}")
    })
  }]
}
