resource "prefect_deployment" "reorder" {
  name       = "reorder"
  entrypoint = "flows/stock.py:reorder"
}

resource "prefect_automation" "stock_changed" {
  name        = "stock-changed"
  description = "Orders what runs out, one run for each item."
  tags        = ["stock"]

  trigger = {
    event = {
      posture  = "Reactive"
      match    = jsonencode({ "prefect.resource.id" = "shop.item.*" })
      expect   = ["shop.stock.low"]
      for_each = ["prefect.resource.id"]
    }
  }

  actions = [
    {
      type          = "run-deployment"
      deployment_id = prefect_deployment.reorder.id
      parameters    = jsonencode({ item = "{{ event.resource.id }}" })
    },
  ]
}
