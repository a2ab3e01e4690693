# Loads an order when it is complete, and every night all of them; a report follows when a load has completed.

module "load" {
  source = "../.."

  name       = "load"
  flow       = { name = "load-orders", tags = ["orders"] }
  entrypoint = "flows/orders.py:load_orders"
  parameters = jsonencode({ order = "all" })

  schedules = {
    nightly = { cron = "0 3 * * *", timezone = "Europe/Berlin" }
  }

  triggers = {
    order-complete = {
      event = {
        after    = ["order.created"]
        expect   = ["order.complete"]
        for_each = ["prefect.resource.id"]
        within   = 3600
      }
      parameters = jsonencode({ order = "{{ event.resource.id }}" })
    }
  }
}

module "report" {
  source = "../.."

  name       = "report"
  flow       = { name = "report-orders" }
  entrypoint = "flows/orders.py:report_orders"

  triggers = {
    loaded = {
      event = {
        expect        = ["prefect.flow-run.Completed"]
        match_related = [module.load.runs]
      }
    }
  }
}
