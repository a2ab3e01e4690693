resource "prefect_work_pool" "invoices" {
  name = "invoices"
  type = "docker"
}

resource "prefect_deployment" "hourly" {
  name           = "hourly"
  description    = "Loads the invoices of the last hour."
  entrypoint     = "flows/invoices.py:load_invoices"
  work_pool_name = prefect_work_pool.invoices.name
  tags           = ["invoices"]
  parameters     = jsonencode({ source = "s3://invoices", full = false })
  job_variables  = jsonencode({ image = "registry.example.com/invoices:1.4" })

  schedules = {
    hourly = {
      cron     = "5 * * * *"
      timezone = "Europe/Berlin"
    }
  }

  # A second run is cancelled while one is at work.
  concurrency_limit   = 1
  concurrency_options = { collision_strategy = "CANCEL_NEW" }

  pull_steps = [
    {
      type       = "git_clone"
      repository = "https://github.com/example/flows.git"
      branch     = "main"
    },
  ]
}
