# A call to a webhook when a work pool has had no worker for five minutes, with all that the event says of it.

variable "webhook_url" {
  description = "Address to call."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "within" {
  description = "Seconds for which a work pool may be without a worker."
  type        = number
  default     = 300
}

resource "prefect_work_pool" "production" {
  name = "production"
  type = "process"
}

resource "prefect_block" "pager" {
  name            = "pager"
  type_slug       = "webhook"
  data_wo         = jsonencode({ method = "POST", url = var.webhook_url })
  data_wo_version = 1
}

resource "prefect_automation" "not_ready" {
  name        = "tell-of-work-pool"
  description = "The work pool has no worker"
  trigger = {
    event = {
      posture  = "Proactive"
      match    = jsonencode({ "prefect.resource.id" = "prefect.work-pool.${prefect_work_pool.production.id}" })
      after    = ["prefect.work-pool.not-ready"]
      expect   = ["prefect.work-pool.ready"]
      for_each = ["prefect.resource.id"]
      within   = var.within
    }
  }
  actions = [{
    type              = "call-webhook"
    block_document_id = prefect_block.pager.id
    payload           = <<-EOT
      Work pool {{ work_pool.name }} is {{ work_pool.status }}.
      Automation: {{ automation.name }}
      Description: {{ automation.description }}
      Event: {{ event.id }}
      {% for label, value in event.resource %}
      {{ label }}: {{ value }}
      {% endfor %}
    EOT
  }]
}
