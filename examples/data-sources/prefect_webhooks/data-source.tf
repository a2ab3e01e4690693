resource "prefect_webhook" "stage" {
  for_each = toset(["stage-raw", "stage-clean"])

  name     = each.key
  template = jsonencode({ event = "stage.done", resource = { "prefect.resource.id" = each.key } })
}

data "prefect_webhooks" "stages" {
  name_like  = "stage-"
  depends_on = [prefect_webhook.stage]
}

# Those that let in whoever knows their addresses.
output "unguarded" {
  value = [for one in data.prefect_webhooks.stages.webhooks : one.name if one.service_account_id == null]
}
