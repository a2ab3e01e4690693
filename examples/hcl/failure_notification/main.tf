# A message to Slack whenever a flow run fails or crashes. The webhook's address is a secret: it is sent to
# Prefect, and neither in the plan nor in the state.

variable "slack_webhook_url" {
  description = "Address of the Slack webhook."
  type        = string
  sensitive   = true
  ephemeral   = true
}

resource "prefect_block" "slack" {
  name            = "on-call"
  type_slug       = "slack-webhook"
  data_wo         = jsonencode({ url = var.slack_webhook_url })
  data_wo_version = 1 # another number sends the address again
}

resource "prefect_automation" "failures" {
  name = "tell-of-failures"
  trigger = {
    event = {
      posture = "Reactive"
      match   = jsonencode({ "prefect.resource.id" = "prefect.flow-run.*" })
      expect  = ["prefect.flow-run.Failed", "prefect.flow-run.Crashed"]
    }
  }
  actions = [{
    type              = "send-notification"
    block_document_id = prefect_block.slack.id
    subject           = "Flow run {{ flow_run.name }} {{ flow_run.state.name | lower }}"
    body              = <<-EOT
      Flow run {{ flow_run.name }} of {{ flow.name }} entered state {{ flow_run.state.name }}.

      Deployment: {{ deployment.name }}
      Timestamp: {{ flow_run.state.timestamp }}
      Flow run ID: {{ flow_run.id }}
      State message: {{ flow_run.state.message }}
      Link: {{ flow_run | ui_url }}
    EOT
  }]
}
