# One object of each type that a self-hosted server has, and the forms of values that a state tells apart.

terraform {
  required_providers {
    prefect = {
      source = "prefect-iac/prefect"
    }
  }
}

resource "prefect_flow" "this" {
  name   = "of-a-release"
  tags   = ["b", "a"]
  labels = { team = "data", tier = "1" }
}

resource "prefect_flow" "plain" {
  name = "of-a-release-plain"
}

resource "prefect_work_pool" "this" {
  name              = "of-a-release"
  type              = "process"
  description       = "recorded"
  concurrency_limit = 5
}

resource "prefect_work_queue" "this" {
  work_pool_name = prefect_work_pool.this.name
  name           = "of-a-release"
  priority       = 3
}

resource "prefect_deployment" "this" {
  name              = "of-a-release"
  flow_id           = prefect_flow.this.id
  entrypoint        = "flow.py:run"
  tags              = ["x"]
  parameters        = jsonencode({ a = 1, b = [true, null, { c = 0.5 }] })
  job_variables     = jsonencode({ env = { K = "v" } })
  work_pool_name    = prefect_work_pool.this.name
  work_queue_name   = prefect_work_queue.this.name
  concurrency_limit = 2
  schedules = {
    daily  = { cron = "0 6 * * *", timezone = "Europe/Berlin" }
    hourly = { interval = 3600, active = false }
  }
  pull_steps = [
    { type = "set_working_directory", directory = "/opt" },
    { type = "run_shell_script", script = "true" },
  ]
}

resource "prefect_deployment" "plain" {
  name    = "of-a-release-plain"
  flow_id = prefect_flow.plain.id
}

resource "prefect_deployment_schedule" "this" {
  deployment_id = prefect_deployment.plain.id
  rrule         = "FREQ=WEEKLY;BYDAY=MO"
  timezone      = "UTC"
}

resource "prefect_variable" "object" {
  name  = "of_a_release_object"
  value = { a = [1, "x", null], b = { c = true } }
  tags  = ["t"]
}

resource "prefect_variable" "text" {
  name  = "of_a_release_text"
  value = "plain"
}

resource "prefect_variable" "number" {
  name  = "of_a_release_number"
  value = 1.5
}

resource "prefect_global_concurrency_limit" "this" {
  name                  = "of-a-release"
  limit                 = 3
  slot_decay_per_second = 0.5
}

resource "prefect_task_run_concurrency_limit" "this" {
  tag               = "of-a-release"
  concurrency_limit = 2
}

resource "prefect_block_type" "this" {
  name = "Of A Release"
  slug = "of-a-release"
}

resource "prefect_block_schema" "this" {
  block_type_id = prefect_block_type.this.id
  version       = "1.0"
  fields = jsonencode({
    title         = "OfARelease"
    type          = "object"
    properties    = { host = { title = "Host", type = "string" } }
    required      = ["host"]
    secret_fields = []
  })
}

resource "prefect_block" "custom" {
  name      = "of-a-release"
  type_slug = prefect_block_schema.this.block_type
  data      = jsonencode({ host = "example.com" })
}

resource "prefect_block" "secret" {
  name            = "of-a-release-secret"
  type_slug       = "secret"
  data_wo         = jsonencode({ value = "never stored" })
  data_wo_version = 1
}

resource "prefect_automation" "event" {
  name        = "of-a-release-event"
  description = "recorded"
  enabled     = false
  trigger = {
    event = {
      posture   = "Reactive"
      match     = jsonencode({ "prefect.resource.id" = "of.a.release.*" })
      expect    = ["of.a.release"]
      for_each  = ["prefect.resource.id"]
      threshold = 2
      within    = 60
    }
  }
  actions = [
    {
      type          = "run-deployment"
      deployment_id = prefect_deployment.this.id
      parameters    = jsonencode({ a = "{{ event.id }}" })
    },
    { type = "do-nothing" },
  ]
}

resource "prefect_automation" "compound" {
  name    = "of-a-release-compound"
  enabled = false
  trigger = {
    compound = {
      require = "all"
      within  = 120
      triggers = [
        { event = { posture = "Reactive", expect = ["of.a.release.one"], threshold = 1, within = 0 } },
        { event = { posture = "Reactive", expect = ["of.a.release.two"], threshold = 1, within = 0 } },
      ]
    }
  }
  actions = [{ type = "do-nothing" }]
}
