# Requests from outside start flow runs: webhooks of Prefect Cloud make events of them, and automations answer those.
#
#   curl "$(terraform output -raw names_address)" -d run_count=3
#
#   for state in created complete; do
#     curl "$(terraform output -raw orders_address)" --json '{"state": "'$state'", "user_id": "user_id_1"}'
#   done

resource "prefect_work_pool" "webhooks" {
  name = "webhooks"
  type = "process"
}

# A form, as curl sends it with -d: what it says is text, so the number is made one.
resource "prefect_webhook" "names" {
  name        = "names"
  description = "Asks for as many names as the request says."
  template    = <<-EOT
    {
      "event": "names.requested",
      "resource": {"prefect.resource.id": "names"},
      "payload": {"count": {{ body.run_count | int }}}
    }
  EOT
}

resource "prefect_deployment" "names" {
  name                     = "requested-names"
  work_pool_name           = prefect_work_pool.webhooks.name
  path                     = abspath("${path.module}/../../flows")
  entrypoint               = "names.py:build_names"
  parameter_openapi_schema = provider::prefect::parameter_schema("${path.module}/../../flows/names.py:build_names")
}

resource "prefect_automation" "names" {
  name = "build-names-when-requested"
  trigger = {
    event = {
      posture = "Reactive"
      match   = jsonencode({ "prefect.resource.id" = "names" })
      expect  = ["names.requested"]
    }
  }
  actions = [{
    type          = "run-deployment"
    deployment_id = prefect_deployment.names.id
    parameters    = jsonencode({ count = "{{ event.payload.count }}" })
  }]
}

# JSON; the state of the order is part of the event's name, and the user is its resource.
resource "prefect_webhook" "orders" {
  name        = "orders"
  description = "The shop tells what happens to its orders."
  template    = <<-EOT
    {
      "event": "shop.order.{{ body.state }}",
      "resource": {"prefect.resource.id": "shop.user.{{ body.user_id }}"},
      "payload": {{ body | tojson }}
    }
  EOT
}

resource "prefect_deployment" "orders" {
  name                     = "order-of-the-shop"
  work_pool_name           = prefect_work_pool.webhooks.name
  path                     = abspath("${path.module}/../../flows")
  entrypoint               = "orders.py:post_order_complete"
  parameter_openapi_schema = provider::prefect::parameter_schema("${path.module}/../../flows/orders.py:post_order_complete")
}

resource "prefect_automation" "orders" {
  name = "run-when-order-of-the-shop-complete"
  trigger = {
    event = {
      posture  = "Reactive"
      match    = jsonencode({ "prefect.resource.id" = "shop.user.*" })
      after    = ["shop.order.created"]
      expect   = ["shop.order.complete"]
      for_each = ["prefect.resource.id"]
    }
  }
  actions = [{
    type          = "run-deployment"
    deployment_id = prefect_deployment.orders.id
    parameters    = jsonencode({ user_id = "{{ event.payload.user_id }}" })
  }]
}

# Whoever knows an address can send events.
output "names_address" {
  value     = prefect_webhook.names.endpoint
  sensitive = true
}

output "orders_address" {
  value     = prefect_webhook.orders.endpoint
  sensitive = true
}
