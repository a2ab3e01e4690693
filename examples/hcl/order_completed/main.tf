# A flow run when a user who created an order completes it. Users are told apart by the event's resource.

resource "prefect_work_pool" "orders" {
  name = "orders"
  type = "process"
}

resource "prefect_deployment" "post_order_complete" {
  name                     = "post-order-complete"
  work_pool_name           = prefect_work_pool.orders.name
  path                     = abspath("${path.module}/../../flows")
  entrypoint               = "orders.py:post_order_complete"
  parameter_openapi_schema = provider::prefect::parameter_schema("${path.module}/../../flows/orders.py:post_order_complete")
}

resource "prefect_automation" "order_complete" {
  name = "run-when-order-complete"
  trigger = {
    event = {
      posture  = "Reactive"
      after    = ["order.created"]
      expect   = ["order.complete"]
      for_each = ["prefect.resource.id"]
    }
  }
  actions = [{
    type          = "run-deployment"
    deployment_id = prefect_deployment.post_order_complete.id
    parameters    = jsonencode({ user_id = "{{ event.resource.id }}" })
  }]
}
