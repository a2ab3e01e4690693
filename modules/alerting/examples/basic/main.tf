# Messages to Slack: of each run that fails or crashes, and of three late ones within an hour; and of production runs that
# send no heartbeats, which are marked as crashed.

variable "slack_webhook_url" {
  description = "Address of the Slack webhook."
  type        = string
  sensitive   = true
  ephemeral   = true
}

module "alerts" {
  source = "../.."

  name = "on-call"
  alerts = {
    failed  = {}
    crashed = {}
    late    = { threshold = 3, within = 3600 }
  }
  notification_block      = { name = "on-call", type_slug = "slack-webhook" }
  notification_block_data = jsonencode({ url = var.slack_webhook_url })
}

module "production_alerts" {
  source = "../.."

  name = "production"
  alerts = {
    zombie = { within = 90, mark_crashed = true }
    stuck  = { within = 7200 }
  }
  scope                 = { tags = ["production"] }
  notification_block_id = module.alerts.notification_block_id
}
