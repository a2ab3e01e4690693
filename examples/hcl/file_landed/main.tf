# A flow run for files that land in object storage. Whoever sees them land, such as an AWS Lambda function, only
# tells Prefect of it (`send_events` of ../../aws_lambda); what then happens is decided here. Files that land in one
# bucket within a minute make one run, which starts half a minute after the first.

resource "prefect_work_pool" "landing" {
  name = "landing"
  type = "process"
}

resource "prefect_variable" "warehouse" {
  name  = "warehouse"
  value = { host = "warehouse.example.com", schema = "landing" }
}

resource "prefect_deployment" "load_files" {
  name           = "load-files"
  work_pool_name = prefect_work_pool.landing.name
  path           = abspath("${path.module}/../../flows")
  entrypoint     = "files.py:load_files"
}

resource "prefect_automation" "landed" {
  name = "load-files-that-landed"
  trigger = {
    event = {
      posture  = "Reactive"
      match    = jsonencode({ "prefect.resource.id" = "s3.bucket.*" })
      expect   = ["s3.object.created"]
      for_each = ["prefect.resource.id"]
      within   = 60
    }
  }
  actions = [{
    type           = "run-deployment"
    deployment_id  = prefect_deployment.load_files.id
    schedule_after = 30
    parameters = jsonencode({
      bucket    = "{{ event.payload.bucket }}"
      first_key = "{{ event.payload.key }}"
      # Looked up when the run is made, so that a change of the variable needs no apply here.
      warehouse = { __prefect_kind = "workspace_variable", variable_name = prefect_variable.warehouse.name }
    })
  }]
}
