# On the Prefect server of PREFECT_API_URL: what is made there, and taken away again.

run "made" {
  variables {
    name = "module-test-etl"
    type = "process"
    queues = {
      last    = { priority = 4 }
      urgent  = { priority = 1, concurrency_limit = 2 }
      default = { priority = 2 }
      nightly = { priority = 3 }
    }
  }

  assert {
    condition     = output.queue_ids["default"] == output.default_queue_id
    error_message = "The queue that is called default is not the pool's own."
  }

  assert {
    condition     = output.queue_names["nightly"] == "nightly" && output.name == "module-test-etl"
    error_message = "The outputs do not name what was made."
  }
}

run "again" {
  command = plan

  variables {
    name = "module-test-etl"
    type = "process"
    queues = {
      last    = { priority = 4 }
      urgent  = { priority = 1, concurrency_limit = 2 }
      default = { priority = 2 }
      nightly = { priority = 3 }
    }
  }

  assert {
    condition = (
      [for name in ["urgent", "default", "nightly", "last"] : prefect_work_queue.this[name].priority] == [1, 2, 3, 4]
    )
    error_message = "The server has the queues in another order."
  }
}
