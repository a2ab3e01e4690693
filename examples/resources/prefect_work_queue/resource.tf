resource "prefect_work_pool" "nightly" {
  name = "nightly-batch"
  type = "process"
}

resource "prefect_work_queue" "urgent" {
  work_pool_name    = prefect_work_pool.nightly.name
  name              = "urgent"
  description       = "Served before everything else."
  priority          = 1
  concurrency_limit = 5
}
