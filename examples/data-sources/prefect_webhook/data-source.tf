resource "prefect_webhook" "model" {
  name     = "model-refreshed"
  template = jsonencode({ event = "model.refreshed", resource = { "prefect.resource.id" = "product.models.recommendations" } })
}

data "prefect_webhook" "model" {
  name = prefect_webhook.model.name
}

output "template_of_model" {
  value = jsondecode(data.prefect_webhook.model.template).event
}
