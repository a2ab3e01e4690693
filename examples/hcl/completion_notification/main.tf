# A message when runs of one flow complete, also of those that no deployment made: `python examples/flows/users.py`. The
# flow is known by its name, so that it need not be there yet.

variable "slack_webhook_url" {
  description = "Address of the Slack webhook."
  type        = string
  sensitive   = true
  ephemeral   = true
}

resource "prefect_block" "slack" {
  name            = "team"
  type_slug       = "slack-webhook"
  data_wo         = jsonencode({ url = var.slack_webhook_url })
  data_wo_version = 1 # another number sends the address again
}

resource "prefect_automation" "completed" {
  name = "tell-of-completed-runs"
  trigger = {
    event = {
      posture = "Reactive"
      match   = jsonencode({ "prefect.resource.id" = "prefect.flow-run.*" })
      match_related = jsonencode({
        "prefect.resource.role" = "flow"
        "prefect.resource.name" = "clean-users"
      })
      expect = ["prefect.flow-run.Completed"]
    }
  }
  actions = [{
    type              = "send-notification"
    block_document_id = prefect_block.slack.id
    subject           = "{{ flow.name }} is done"
    body              = "Flow run {{ flow_run.name }} entered state {{ flow_run.state.name }}."
  }]
}
