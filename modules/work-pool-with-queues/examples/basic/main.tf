# A pool whose urgent runs are served before the nightly ones, of which there are four at once.

module "work_pool" {
  source = "../.."

  name              = "etl"
  type              = "process"
  concurrency_limit = 10

  queues = {
    urgent  = { priority = 1 }
    default = { priority = 2 }
    nightly = { priority = 3, concurrency_limit = 4, description = "Loads that have until the morning." }
  }
}

resource "prefect_deployment" "load" {
  name            = "nightly"
  entrypoint      = "flows/orders.py:load_orders"
  work_pool_name  = module.work_pool.name
  work_queue_name = module.work_pool.queue_names["nightly"]
}
